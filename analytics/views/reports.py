"""A report of an account: what a page and a file are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone

from accounts.access import MemberRequest
from analytics.forms import read_compare, read_filters, read_order
from analytics.models import Series
from analytics.policy.figures import Day
from analytics.policy.points import dates_of
from analytics.policy.standing import standing_days
from analytics.policy.windows import Window, utc_day
from analytics.selectors.chains import chain_of, days_of, first_day_of
from analytics.selectors.series import accounts_of, series_of
from foundation.spans.requested import AskedSpan, asked_span
from pinterest.figures import Filters

RANGES = (7, 30, 90, 365)
LONGEST_DAYS = 3_660
"""Ten years: longer spans are drawn by weeks and months."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks for: whose figures, under which filters, drawn how."""

    accounts: Sequence[tuple[str, str]]
    account_id: str
    filters: Filters
    order: str
    compares: bool

    @property
    def username(self) -> str:
        return dict(self.accounts).get(self.account_id, "")

    @property
    def params(self) -> dict[str, str]:
        """To ask for the same again; what is usual is left out."""
        usual = Filters()
        told = {
            "account": self.account_id,
            "content": self.filters.content_type,
            "source": self.filters.source,
            "claimed": self.filters.claimed,
            "compare": "1" if self.compares else "",
            "best": self.order,
        }
        left_out = {
            "content": usual.content_type,
            "source": usual.source,
            "claimed": usual.claimed,
            "compare": "",
            "best": "IMPRESSION",
        }
        return {name: value for name, value in told.items() if value != left_out.get(name)}


@dataclass(frozen=True, slots=True)
class Report:
    """An account's days under filters, and the days before to compare with."""

    question: Question
    asked: AskedSpan
    series: Series | None
    today: date
    days: Sequence[Day]
    before: Sequence[Day]
    kept_since: date | None

    @property
    def dates(self) -> list[date]:
        """All days of the span."""
        return dates_of(self.asked.span.first, self.asked.span.days)

    @property
    def dates_before(self) -> list[date]:
        """As many days right before."""
        return dates_of(self.asked.span.before.first, self.asked.span.days)

    @property
    def standing(self) -> dict[date, Day]:
        """Each day of the span as it stands today."""
        return self._standing(self.dates, self.days)

    @property
    def standing_before(self) -> dict[date, Day]:
        """The same of the days before."""
        return self._standing(self.dates_before, self.before)

    def _standing(self, dates: Sequence[date], days: Sequence[Day]) -> dict[date, Day]:
        series = self.series
        is_read = bool(series and series.next_pull_at and not series.stopped_at)
        asked = None
        if series and series.asked_from and series.pulled_at:
            asked = Window(series.asked_from, utc_day(series.pulled_at))
        return standing_days(dates, days, today=self.today, is_read=is_read, asked=asked)

    def query(self, **changes: str) -> str:
        """To ask for the same again, but for the changes."""
        return urlencode({**self.question.params, **self.asked.params, **changes})


def read_report(request: MemberRequest) -> Report:
    """The report an address asks for. Days are Pinterest's, which are UTC's."""
    question, today = read_question(request), utc_day(timezone.now())
    asked = asked_span(
        request,
        today=today,
        ranges=RANGES,
        longest=LONGEST_DAYS,
        others=question.params,
    )
    series = asked_series(request, question)
    chain = chain_of(series) if series else None
    span = asked.span
    return Report(
        question=question,
        asked=asked,
        series=series,
        today=today,
        days=days_of(chain, first=span.first, last=span.last),
        before=days_of(chain, first=span.before.first, last=span.before.last),
        kept_since=first_day_of(chain) if chain else None,
    )


def read_file_report(request: MemberRequest) -> Report:
    """The same for a file, which nobody looks at first: it is of the account asked for, or none.

    Raises Http404.
    """
    report, asked = read_report(request), request.GET.get("account", "")
    if asked and asked != report.question.account_id:
        raise Http404("No figures of that account are kept.")
    return report


def read_question(request: MemberRequest) -> Question:
    """What the address asks for; the first account where it names none that is kept."""
    accounts = accounts_of(request.workspace)
    known = [account_id for account_id, _ in accounts]
    account_id = request.GET.get("account", "")
    query = request.GET.dict()
    return Question(
        accounts=accounts,
        account_id=account_id if account_id in known else next(iter(known), ""),
        filters=read_filters(query),
        order=read_order(query),
        compares=read_compare(query),
    )


def asked_series(request: MemberRequest, question: Question) -> Series | None:
    """The series that is asked for; None where its filters are not kept."""
    return series_of(request.workspace, account_id=question.account_id, filters=question.filters)

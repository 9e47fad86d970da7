"""A report of an account: what a page and a file are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from accounts.access import MemberRequest
from accounts.asked_spans import AskedSpan, asked_span
from analytics.forms import read_filters
from analytics.models import Series
from analytics.policy.figures import Day
from analytics.selectors.series import (
    accounts_of,
    active_connection,
    chain_of,
    days_of,
    first_day_of,
    series_of,
)
from analytics.services.pulling import watch
from pinterest.figures import Filters


@dataclass(frozen=True, slots=True)
class Report:
    """An account's days under filters, and the days before to compare with."""

    accounts: Sequence[tuple[str, str]]
    account_id: str
    filters: Filters
    asked: AskedSpan
    chain: Sequence[Series]
    days: Sequence[Day]
    before: Sequence[Day]
    kept_since: date | None

    @property
    def series(self) -> Series | None:
        """The account's own series."""
        return self.chain[-1] if self.chain else None

    @property
    def dates(self) -> list[date]:
        """All days of the span."""
        first = self.asked.span.first
        return [first + timedelta(days=number) for number in range(self.asked.span.days)]

    @property
    def query(self) -> str:
        """To ask for the same again."""
        chosen = {
            "account": self.account_id,
            "content": self.filters.content_type,
            "source": self.filters.source,
            "claimed": self.filters.claimed,
        }
        return f"{urlencode(chosen)}&{self.asked.query}"


def read_report(request: MemberRequest) -> Report:
    """The report an address asks for. Filters that are asked for the first time are kept from now.

    Days are Pinterest's, which are UTC's.
    """
    accounts = accounts_of(request.workspace)
    account_id = _account(request, [account_id for account_id, _ in accounts])
    filters = read_filters(request.GET.dict())
    asked = asked_span(request, today=timezone.now().astimezone(UTC).date())
    series = _series(request, account_id, filters) if account_id else None
    chain = chain_of(series) if series else []
    span = asked.span
    return Report(
        accounts=accounts,
        account_id=account_id,
        filters=filters,
        asked=asked,
        chain=chain,
        days=days_of(chain, first=span.first, last=span.last),
        before=days_of(chain, first=span.before.first, last=span.before.last),
        kept_since=first_day_of(chain) if chain else None,
    )


def _account(request: MemberRequest, known: Sequence[str]) -> str:
    asked = request.GET.get("account", "")
    return asked if asked in known else (known[0] if known else "")


def _series(request: MemberRequest, account_id: str, filters: Filters) -> Series | None:
    series = series_of(request.workspace, account_id=account_id, filters=filters)
    if series is not None:
        return series
    connection = active_connection(request.workspace.pk, account_id)
    if connection is None:
        return None
    return watch(connection=connection, filters=filters, now=timezone.now())

"""What people are told about accounts' figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.notifications.kinds import Kind, register


def _analytics(_ids: Sequence[str]) -> str:
    return reverse("analytics")


FIGURES_MISSING = Kind(
    code="figures_missing",
    label="The figures of a connected account can’t be read for three days",
    one="The figures of an account have not come for three days",
    many="The figures of {count} accounts have not come for three days",
    icon="chart-no-axes-column",
    tone="warn",
    action="See what is the matter",
    link=_analytics,
)
FIGURES_COME_AGAIN = Kind(
    code="figures_come_again",
    label="Figures that did not come for three days come again",
    one="The figures of an account come again",
    many="The figures of {count} accounts come again",
    icon="chart-no-axes-column",
    tone="good",
    action="See the figures",
    link=_analytics,
)

register(FIGURES_MISSING, FIGURES_COME_AGAIN)

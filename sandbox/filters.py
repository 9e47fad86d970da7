"""Which part of an account's figures a call asks for: filters, and groups to split them into."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.call import SignedCall
from sandbox.parameters import check_choice

SHARES: Final[Mapping[str, Mapping[str, float]]] = {
    "content_type": {"ALL": 1.0, "ORGANIC": 0.8, "PAID": 0.2},
    "source": {"ALL": 1.0, "YOUR_PINS": 0.85, "OTHER_PINS": 0.15},
    "from_claimed_content": {"BOTH": 1.0, "CLAIMED": 0.6, "OTHER": 0.4},
    "app_types": {"ALL": 1.0, "MOBILE": 0.75, "TABLET": 0.05, "WEB": 0.2},
    "pin_format": {
        "ALL": 1.0,
        "ORGANIC_IMAGE": 0.55,
        "ORGANIC_PRODUCT": 0.15,
        "ORGANIC_VIDEO": 0.1,
        "ADS_STANDARD": 0.12,
        "ADS_PRODUCT": 0.04,
        "ADS_VIDEO": 0.03,
        "ADS_IDEA": 0.01,
    },
}
"""The part of everything that each choice of a filter shows; the first is the default."""

_SPLITS: Final = {
    "APP_TYPE": "app_types",
    "OWNED_CONTENT": "from_claimed_content",
    "SOURCE": "source",
    "PIN_FORMAT": "pin_format",
}
ACCOUNT_SPLITS: Final = ("NO_SPLIT", *_SPLITS)
PIN_SPLITS: Final = ("NO_SPLIT", "APP_TYPE")


@dataclass(frozen=True, slots=True)
class Group:
    """A key of the answer, and which part of everything stands under it."""

    key: str
    share: float


def read_filters(call: SignedCall) -> dict[str, str]:
    """The choice made of each filter; raises ApiError 400/1 for one that there is not."""
    return {
        name: check_choice(call, name, tuple(shares)) or next(iter(shares))
        for name, shares in SHARES.items()
    }


def read_groups(call: SignedCall, splits: tuple[str, ...]) -> list[Group]:
    """What the answer is divided into: `all`, or a group for each value of what is split.

    How Pinterest spells the groups is not documented; here they are the filter's values. Raises
    ApiError 400/1.
    """
    chosen = read_filters(call)
    split = check_choice(call, "split_field", splits) or "NO_SPLIT"
    name = _SPLITS.get(split)
    if name is None:
        return [Group("all", _share(chosen))]
    everything, *values = SHARES[name]
    shown = values if chosen[name] == everything else [chosen[name]]
    return [Group(value, _share({**chosen, name: value})) for value in shown]


def _share(chosen: Mapping[str, str]) -> float:
    return math.prod(SHARES[name][choice] for name, choice in chosen.items())

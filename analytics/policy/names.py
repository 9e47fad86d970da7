"""What accounts are called beside each other. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def labels_of(accounts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """@username by Pinterest's account id, of pairs of both.

    An account that was suspended and made anew may have its old name: where several have the same,
    Pinterest's number tells them apart.
    """
    names = dict(accounts)
    of_the_name = Counter(names.values())
    return {
        account_id: f"@{name}" if of_the_name[name] == 1 else f"@{name} (account {account_id})"
        for account_id, name in names.items()
    }

"""Pairing attempts with Pins: as many as possible, the earlier first, in the order of time."""

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as some

from publishing.reconcile.policy.pairing import assign

PINS = ["a", "b", "c", "d"]
CHOICES = some.lists(some.sets(some.sampled_from(PINS)), max_size=5).map(
    lambda wishes: {number: sorted(pins) for number, pins in enumerate(wishes)}
)


def can_all_have_one(attempts, choices) -> bool:
    return any(
        all(pin in choices[attempt] for attempt, pin in zip(attempts, pins, strict=True))
        for pins in permutations(PINS, len(attempts))
    )


@given(choices=CHOICES)
def test_no_pairing_has_more_pairs_or_earlier_attempts(choices):
    pairs = assign(choices)
    assert all(pin in choices[attempt] for attempt, pin in pairs.items())
    assert len(set(pairs.values())) == len(pairs)
    served: list[int] = []
    for attempt in choices:
        if can_all_have_one([*served, attempt], choices):
            served.append(attempt)
    assert sorted(pairs) == served


@given(choices=CHOICES)
def test_no_two_attempts_could_trade_into_the_order_of_time(choices):
    pairs = assign(choices)
    assert not [
        (earlier, later)
        for earlier, later in combinations(sorted(pairs), 2)
        if pairs[later] < pairs[earlier]
        and pairs[later] in choices[earlier]
        and pairs[earlier] in choices[later]
    ]


def test_a_chain_of_a_thousand_moves_is_no_hardship():
    # Everybody sits one place too early when the last one comes, who wants the first place.
    choices = {number: [f"{number:04}", f"{number + 1:04}"] for number in range(1000)}
    choices[1000] = ["0000"]
    assert assign(choices) == {**{n: f"{n + 1:04}" for n in range(1000)}, 1000: "0000"}

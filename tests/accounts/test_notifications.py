"""What happens is told to those it is meant for, once, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event, Membership, Notification, NotificationItem, User
from accounts.notifications.kinds import Audience, MailWay, all_kinds
from accounts.notifications.own_kinds import ACCOUNT_DISCONNECTED, ACCOUNT_LOST
from accounts.notifications.policy import audience_of, is_mailed, mail_due_at, try_again_at
from accounts.services import telling
from accounts.services.connections import disconnect_account
from accounts.services.events import Happening, record
from accounts.services.notifications import mark_read
from accounts.services.telling import forget_old, tell
from publishing.pins.notifications import IMPORT_NEEDS_YOU, PIN_FAILED, PUBLISHING_STOPPED
from tests.accounts.notices import NOW, happen

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, int]]:
    """Who has which entries: name, kind, events in it."""
    rows = Notification.objects.order_by("user__name", "pk")
    return list(rows.values_list("user__name", "kind", "count"))


# Who


def test_the_writer_and_the_owners_are_told(workspace, owner, editor, viewer, stranger) -> None:
    happen(workspace, concerns=editor)
    assert told() == [("Edda", "pin_failed", 1), ("Olga", "pin_failed", 1)]


def test_an_owner_who_wrote_it_is_told_once(workspace, owner, editor) -> None:
    happen(workspace, concerns=owner)
    assert told() == [("Olga", "pin_failed", 1)]


@pytest.mark.parametrize(
    ("kind", "people"),
    [
        (PIN_FAILED, ["Edda", "Olga"]),
        (PUBLISHING_STOPPED, ["Olga"]),
        (IMPORT_NEEDS_YOU, ["Edda"]),
    ],
    ids=lambda each: getattr(each, "code", ""),
)
def test_each_kind_has_its_audience(workspace, owner, editor, kind, people: list[str]) -> None:
    happen(workspace, kind=kind, concerns=editor)
    assert [name for name, _, _ in told()] == people


def test_nobody_is_told_what_they_did_themselves(
    workspace, owner, editor, connection, sign_in
) -> None:
    Membership.objects.filter(user=editor).update(role="owner")
    disconnect_account(connection=connection, by=owner)
    tell(now=NOW)
    assert told() == [("Edda", ACCOUNT_DISCONNECTED.code, 1)]


def test_who_left_or_may_not_sign_in_is_not_told(workspace, owner, editor, viewer) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    Membership.objects.filter(user=editor).delete()
    happen(workspace, concerns=editor)
    assert told() == []
    assert not Event.objects.filter(told_at=None).exists(), "and it is not looked at again"


def test_audiences() -> None:
    people = {"owners": {"olga"}, "members": {"olga", "edda"}}
    both, concerned = Audience.CONCERNED_AND_OWNERS, Audience.CONCERNED
    assert audience_of(both, **people, concerns="edda", actor=None) == {"olga", "edda"}
    assert audience_of(both, **people, concerns="edda", actor="edda") == {"olga"}
    assert audience_of(both, **people, concerns="gone", actor=None) == {"olga"}
    assert audience_of(concerned, **people, concerns=None, actor=None) == set()
    assert audience_of(Audience.OWNERS, **people, concerns="edda", actor="olga") == set()


# What belongs together


def test_what_shares_a_moment_keeps_its_order(workspace, owner) -> None:
    happenings = [Happening(workspace.pk, "pin", number) for number in range(60)]
    record(PIN_FAILED, happenings, by=None, now=NOW)
    tell(now=NOW)
    rows = NotificationItem.objects.order_by("pk")
    assert [item.event.subject_id for item in rows] == [str(number) for number in range(60)]


def test_many_at_once_are_one_entry(workspace, owner, editor) -> None:
    happen(workspace, count=620, concerns=editor)
    assert told() == [("Edda", "pin_failed", 620), ("Olga", "pin_failed", 620)]


def test_what_follows_within_the_hour_joins_the_unread_entry(workspace, owner) -> None:
    happen(workspace)
    happen(workspace, at=NOW + timedelta(minutes=59))
    happen(workspace, at=NOW + timedelta(minutes=118))
    assert told() == [("Olga", "pin_failed", 3)]
    entry = Notification.objects.get()
    assert (entry.first_at, entry.last_at) == (NOW, NOW + timedelta(minutes=118))


def test_what_follows_later_or_after_reading_is_a_new_entry(workspace, owner) -> None:
    happen(workspace)
    mark_read(notification=Notification.objects.get(), now=NOW)
    happen(workspace, at=NOW + timedelta(minutes=5))
    happen(workspace, at=NOW + timedelta(minutes=70))
    assert [count for _, _, count in told()] == [1, 1, 1]


def test_other_kinds_and_other_workspaces_are_other_entries(workspace, owner, stranger) -> None:
    happen(workspace)
    happen(workspace, kind=ACCOUNT_LOST)
    happen(stranger.memberships.get().workspace)
    assert told() == [
        ("Olga", "pin_failed", 1),
        ("Olga", "account_lost", 1),
        ("Stan", "pin_failed", 1),
    ]


# At any point


def test_what_is_undone_is_not_told(workspace, owner) -> None:
    def fail() -> None:
        with transaction.atomic():
            record(PIN_FAILED, [Happening(workspace.pk, "pin", "1")], by=None, now=NOW)
            raise IntegrityError

    with pytest.raises(IntegrityError):
        fail()
    assert tell(now=NOW) == 0


def test_a_worker_that_dies_has_told_nobody_and_the_next_tells_once(
    workspace, owner, monkeypatch
) -> None:
    record(PIN_FAILED, [Happening(workspace.pk, "pin", "1")], by=None, now=NOW)

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        # The last step of all: everything else is written by then.
        patch.setattr(telling._Mailed, "set_due", die)
        with pytest.raises(Killed), transaction.atomic():
            tell(now=NOW)
    assert told() == []
    assert [tell(now=NOW), tell(now=NOW)] == [1, 0]
    assert told() == [("Olga", "pin_failed", 1)]


def test_nobody_is_told_of_an_event_twice_says_the_database(workspace, owner) -> None:
    happen(workspace)
    item = NotificationItem.objects.get()
    item.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_a_kind_of_a_later_version_is_left_out(workspace, owner) -> None:
    Event.objects.create(
        workspace=workspace, kind="moon_landed", subject="moon", subject_id="1", created_at=NOW
    )
    assert (tell(now=NOW), tell(now=NOW), told()) == (1, 0, [])


def test_half_a_year_is_kept(workspace, owner) -> None:
    happen(workspace)
    happen(workspace, at=NOW + timedelta(days=2))
    later = NOW + timedelta(days=181)
    assert [forget_old(now=later), forget_old(now=later)] == [1, 0]
    assert (Event.objects.count(), Notification.objects.count()) == (1, 1)
    assert NotificationItem.objects.count() == 1


@pytest.mark.parametrize("count", [1, 300])
def test_telling_takes_a_fixed_number_of_queries(
    workspace, owner, django_assert_num_queries, count: int
) -> None:
    happenings = [Happening(workspace.pk, "pin", number) for number in range(count)]
    record(PIN_FAILED, happenings, by=None, now=NOW)
    with django_assert_num_queries(15):
        tell(now=NOW)


# Rules


def test_the_first_mail_goes_soon_and_the_next_in_its_time() -> None:
    assert mail_due_at(now=NOW, last_at=None) == NOW + timedelta(seconds=20)
    assert mail_due_at(now=NOW, last_at=NOW - timedelta(minutes=5)) == NOW + timedelta(minutes=10)
    assert mail_due_at(now=NOW, last_at=NOW - timedelta(days=5)) == NOW + timedelta(seconds=20)


def test_a_mail_server_has_a_bounded_number_of_chances() -> None:
    waits = [try_again_at(now=NOW, tries=tries) for tries in range(1, 13)]
    minutes = [(at - NOW).total_seconds() / 60 for at in waits if at]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert waits[-1] is None


@pytest.mark.parametrize(
    ("way", "wish", "wanted", "mailed"),
    [
        (MailWay.USUAL, None, True, True),
        (MailWay.USUAL, False, True, False),
        (MailWay.USUAL, True, False, False),
        (MailWay.ON_WISH, None, True, False),
        (MailWay.ON_WISH, True, True, True),
        (MailWay.NEVER, True, True, False),
    ],
)
def test_what_is_mailed(way, wish, wanted, mailed) -> None:
    assert is_mailed(way, wish=wish, wanted=wanted) is mailed


def test_every_kind_has_words_for_one_and_for_many_and_a_page() -> None:
    one = ["00000000-0000-0000-0000-000000000001"]
    for kind in all_kinds():
        assert kind.title(1) != kind.title(7), kind.code
        assert "7" in kind.title(7), kind.code
        assert kind.link(one).startswith("/"), kind.code
        assert kind.link(one * 7).startswith("/"), kind.code
    codes = [kind.code for kind in all_kinds()]
    assert len(set(codes)) == len(codes) >= 11

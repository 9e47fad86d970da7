"""Invitations are bounded, and nobody's name becomes a header or a link in them."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts import policy
from accounts.models import Invitation, Membership, User, Workspace
from accounts.policy import InvitationCounts, Role, refused_invitation
from accounts.services.invitations import InvitationRefused, accept, invite
from tests import factories
from tests.accounts.test_workspaces import link_in, send

NINA = "nina@example.com"


def invite_to(email: str, workspace: Workspace, by: User) -> Invitation:
    return invite(workspace=workspace, by=by, email=email, role=Role.EDITOR, now=timezone.now())


def test_thirty_invitations_to_one_address_are_three_mails(owner, sign_in, mailoutbox) -> None:
    browser = sign_in(owner)
    answers = [send(browser) for _ in range(30)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [422] * 27
    assert len(mailoutbox) == 3
    assert answers[-1].context["invite_form"].errors == {
        "email": [
            (
                "nina@example.com has been sent 3 invitations within a day; the newest one works. "
                "Ask them to look into their spam folder, or send another one tomorrow."
            )
        ]
    }
    (open_one,) = Invitation.objects.filter(revoked_at=None)
    assert open_one == Invitation.objects.latest("created_at")


def test_marks_behind_a_plus_are_the_same_mailbox(owner, workspace, mailoutbox) -> None:
    """Whoever reads nina@ reads nina+anything@; neighbours by name are others."""
    for email in ("nina+a@example.com", NINA, "Nina+b+c@example.com"):
        invite_to(email, workspace, owner)
    for email in ("nina+d@example.com", NINA):
        with pytest.raises(InvitationRefused):
            invite_to(email, workspace, owner)
    for email in ("ninab@example.com", "nina@other.example", "+@example.com"):
        invite_to(email, workspace, owner)
    assert len(mailoutbox) == 6


def test_the_newest_works_while_no_more_may_be_sent(owner, workspace, sign_in, mailoutbox) -> None:
    browser = sign_in(owner)
    for _ in range(5):
        send(browser)
    nina = factories.member(factories.WorkspaceFactory(), "nina", Role.OWNER)
    assert sign_in(nina).post(link_in(mailoutbox[-1])).status_code == 302
    assert Membership.objects.filter(workspace=workspace, user=nina).exists()


def test_a_day_later_it_may_be_sent_again(owner, workspace, mailoutbox) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(policy.TO_ONE_ADDRESS_FROM_ONE_WORKSPACE):
            invite_to(NINA, workspace, owner)
        with pytest.raises(InvitationRefused):
            invite_to(NINA.upper(), workspace, owner)
        clock.shift(policy.INVITATIONS_COUNTED_FOR + timedelta(seconds=1))
        invite_to(NINA, workspace, owner)
    assert len(mailoutbox) == 4


def test_many_workspaces_of_many_people_fill_nobodys_mailbox(db, mailoutbox) -> None:
    people = [
        factories.member(factories.WorkspaceFactory(), f"person-{number}", Role.OWNER)
        for number in range(policy.TO_ONE_ADDRESS + 1)
    ]
    *first, last = [(each.memberships.get().workspace, each) for each in people]
    for room, person in first:
        invite_to(NINA, room, person)
    with pytest.raises(
        InvitationRefused, match=r"^No more invitations go to nina@example\.com today"
    ):
        invite_to(NINA, *last)
    assert len(mailoutbox) == policy.TO_ONE_ADDRESS


def test_one_person_sends_so_many_whatever_the_workspace(owner, workspace, mailoutbox) -> None:
    second = factories.WorkspaceFactory()
    Membership.objects.create(workspace=second, user=owner, role=Role.OWNER)
    for number in range(policy.BY_ONE_PERSON):
        invite_to(f"guest-{number}@example.com", (workspace, second)[number % 2], owner)
    with pytest.raises(InvitationRefused, match=r"^You have sent 50 invitations within a day"):
        invite_to(NINA, second, owner)
    assert len(mailoutbox) == policy.BY_ONE_PERSON


def test_the_bounds_in_the_order_they_are_told() -> None:
    none = InvitationCounts(0, 0, 0, 0)
    assert refused_invitation(none, email=NINA) is None
    assert refused_invitation(InvitationCounts(2, 9, 49, 49), email=NINA) is None
    full = refused_invitation(InvitationCounts(0, 0, 0, 50), email=NINA)
    assert full == (
        "This workspace has sent 50 invitations within a day, which is as many as it may. "
        "Go on tomorrow."
    )


@pytest.mark.parametrize(("bound", "counted"), [(1, "1 invitation"), (2, "2 invitations")])
def test_a_bound_of_one_is_told_as_one(monkeypatch, bound: int, counted: str) -> None:
    for name in ("TO_ONE_ADDRESS_FROM_ONE_WORKSPACE", "BY_ONE_PERSON", "FROM_ONE_WORKSPACE"):
        monkeypatch.setattr(policy, name, bound)
    for counts, start in (
        (InvitationCounts(bound, 0, 0, 0), f"{NINA} has been sent"),
        (InvitationCounts(0, 0, bound, 0), "You have sent"),
        (InvitationCounts(0, 0, 0, bound), "This workspace has sent"),
    ):
        told = refused_invitation(counts, email=NINA)
        assert told is not None
        assert told.startswith(f"{start} {counted} within a day")


def test_what_could_not_be_sent_counts_nothing_and_leaves_the_older_one(
    owner, workspace, sign_in, mailoutbox, monkeypatch
) -> None:
    first = invite_to(NINA, workspace, owner)

    def away(_self, _messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", away)
        for _ in range(5):
            assert send(sign_in(owner)).status_code == 422
    assert [each.pk for each in Invitation.objects.filter(revoked_at=None)] == [first.pk]
    assert Invitation.objects.count() == 1
    nina = factories.member(factories.WorkspaceFactory(), "nina", Role.OWNER)
    accept(invitation=first, by=nina, now=timezone.now())


@pytest.mark.parametrize("what", ["person", "workspace"])
@pytest.mark.parametrize(
    "name", ["Olga\nBcc: all@example.com", "http://evil.example/", "bank@evil.example", "O\x07lga"]
)
def test_a_name_is_one_line_without_an_address(
    owner, workspace, sign_in, what: str, name: str
) -> None:
    url = {"person": "/accounts/profile/", "workspace": "/workspace/settings/"}[what]
    sign_in(owner).post(url, {"name": name, "time_zone": "UTC"})
    owner.refresh_from_db()
    workspace.refresh_from_db()
    assert (owner.name, workspace.name) == ("Olga", "Clay")


@pytest.mark.parametrize("name", ["Nina\nNoor", "www.evil.example"])
def test_nobody_signs_up_with_an_address_as_a_name(client, db, name: str) -> None:
    words = "four-unrelated-words"
    data = {"email": NINA, "password1": words, "password2": words, "name": name}
    answer = client.post("/accounts/signup/", data)
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert not User.objects.exists()


def test_names_from_before_the_rule_are_no_links_and_no_headers(
    owner, workspace, sign_in, mailoutbox
) -> None:
    User.objects.update(name="Win at http://evil.example\r\nBcc: all@evil.example")
    Workspace.objects.update(name="www.evil.example/now")
    send(sign_in(owner))
    (mail,) = mailoutbox
    message = mail.message()
    assert message["Bcc"] is None
    assert "\n" not in mail.subject
    links = re.findall(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", f"{mail.subject}\n{mail.body}")
    assert links == [f"http://testserver{link_in(mail)}"]
    assert mail.recipients() == [NINA]

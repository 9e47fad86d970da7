"""Workspaces, their members, and the invitations by which people come in."""

import re
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, User, Workspace
from accounts.policy import Role
from accounts.services.invitations import InvitationRefused, accept, invite
from accounts.services.workspaces import LastOwner, change_role, ensure_membership, remove_member
from tests import factories
from tests.accounts.consent import said

NEEDS_AN_OWNER = "A workspace needs an owner. Make somebody else an owner first, then try again."
NO_LONGER_VALID = "This invitation is no longer valid. Ask the person who sent it for a new one."


def role_of(user: User, workspace: Workspace) -> str | None:
    return Membership.objects.filter(user=user, workspace=workspace).values_list("role").first()


def place(user: User, workspace: Workspace) -> Membership:
    return Membership.objects.get(user=user, workspace=workspace)


# Settings


def test_an_owner_renames_the_workspace_and_moves_its_clock(owner, workspace, sign_in) -> None:
    data = {"name": "Clay & Co", "time_zone": "America/New_York"}
    response = sign_in(owner).post("/workspace/settings/", data)
    assert said(response) == [("success", "The workspace is saved.")]
    workspace.refresh_from_db()
    assert (workspace.name, workspace.time_zone) == ("Clay & Co", "America/New_York")


@pytest.mark.parametrize("zone", ["Berlin", "posixrules", "Etc/GMT+1", "../../etc/passwd", ""])
def test_a_time_zone_that_nobody_lives_in_is_refused(owner, workspace, sign_in, zone: str) -> None:
    response = sign_in(owner).post("/workspace/settings/", {"name": "Clay", "time_zone": zone})
    assert response.status_code == 422
    assert list(response.context["settings_form"].errors) == ["time_zone"]
    workspace.refresh_from_db()
    assert workspace.time_zone == "Europe/Berlin"


def test_a_refused_name_is_not_shown_as_if_it_were_saved(owner, workspace, sign_in) -> None:
    data = {"name": "x" * 81, "time_zone": "Europe/Berlin"}
    response = sign_in(owner).post("/workspace/settings/", data)
    assert response.status_code == 422
    assert response.context["workspace"].name == "Clay"


def test_a_new_workspace_is_its_makers_and_becomes_the_current_one(viewer, sign_in) -> None:
    browser = sign_in(viewer)
    data = {"name": "Tiles", "time_zone": "Asia/Tokyo"}
    assert said(browser.post("/workspace/new/", data)) == [("success", "Tiles is ready.")]
    tiles = Workspace.objects.get(name="Tiles")
    assert role_of(viewer, tiles) == ("owner",)
    assert browser.get("/workspace/").context["workspace"] == tiles


def test_switching_shows_the_other_workspace(owner, workspace, sign_in) -> None:
    tiles = factories.WorkspaceFactory(name="Tiles")
    Membership.objects.create(workspace=tiles, user=owner, role=Role.VIEWER)
    browser = sign_in(owner)
    assert browser.get("/workspace/").context["workspace"] == workspace
    browser.post("/workspace/switch/", {"workspace": tiles.pk})
    page = browser.get("/workspace/")
    assert page.context["workspace"] == tiles
    assert page.context["is_owner"] is False


@pytest.mark.parametrize("wanted", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_nobody_switches_to_a_workspace_that_is_not_theirs(owner, sign_in, wanted: str) -> None:
    response = sign_in(owner).post("/workspace/switch/", {"workspace": wanted})
    assert response.status_code == 404


def test_the_first_page_of_a_newcomer_makes_their_workspace(db, sign_in) -> None:
    newcomer = factories.UserFactory(name="Nadia Noor", time_zone="Europe/Paris")
    sign_in(newcomer).get("/")
    membership = newcomer.memberships.select_related("workspace").get()
    assert membership.workspace.name == "Nadia's workspace"
    assert membership.workspace.time_zone == "Europe/Paris"
    assert membership.role == "owner"


@pytest.mark.django_db(transaction=True)
def test_two_first_pages_at_once_make_one_workspace() -> None:
    newcomer = factories.UserFactory()
    start = threading.Barrier(4)

    def arrive(_number: int) -> object:
        try:
            start.wait()
            return ensure_membership(user=newcomer).workspace_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as tabs:
        seen = set(tabs.map(arrive, range(4)))
    assert seen == {newcomer.memberships.get().workspace_id}


# Members


def test_an_owner_changes_a_role(owner, viewer, workspace, sign_in) -> None:
    url = f"/workspace/members/{place(viewer, workspace).pk}/role/"
    assert said(sign_in(owner).post(url, {"role": "editor"})) == [
        ("success", "Vera’s role is editor now.")
    ]
    assert role_of(viewer, workspace) == ("editor",)


def test_a_role_that_does_not_exist_is_refused(owner, viewer, workspace, sign_in) -> None:
    url = f"/workspace/members/{place(viewer, workspace).pk}/role/"
    assert said(sign_in(owner).post(url, {"role": "emperor"})) == [
        ("error", "Choose one of the roles in the list.")
    ]
    assert role_of(viewer, workspace) == ("viewer",)


def test_the_last_owner_cannot_step_down(owner, editor, workspace, sign_in) -> None:
    url = f"/workspace/members/{place(owner, workspace).pk}/role/"
    assert said(sign_in(owner).post(url, {"role": "editor"})) == [("error", NEEDS_AN_OWNER)]
    assert role_of(owner, workspace) == ("owner",)


def test_the_last_owner_cannot_leave(owner, editor, workspace, sign_in) -> None:
    url = f"/workspace/members/{place(owner, workspace).pk}/remove/"
    assert said(sign_in(owner).post(url)) == [("error", NEEDS_AN_OWNER)]
    assert role_of(owner, workspace) == ("owner",)


@pytest.mark.parametrize("way", [change_role, remove_member])
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_go_at_the_same_moment_leave_one(workspace, owner, way) -> None:
    other = factories.member(workspace, "oscar", Role.OWNER)
    start = threading.Barrier(2)

    def go(user: User) -> str:
        membership = place(user, workspace)
        more = {"role": Role.VIEWER} if way is change_role else {}
        try:
            start.wait()
            way(membership=membership, **more)
        except LastOwner:
            return "stays"
        finally:
            connections.close_all()
        return "goes"

    with ThreadPoolExecutor(2) as owners:
        assert sorted(owners.map(go, [owner, other])) == ["goes", "stays"]
    assert Membership.objects.filter(workspace=workspace, role=Role.OWNER).count() == 1


def test_who_was_removed_meanwhile_gets_no_role(owner, viewer, workspace) -> None:
    membership = place(viewer, workspace)
    stale = place(viewer, workspace)
    remove_member(membership=membership)
    change_role(membership=stale, role=Role.EDITOR)
    assert role_of(viewer, workspace) is None


def test_a_removed_member_sees_nothing_any_more(owner, viewer, workspace, sign_in) -> None:
    hers = sign_in(viewer)
    assert hers.get("/workspace/").context["workspace"] == workspace
    url = f"/workspace/members/{place(viewer, workspace).pk}/remove/"
    assert said(sign_in(owner).post(url)) == [("success", "Vera is no longer a member.")]
    assert hers.get("/workspace/").context["workspace"].name == "Vera's workspace"


def test_anybody_may_leave(owner, viewer, workspace, sign_in) -> None:
    url = f"/workspace/members/{place(viewer, workspace).pk}/remove/"
    assert said(sign_in(viewer).post(url)) == [("success", "You have left Clay.")]
    assert role_of(viewer, workspace) is None


# Invitations


def send(browser: Client, email: str = "Nina@Example.com", role: str = "editor"):
    return browser.post("/workspace/invitations/", {"email": email, "role": role})


def link_in(mail) -> str:
    (path,) = re.findall(r"^http://testserver(/workspace/invitations/\S+/)$", mail.body, re.M)
    return path


@pytest.fixture
def invited(owner, sign_in, mailoutbox) -> str:
    """The link in the mail that invites nina@example.com as an editor."""
    send(sign_in(owner))
    return link_in(mailoutbox[0])


@pytest.fixture
def nina(db) -> User:
    return factories.member(factories.WorkspaceFactory(name="Nina's"), "nina", Role.OWNER)


def test_an_invitation_is_a_mail_with_a_link(owner, sign_in, mailoutbox) -> None:
    with time_machine.travel("2026-11-22T10:00Z", tick=False):
        response = send(sign_in(owner))
    assert said(response) == [("success", "An invitation is on its way to Nina@Example.com.")]
    (mail,) = mailoutbox
    assert mail.to == ["nina@example.com"]
    assert mail.subject == "Olga invites you to Clay on PinApp"
    assert mail.body == (
        "Hello,\n\n"
        "Olga invites you to work in “Clay” on PinApp as editor.\n\n"
        "Join here, with this address:\n\n"
        f"http://testserver{link_in(mail)}\n\n"
        "The link works until 6 December 2026. If you don’t know what this is about, you can "
        "ignore this mail.\n\n"
        "PinApp\ntestserver\n\n"
    )


def test_the_token_of_an_invitation_is_not_in_the_database(invited) -> None:
    token = invited.split("/")[-2]
    assert len(token) == 43
    assert token not in str(Invitation.objects.values_list().get())


def test_a_name_with_line_breaks_makes_no_mail_headers(
    owner, workspace, sign_in, mailoutbox
) -> None:
    User.objects.filter(pk=owner.pk).update(name="Olga\r\nBcc: all@example.com")
    assert said(send(sign_in(owner)))[0][0] == "success"
    assert mailoutbox[0].subject == (
        "Olga Bcc: all(at)example\u2060.\u2060com invites you to Clay on PinApp"
    )
    assert mailoutbox[0].recipients() == ["nina@example.com"]


def test_an_invitation_whose_mail_cannot_go_is_taken_back(owner, sign_in, monkeypatch) -> None:
    def refuse(_self, _messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    response = send(sign_in(owner))
    assert response.status_code == 422
    assert response.context["invite_form"].errors == {
        "email": [
            (
                "The mail to nina@example.com could not be sent, so nobody was invited. Try again "
                "in a moment. If it stays, ask whoever runs this server to check its mail settings."
            )
        ]
    }
    assert not Invitation.objects.exists()
    assert response.context["invitations"] == []


def test_a_member_is_not_invited_again(owner, editor, sign_in, mailoutbox) -> None:
    response = send(sign_in(owner), "EDDA@example.com")
    assert response.status_code == 422
    assert response.context["invite_form"].errors == {
        "email": ["edda@example.com is a member already."]
    }
    assert mailoutbox == []


def test_the_invited_person_joins_in_the_role_of_the_invitation(
    invited, nina, workspace, sign_in
) -> None:
    browser = sign_in(nina)
    page = browser.get(invited)
    assert page.status_code == 200
    assert "Olga invites you to work in this workspace as editor." in page.content.decode()
    assert said(browser.post(invited)) == [("success", "Welcome to Clay.")]
    assert role_of(nina, workspace) == ("editor",)
    assert browser.get("/workspace/").context["workspace"] == workspace


def test_an_invited_newcomer_gets_no_second_workspace(invited, workspace, sign_in) -> None:
    newcomer = factories.UserFactory(email="nina@example.com")
    EmailAddress.objects.create(user=newcomer, email=newcomer.email, verified=True, primary=True)
    browser = sign_in(newcomer)
    browser.get(invited)
    browser.post(invited)
    browser.get("/")
    assert [each.workspace for each in newcomer.memberships.all()] == [workspace]


def test_any_confirmed_address_of_a_person_can_be_invited(
    invited, stranger, workspace, sign_in
) -> None:
    second = EmailAddress.objects.create(user=stranger, email="nina@example.com", verified=False)
    assert sign_in(stranger).post(invited).status_code == 409
    second.verified = True
    second.save()
    sign_in(stranger).post(invited)
    assert role_of(stranger, workspace) == ("editor",)


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_invitation_is_refused(
    invited, stranger, workspace, sign_in, method: str
) -> None:
    response = getattr(sign_in(stranger), method)(invited)
    assert response.status_code == 409
    assert response.context["error"] == (
        "This invitation was sent to nina@example.com. Sign in with that address, or ask for an "
        "invitation to yours."
    )
    assert role_of(stranger, workspace) is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_expired_invitation_is_refused(invited, nina, workspace, sign_in, method: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        response = getattr(sign_in(nina), method)(invited)
    assert (response.status_code, response.context["error"]) == (409, NO_LONGER_VALID)
    assert role_of(nina, workspace) is None


def test_a_revoked_invitation_is_refused(invited, nina, owner, workspace, sign_in) -> None:
    url = f"/workspace/invitations/{Invitation.objects.get().pk}/revoke/"
    assert said(sign_in(owner).post(url)) == [
        ("success", "The invitation to nina@example.com no longer works.")
    ]
    response = sign_in(nina).post(invited)
    assert (response.status_code, response.context["error"]) == (409, NO_LONGER_VALID)


def test_an_invitation_works_once(invited, nina, workspace, sign_in) -> None:
    browser = sign_in(nina)
    browser.post(invited)
    remove_member(membership=place(nina, workspace))
    assert browser.post(invited).status_code == 409
    assert role_of(nina, workspace) is None


def test_a_newer_invitation_replaces_the_older(
    invited, nina, owner, workspace, sign_in, mailoutbox
) -> None:
    send(sign_in(owner), role="viewer")
    assert [each.role for each in Invitation.objects.filter(revoked_at=None)] == ["viewer"]
    assert sign_in(nina).post(invited).status_code == 409
    assert sign_in(nina).post(link_in(mailoutbox[1])).status_code == 302
    assert role_of(nina, workspace) == ("viewer",)


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_leave_one_open(owner, workspace) -> None:
    start = threading.Barrier(2)

    def send_one(role: Role) -> None:
        try:
            start.wait()
            now = timezone.now()
            invite(workspace=workspace, by=owner, email="nina@example.com", role=role, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as tabs:
        list(tabs.map(send_one, [Role.EDITOR, Role.VIEWER]))
    assert Invitation.objects.filter(revoked_at=None).count() == 1
    assert Invitation.objects.count() == 2


def test_a_made_up_link_is_not_found(nina, sign_in) -> None:
    assert sign_in(nina).get("/workspace/invitations/made-up/").status_code == 404


def test_accepting_is_checked_again_under_the_lock(invited, nina) -> None:
    stale = Invitation.objects.get()
    Invitation.objects.update(revoked_at=timezone.now())
    with pytest.raises(InvitationRefused, match=f"^{re.escape(NO_LONGER_VALID)}$"):
        accept(invitation=stale, by=nina, now=timezone.now())

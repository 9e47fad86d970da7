"""Another account after one that is gone: people are asked, nothing is taken over silently."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection, Succession
from accounts.services.successions import AlreadyDecided, decide_history
from publishing.choices.reach import ReachResult
from publishing.handover.selectors.successions import open_successions
from publishing.handover.services import handover
from publishing.handover.services.handover import HandedOver
from publishing.handover.services.reachability import SECTION_GONE, check_reach
from publishing.models import Board, Pin, PinEvent, Reach
from sandbox.faults import Fault
from tests.accounts.consent import connect_through_pages, said
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db


def told(response):
    """What the answer adds to the messages that are still to be shown."""
    return [(each.level_tag, str(each)) for each in get_messages(response.wsgi_request)][-1:]


@pytest.fixture
def edda(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def glass(sandbox):
    """Another account at Pinterest, with a board of its own."""
    account = sandbox.add_account("glass-house", name="Glass House")
    sandbox.add_board(account, "Jars")
    return account


@pytest.fixture
def lose(connection, boards):
    """Loses the studio's account, whose boards are known."""
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")


@pytest.fixture
def share(sandbox, studio):
    """Invites an account to a board of the studio's, as its owner would at Pinterest."""

    def shared(name, account):
        board = next(
            each
            for each in sandbox.records.boards.values()
            if each.owner_id == studio.id and each.name == name
        )
        board.collaborator_ids.append(account.id)
        board.collaborators_may_write = True
        return board

    return shared


@pytest.fixture
def asked(connect, workspace, owner, glass, lose):
    """The question after the other account was connected."""

    def question():
        connect(workspace, glass, by=owner)
        return Succession.objects.select_related("earlier", "later").get()

    return question


def reach(succession):
    return {
        (each.board_id, each.section_id): (each.result, each.note)
        for each in succession.reach.all()
    }


def accounts(*pins):
    rows = {pin.pk: pin for pin in Pin.objects.select_related("connection")}
    return [(str(rows[pin.pk].connection), rows[pin.pk].status) for pin in pins]


# When it is asked


def test_another_account_takes_nothing_over_and_is_asked_about(
    edda, connection, glass, share, bowls, write_pin, put, lose, now, sent
):
    """T11."""
    share("Bowls", glass)
    planned, held = write_pin(at=now + timedelta(days=1)), put("held")
    answer = connect_through_pages(edda, glass, f"/connections/{connection.pk}/reconnect/")
    succession = Succession.objects.get()
    assert answer["Location"] == f"/pins/successions/{succession.pk}/"
    assert said(answer) == [
        (
            "warning",
            (
                "You signed in to Pinterest as @glass-house, which is another account. It is "
                "connected now. @clay-studio, which you meant to reconnect, is still not "
                "connected. Does it take the place of @clay-studio? Nothing changes before you say "
                "so."
            ),
        )
    ]
    assert (succession.earlier, str(succession.later)) == (connection, "@glass-house")
    assert (succession.keeps_schedule, succession.merges_history) == (None, None)
    publish_due(now=now + timedelta(days=2))
    assert accounts(planned, held) == [("@clay-studio", "scheduled"), ("@clay-studio", "held")]
    assert sent() == []


def test_an_account_with_the_same_username_is_another_account(
    edda, connection, sandbox, studio, put, lose, now
):
    sandbox.rename_account(studio, "clay-studio-old")
    heir = sandbox.add_account("clay-studio", name="Clay Studio")
    pin = put("held")
    connect_through_pages(edda, heir)
    assert str(connection) == "@clay-studio"
    later = Connection.objects.get(pinterest_id=heir.id)
    pin.refresh_from_db()
    assert (pin.connection, pin.status) == (connection, "held")
    assert Succession.objects.values_list("earlier", "later").get() == (connection.pk, later.pk)


def test_nothing_is_asked_beside_an_account_that_works(edda, connection, glass, put):
    put("held", held_reason="person")
    assert connect_through_pages(edda, glass)["Location"] == "/connections/"
    assert Succession.objects.count() == 0


def test_nothing_is_asked_about_an_account_without_pins(edda, connection, glass, lose):
    assert connect_through_pages(edda, glass)["Location"] == "/connections/"
    assert list(open_successions(connection.workspace)) == []


def test_an_account_that_was_known_is_asked_about_only_where_the_other_was_meant(
    edda, connect, connection, workspace, owner, glass, put
):
    connect(workspace, glass, by=owner)
    put("held")
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    connect_through_pages(edda, glass)
    assert Succession.objects.count() == 0
    connect_through_pages(edda, glass, f"/connections/{connection.pk}/reconnect/")
    assert Succession.objects.count() == 1
    connect_through_pages(edda, glass, f"/connections/{connection.pk}/reconnect/")
    assert Succession.objects.count() == 1


def test_a_disconnected_account_with_history_is_asked_about_too(edda, connection, glass, put):
    put("published")
    edda.post(f"/connections/{connection.pk}/disconnect/")
    answer = connect_through_pages(edda, glass)
    page = edda.get(answer["Location"])
    assert page.context["schedule"]["nothing"] is True
    assert page.context["history"]["may_answer"] is True
    assert "PinApp has published 1 Pin with @clay-studio." in page.content.decode()


def test_the_account_of_another_workspace_is_nobodys_business(
    edda, connect, stranger, connection, studio, glass, put, lose, workspace
):
    put("held")
    elsewhere = stranger.memberships.get().workspace
    connect(elsewhere, glass, by=stranger)
    assert Succession.objects.count() == 0


# What can be reached


def test_boards_and_sections_are_checked_one_by_one(
    asked, boards, glazed, glass, share, write_pin, sandbox, now
):
    bowls, vases = boards["Bowls"], boards["Vases"]
    share("Bowls", glass)
    write_pin(at=None)
    write_pin(at=None, section=glazed)
    write_pin(at=None, board=vases)
    succession = asked()
    check_reach(succession_id=succession.pk, now=now)
    found = reach(succession)
    assert found[(bowls.pinterest_id, "")] == ("yes", "")
    assert found[(bowls.pinterest_id, glazed.pinterest_id)] == ("yes", "")
    assert found[(vases.pinterest_id, "")] == ("no", "")
    assert len(found) == 3
    asked_for = [entry.path for entry in sandbox.requests if entry.path.startswith("/v5/boards/")]
    assert set(asked_for[-2:]) == {
        f"/v5/boards/{bowls.pinterest_id}/sections",
        f"/v5/boards/{vases.pinterest_id}",
    }


def test_a_section_that_is_gone_is_told_apart_from_its_board(
    asked, bowls, glazed, glass, share, write_pin, sandbox, now
):
    board = share("Bowls", glass)
    write_pin(at=None)
    write_pin(at=None, section=glazed)
    for section in list(sandbox.records.sections.values()):
        if section.board_id == board.id:
            del sandbox.records.sections[section.id]
    succession = asked()
    check_reach(succession_id=succession.pk, now=now)
    assert reach(succession) == {
        (bowls.pinterest_id, ""): ("yes", ""),
        (bowls.pinterest_id, glazed.pinterest_id): ("no", SECTION_GONE),
    }


@pytest.mark.parametrize("route", ["GET /v5/boards", "GET /v5/boards/*"])
def test_what_pinterest_does_not_answer_is_unknown_and_not_out_of_reach(
    asked, bowls, write_pin, sandbox, now, route
):
    write_pin(at=None)
    succession = asked()
    sandbox.arm(Fault(route=route, kind="status", status=503, times=None))
    check_reach(succession_id=succession.pk, now=now)
    assert [result for result, _ in reach(succession).values()] == ["unknown"]


def test_a_lost_later_account_says_nothing_about_the_boards(asked, bowls, write_pin, now):
    write_pin(at=None)
    succession = asked()
    Connection.objects.filter(pk=succession.later_id).update(status="needs_reconnecting")
    check_reach(succession_id=succession.pk, now=now)
    assert [result for result, _ in reach(succession).values()] == ["unknown"]


def test_a_later_check_replaces_what_an_earlier_one_found(
    asked, bowls, glass, share, write_pin, now
):
    write_pin(at=None)
    succession = asked()
    check_reach(succession_id=succession.pk, now=now)
    assert [result for result, _ in reach(succession).values()] == ["no"]
    share("Bowls", glass)
    check_reach(succession_id=succession.pk, now=now + timedelta(minutes=1))
    assert [result for result, _ in reach(succession).values()] == ["yes"]
    assert Reach.objects.get().checked_at == now + timedelta(minutes=1)


# The answers


@pytest.fixture
def checked(asked, boards, glazed, glass, share, put, write_pin, now):
    """The question, with Pins in every status; the boards are checked, one can be reached."""
    share("Bowls", glass)
    vases = boards["Vases"]
    pins = {
        "planned": write_pin(title="planned", at=now + timedelta(days=1)),
        "draft": write_pin(title="draft", at=None),
        "held": put("held", title="held"),
        "glazed": write_pin(title="glazed", at=now + timedelta(days=2), section=glazed),
        "vase": write_pin(title="vase", at=now + timedelta(days=3), board=vases),
        "boardless": write_pin(title="boardless", at=None, board=None),
        "sending": put("sending", title="sending", content={"board": vases}),
        "uncertain": put("uncertain", title="uncertain"),
        "failed": put("failed", title="failed"),
        "published": put("published", title="published"),
    }
    Pin.objects.filter(pk=pins["planned"].pk).update(slot_at=now + timedelta(days=1))
    succession = asked()
    check_reach(succession_id=succession.pk, now=now)
    return succession, pins


def test_keeping_the_schedule_hands_over_what_can_be_reached(checked, owner, now, sent):
    succession, pins = checked
    times = {name: Pin.objects.get(pk=pin.pk).scheduled_at for name, pin in pins.items()}
    done = handover.hand_over(succession=succession, by=owner, now=now)
    assert done == HandedOver(moved=4, stayed=1)
    later, earlier = "@glass-house", "@clay-studio"
    assert dict(zip(pins, accounts(*pins.values()), strict=True)) == {
        "planned": (later, "scheduled"),
        "draft": (later, "draft"),
        "held": (later, "held"),
        "glazed": (later, "scheduled"),
        "vase": (earlier, "scheduled"),
        "boardless": (earlier, "draft"),
        "sending": (earlier, "sending"),
        "uncertain": (earlier, "uncertain"),
        "failed": (earlier, "failed"),
        "published": (earlier, "published"),
    }
    rows = {name: Pin.objects.get(pk=pin.pk) for name, pin in pins.items()}
    assert {name: row.scheduled_at for name, row in rows.items()} == times
    glazed = rows["glazed"]
    assert (glazed.board.connection, glazed.section.board) == (succession.later, glazed.board)
    assert glazed.board.pinterest_id == pins["glazed"].board.pinterest_id
    assert glazed.section.pinterest_id == pins["glazed"].section.pinterest_id
    assert (rows["planned"].slot_at, rows["held"].held_reason) == (None, "account")
    lines = PinEvent.objects.filter(kind="handed_over").values_list("pin", "actor", "note")
    expected = {
        (pins[name].pk, owner.pk, "From @clay-studio to @glass-house")
        for name in ("planned", "draft", "held", "glazed")
    }
    assert (set(lines), len(lines)) == (expected, 4)
    assert sent() == []


def test_what_was_handed_over_goes_out_at_its_time_with_the_later_account(
    checked, owner, now, sandbox, glass
):
    succession, pins = checked
    handover.hand_over(succession=succession, by=owner, now=now)
    publish_due(now=now + timedelta(days=1))
    assert Pin.objects.get(pk=pins["planned"].pk).status == "published"
    (pin,) = [pin for pin in sandbox.pins() if pin.title == "planned"]
    assert pin.account_id == glass.id


def test_refusing_keeps_both_apart_for_good(checked, owner, now):
    succession, pins = checked
    before = accounts(*pins.values())
    handover.refuse_schedule(succession=succession, by=owner, now=now)
    with pytest.raises(AlreadyDecided, match=r"@glass-house is kept apart from @clay-studio"):
        handover.hand_over(succession=succession, by=owner, now=now)
    assert accounts(*pins.values()) == before
    assert PinEvent.objects.filter(kind="handed_over").count() == 0
    assert list(open_successions(succession.workspace).filter(merges_history__isnull=False)) == []


def test_what_becomes_reachable_later_can_follow(checked, owner, glass, share, now):
    succession, pins = checked
    handover.hand_over(succession=succession, by=owner, now=now)
    with pytest.raises(AlreadyDecided):
        handover.refuse_schedule(succession=succession, by=owner, now=now)
    share("Vases", glass)
    check_reach(succession_id=succession.pk, now=now)
    done = handover.hand_over(succession=succession, by=owner, now=now)
    assert done == HandedOver(moved=1, stayed=0)
    assert accounts(pins["vase"]) == [("@glass-house", "scheduled")]


def test_a_board_that_has_gone_since_the_check_keeps_its_pins(checked, owner, now):
    succession, _ = checked
    Board.objects.filter(connection=succession.later).update(gone_at=now)
    done = handover.hand_over(succession=succession, by=owner, now=now)
    assert done == HandedOver(moved=0, stayed=5)


def test_the_history_is_answered_by_itself_and_only_stored(checked, owner, now):
    succession, pins = checked
    before = accounts(*pins.values())
    decide_history(succession=succession, merge=True, by=owner, now=now)
    assert (succession.merges_history, succession.history_decided_by) == (True, owner)
    assert (succession.keeps_schedule, succession.history_decided_at) == (None, now)
    assert accounts(*pins.values()) == before
    with pytest.raises(AlreadyDecided, match="merged with"):
        decide_history(succession=succession, merge=False, by=owner, now=now)


# The page


def test_the_page_shows_board_by_board_what_would_happen(edda, checked):
    succession, _ = checked
    page = edda.get(reverse("succession", args=[succession.pk]))
    shown = [
        (group["title"], [(p["name"], p["section_name"], p["count_text"]) for p in group["places"]])
        for group in page.context["groups"]
    ]
    assert shown == [
        (
            "4 Pins would go to @glass-house",
            [("Bowls", "", "3 Pins"), ("Bowls", "Glazed", "1 Pin")],
        ),
        ("1 Pin would stay with @clay-studio", [("Vases", "", "1 Pin")]),
    ]
    html = page.content.decode()
    assert "Keep this schedule you created for @clay-studio?" in html
    assert "Merge the earlier history of @clay-studio?" in html
    assert "Yes, give 4 Pins to @glass-house" in html
    assert page.context["staying"] == [
        "2 Pins are being published or in doubt, and stay with @clay-studio.",
        "1 Pin without a board stays too: choose account and board when you finish them.",
    ]


def test_the_answers_are_taken_on_the_page(edda, checked):
    succession, _ = checked
    url = reverse("succession_schedule", args=[succession.pk])
    assert told(edda.post(url, {"answer": "junk"})) == [
        ("error", "Choose one of the answers on this page.")
    ]
    assert told(edda.post(url, {"answer": "keep"})) == [
        ("success", "4 Pins now belong to @glass-house. 1 Pin stays with @clay-studio.")
    ]
    assert told(edda.post(url, {"answer": "apart"})) == [
        (
            "error",
            ("This has been answered already: @glass-house keeps the schedule of @clay-studio."),
        )
    ]
    page = edda.get(reverse("succession", args=[succession.pk]))
    assert page.context["next"]["title"] == "1 Pin of @glass-house is still on hold"
    assert "Decided by Edda on " in page.context["schedule"]["decided"]
    url = reverse("succession_history", args=[succession.pk])
    assert told(edda.post(url, {"answer": "apart"})) == [
        ("success", "Thank you. The histories of @clay-studio and @glass-house are kept apart.")
    ]
    assert told(edda.post(url, {"answer": "merge"}))[0][0] == "error"


def test_the_boards_are_checked_again_when_somebody_asks(edda, checked, glass, share):
    succession, _ = checked
    share("Vases", glass)
    answer = edda.post(reverse("succession_check", args=[succession.pk]))
    assert told(answer) == [("info", "Checked: 3 of 3 boards and sections can be reached.")]


def test_until_the_boards_are_checked_the_page_says_so_and_offers_no_handing_over(
    edda, asked, write_pin
):
    write_pin(at=None)
    page = edda.get(reverse("succession", args=[asked().pk]))
    assert page.context["checking"] is True
    assert [group["title"] for group in page.context["groups"]] == ["1 Pin: checking"]
    assert page.context["schedule"]["keep_label"] == ""


def test_a_banner_stays_until_both_questions_are_answered(
    edda, sign_in, viewer, checked, owner, now
):
    succession, _ = checked
    title = "Does @glass-house take the place of @clay-studio?"

    def banners(browser):
        found = browser.get("/").context["banners"]
        return [each["action_label"] for each in found if each["title"] == title]

    assert (banners(edda), banners(sign_in(viewer))) == (["Answer"], ["See the question"])
    handover.refuse_schedule(succession=succession, by=owner, now=now)
    assert banners(edda) == ["Answer"]
    decide_history(succession=succession, merge=False, by=owner, now=now)
    assert banners(edda) == []


def test_an_earlier_account_that_comes_back_ends_the_question(edda, checked, studio):
    succession, _ = checked
    connect_through_pages(edda, studio)
    assert list(open_successions(succession.workspace)) == []


@pytest.mark.parametrize("rows", [1, 100])
def test_the_page_costs_the_same_for_one_pin_and_for_many(
    edda, asked, connection, write_pin, rows, now, django_assert_num_queries
):
    for number in range(rows):
        board = Board.objects.create(
            connection=connection, pinterest_id=str(number + 1), name=f"Board {number}"
        )
        write_pin(at=None, board=board)
    succession = asked()
    for board in Board.objects.filter(connection=connection):
        Reach.objects.create(
            succession=succession,
            board_id=board.pinterest_id,
            result=ReachResult.YES,
            checked_at=now,
        )
    with django_assert_num_queries(12):
        page = edda.get(reverse("succession", args=[succession.pk]))
    assert sum(len(group["places"]) for group in page.context["groups"]) == rows


WRITES = ["succession_check", "succession_schedule", "succession_history"]


def test_strangers_do_not_find_the_question(sign_in, stranger, checked):
    succession, _ = checked
    browser = sign_in(stranger)
    assert browser.get(reverse("succession", args=[succession.pk])).status_code == 404
    for name in WRITES:
        sent = {"answer": "keep" if name == "succession_schedule" else "merge"}
        assert browser.post(reverse(name, args=[succession.pk]), sent).status_code == 404
    assert browser.get("/").context["banners"] == []
    succession.refresh_from_db()
    assert (succession.keeps_schedule, succession.merges_history) == (None, None)


def test_viewers_see_the_question_and_cannot_answer_it(sign_in, viewer, checked):
    succession, _ = checked
    browser = sign_in(viewer)
    html = browser.get(reverse("succession", args=[succession.pk])).content.decode()
    assert "An editor or owner of the workspace can answer." in html
    assert f"/pins/successions/{succession.pk}/schedule/" not in html
    for name in WRITES:
        url = reverse(name, args=[succession.pk])
        assert browser.post(url, {"answer": "keep"}).status_code == 403
    succession.refresh_from_db()
    assert succession.keeps_schedule is None


@pytest.mark.parametrize("name", WRITES)
def test_nothing_changes_by_looking(edda, checked, name):
    assert edda.get(reverse(name, args=[checked[0].pk])).status_code == 405

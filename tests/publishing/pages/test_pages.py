"""The pages of Pins: who may see and do what, how many queries they cost, what they escape."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection
from publishing.choices.statuses import PinStatus
from publishing.delivery.services.claims import HELD_REMEDY, HELD_TEXT
from publishing.models import Attempt, Board, BoardSection, Pin

pytestmark = pytest.mark.django_db


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def titles(page):
    return [pin["title"] for pin in page.context["pins"]]


# The list


@pytest.fixture
def one_of_each(put):
    for number, status in enumerate(PinStatus):
        put(status, title=status.value, pinterest_id=str(number) if status == "published" else "")


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("all", {s.value for s in PinStatus}),
        ("scheduled", {"scheduled", "claimed", "sending"}),
        ("drafts", {"draft"}),
        ("published", {"published"}),
        ("stopped", {"failed", "held"}),
        ("attention", {"failed", "held"}),
        ("look", {"uncertain"}),
        ("no-such-tab", {s.value for s in PinStatus}),
    ],
)
def test_each_tab_lists_its_statuses(sign_in, viewer, one_of_each, tab, shown):
    page = sign_in(viewer).get(reverse("pin_list"), {"show": tab})
    assert set(titles(page)) == shown
    counts = {each["label"]: each["count"] for each in page.context["tabs"]}
    assert counts == {
        "All": 8,
        "Scheduled": 3,
        "Drafts": 1,
        "Published": 1,
        "Stopped": 2,
        "Worth a look": 1,
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VASE", ["Vase"]),
        ("blue", ["Vase"]),
        ("shop.example", ["Vase"]),
        ("%", []),
        ("x" * 5000, []),
    ],
)
def test_the_search_looks_at_titles_descriptions_and_links(
    sign_in, viewer, write_pin, now, text, found
):
    write_pin(title="Bowl", at=None)
    vase = write_pin(title="Vase", description="So blue", link="https://shop.example/v", at=None)
    Pin.objects.filter(pk=vase.pk).update(updated_at=now + timedelta(seconds=1))
    page = sign_in(viewer).get(reverse("pin_list"), {"q": text})
    assert (page.status_code, titles(page)) == (200, found)


def test_pages_of_the_list_keep_the_search(sign_in, viewer, write_pin):
    for number in range(30):
        write_pin(title=f"Pin {number}", at=None)
    browser = sign_in(viewer)
    pages = [browser.get(reverse("pin_list"), {"q": "pin", "page": n}) for n in (1, 2)]
    assert [len(titles(page)) for page in pages] == [24, 6]
    assert len({title for page in pages for title in titles(page)}) == 30
    assert "show=all&amp;q=pin&amp;page=2" in pages[0].content.decode()
    assert len(titles(browser.get(reverse("pin_list"), {"page": "junk"}))) == 24


def test_a_pin_in_trouble_says_why_in_the_list(sign_in, viewer, put):
    put("failed")
    page = sign_in(viewer).get(reverse("pin_list"))
    assert '<p class="pin-row-note">Pinterest said no.</p>' in page.content.decode()


# What is asked of the database


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_pin_and_for_many(
    sign_in, editor, write_pin, glazed, rows, django_assert_num_queries
):
    for number in range(rows):
        write_pin(title=f"Pin {number}", section=glazed)
    browser = sign_in(editor)
    with django_assert_num_queries(12):
        assert browser.get(reverse("pin_list")).status_code == 200


@pytest.mark.parametrize("tries", [1, 30])
def test_a_pins_page_costs_the_same_after_one_try_and_after_many(
    sign_in, editor, write_pin, tries, now, django_assert_num_queries
):
    pin = write_pin()
    for number in range(tries):
        Attempt.objects.create(
            pin=pin,
            number=number + 1,
            worker="w",
            fingerprint="f",
            board_id="1",
            started_at=now,
            finished_at=now,
            outcome="unavailable",
        )
    browser = sign_in(editor)
    with django_assert_num_queries(12):
        page = browser.get(reverse("pin_detail", args=[pin.pk]))
    assert len(page.context["timeline"]) == tries + 1


@pytest.mark.parametrize("more", [0, 30])
def test_the_composer_and_its_picker_cost_the_same_for_few_boards_and_for_many(
    sign_in, editor, boards, sandbox, studio, connection, more, now, django_assert_num_queries
):
    for number in range(more):
        board = Board.objects.create(
            connection=connection,
            pinterest_id=str(number + 1),
            name=f"B {number}",
            privacy="PUBLIC",
        )
        BoardSection.objects.create(board=board, pinterest_id=str(number + 1), name="S")
    browser = sign_in(editor)
    with django_assert_num_queries(COMPOSER_QUERIES):
        browser.get(reverse("pin_new"))
    with django_assert_num_queries(PICKER_QUERIES):
        browser.get(reverse("board_options"))


COMPOSER_QUERIES = 22
PICKER_QUERIES = 11


# A Pin's page


@pytest.mark.parametrize("status", list(PinStatus))
def test_the_status_asks_again_only_while_it_may_move(sign_in, viewer, put, status):
    pin = put(status)
    url = reverse("pin_status", args=[pin.pk])
    html = sign_in(viewer).get(url).content.decode()
    polls = f'hx-get="{url}"' in html
    assert polls is (status in {"scheduled", "claimed", "sending"})


@pytest.mark.parametrize(
    ("ahead", "rhythm"),
    [(timedelta(minutes=1), "every 2s"), (timedelta(days=30), "every 30s")],
)
def test_a_pin_that_waits_for_long_is_looked_at_seldom(
    sign_in, viewer, write_pin, now, ahead, rhythm
):
    pin = write_pin(at=now + ahead)
    Pin.objects.update(preflighted_at=now)
    html = sign_in(viewer).get(reverse("pin_detail", args=[pin.pk])).content.decode()
    assert f'hx-trigger="{rhythm}"' in html


ACTIONS = {
    "draft": {"edit", "publish_now", "queue", "delete", "duplicate"},
    "scheduled": {"check", "edit", "publish_now", "queue", "unschedule", "delete", "duplicate"},
    "claimed": {"edit", "publish_now", "queue", "unschedule", "delete", "duplicate"},
    "sending": {"duplicate"},
    "published": {"duplicate", "delete-at-pinterest"},
    "uncertain": {"duplicate"},
    "failed": {"edit", "publish_now", "queue", "unschedule", "delete", "duplicate"},
    "held": {"edit", "publish_now", "queue", "unschedule", "delete", "duplicate"},
}


@pytest.mark.parametrize("status", list(PinStatus))
@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_the_page_offers_what_this_person_may_do_with_this_pin(sign_in, put, status, role, request):
    pin = put(status)
    browser = sign_in(request.getfixturevalue(role))
    html = browser.get(reverse("pin_detail", args=[pin.pk])).content.decode()
    offered = set(re.findall(rf"/pins/{pin.pk}/([a-z-]+)/", html)) - {"status"}
    expected = set() if role == "viewer" else ACTIONS[status]
    assert offered == {name.replace("_", "-") for name in expected}


def test_publish_now_is_not_offered_for_a_draft_that_lacks_something(sign_in, editor, write_pin):
    pin = write_pin(at=None, media=None, board=None)
    browser = sign_in(editor)
    assert browser.get(reverse("pin_detail", args=[pin.pk])).context["publish_now_url"] is None
    page = browser.post(reverse("pin_publish_now", args=[pin.pk]))
    assert told(page) == ["This Pin still needs a board and a picture. Edit it, then publish."]
    pin.refresh_from_db()
    assert pin.status == "draft"


LOCKED = "This Pin is being published right now, so it can't be changed any more."
ON_PINTEREST = (
    "This Pin is already on Pinterest. Published Pins can't be changed here; "
    "you can duplicate it and publish the copy."
)
UNSETTLED = (
    "Pinterest did not say whether this Pin was created, so it can't be changed until "
    "that is settled."
)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("sending", LOCKED),
        ("published", ON_PINTEREST),
        ("uncertain", UNSETTLED),
    ],
)
@pytest.mark.parametrize("action", ["pin_publish_now", "pin_unschedule", "pin_delete"])
def test_a_pin_out_of_our_hands_is_left_alone_with_a_sentence(
    sign_in, editor, put, status, sentence, action
):
    pin = put(status)
    page = sign_in(editor).post(reverse(action, args=[pin.pk]))
    start = "Too late to stop it. " if action == "pin_unschedule" else ""
    assert told(page) == [start + sentence]
    assert Pin.objects.get(pk=pin.pk).status == status


def test_stopping_a_pin_makes_it_a_draft(sign_in, editor, write_pin):
    pin = write_pin()
    page = sign_in(editor).post(reverse("pin_unschedule", args=[pin.pk]))
    pin.refresh_from_db()
    assert (pin.status, pin.due_at, told(page)) == (
        "draft",
        None,
        ["Stopped. The Pin is a draft now."],
    )


def test_a_duplicate_is_a_draft_with_the_same_content(sign_in, editor, put, glazed):
    pin = put("published", content={"section": glazed, "description": "Blue"})
    page = sign_in(editor).post(reverse("pin_duplicate", args=[pin.pk]))
    copy = Pin.objects.exclude(pk=pin.pk).get()
    assert page.url == reverse("pin_edit", args=[copy.pk])
    assert (copy.status, copy.pinterest_id, copy.created_by) == ("draft", "", editor)
    names = ("connection", "board", "section", "media", "title", "description", "link", "alt_text")
    assert [getattr(copy, n) for n in names] == [getattr(pin, n) for n in names]


def test_deleting_a_pin_deletes_it(sign_in, editor, put):
    pin = put("failed")
    page = sign_in(editor).post(reverse("pin_delete", args=[pin.pk]))
    assert (page.url, told(page)) == (reverse("pin_list"), ["The Pin is deleted."])
    assert not Pin.objects.exists()


# Who may


READS = ["pin_detail", "pin_status"]
WRITES = ["pin_publish_now", "pin_unschedule", "pin_duplicate", "pin_delete", "pin_delete_remote"]


@pytest.mark.parametrize("name", [*READS, *WRITES, "pin_edit"])
def test_a_stranger_does_not_find_the_pin(sign_in, stranger, write_pin, name):
    pin, browser = write_pin(), sign_in(stranger)
    url = reverse(name, args=[pin.pk])
    ask = browser.get if name in READS else browser.post
    assert ask(url).status_code == 404
    assert Pin.objects.get(pk=pin.pk).status == "scheduled"


@pytest.mark.parametrize("name", [*WRITES, "pin_edit"])
def test_a_viewer_may_not_change_the_pin(sign_in, viewer, write_pin, name):
    pin = write_pin()
    assert sign_in(viewer).post(reverse(name, args=[pin.pk])).status_code == 403
    assert Pin.objects.get(pk=pin.pk).status == "scheduled"


@pytest.mark.parametrize("name", ["pin_new", "boards_refresh"])
def test_a_viewer_may_not_write_pins_or_read_boards_anew(sign_in, viewer, write_pin, name):
    assert sign_in(viewer).post(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", WRITES)
def test_nothing_changes_by_looking(sign_in, editor, write_pin, name):
    pin = write_pin()
    assert sign_in(editor).get(reverse(name, args=[pin.pk])).status_code == 405


@pytest.mark.parametrize("name", ["pin_list", "pin_new", "board_options"])
def test_visitors_are_asked_to_sign_in(client, db, name):
    page = client.get(reverse(name))
    assert (page.status_code, page.url.split("?")[0]) == (302, reverse("account_login"))


# What foreign texts can do: nothing


def test_texts_are_shown_and_never_run(sign_in, viewer, put):
    nasty = "<script>alert(1)</script>"
    put("failed", title=nasty, description=nasty, alt_text=nasty, problem=nasty, remedy=nasty)
    pin, browser = Pin.objects.get(), sign_in(viewer)
    for url in (reverse("pin_list"), reverse("pin_detail", args=[pin.pk])):
        html = browser.get(url).content.decode()
        assert nasty not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://example.com/x", True),
        ("HTTP://example.com/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
    ],
)
def test_only_web_addresses_become_links(sign_in, viewer, put, link, leads):
    pin = put("draft", link=link)
    html = sign_in(viewer).get(reverse("pin_detail", args=[pin.pk])).content.decode()
    assert (f'href="{link}"' in html) is leads
    assert link in html


def test_the_page_is_true_about_an_account_that_is_not_connected(
    sign_in, editor, write_pin, connection
):
    pin = write_pin()
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    browser = sign_in(editor)
    page = browser.get(f"/pins/{pin.pk}/").content.decode()
    assert f"{connection} is not connected: this Pin does not go out until it is." in page
    assert f"/pins/{pin.pk}/publish-now/" not in page
    answer = browser.post(f"/pins/{pin.pk}/publish-now/", follow=True).content.decode()
    assert f"This Pin still needs {connection} to be connected." in answer


def test_a_pin_on_hold_says_when_its_account_is_back(sign_in, editor, put):
    pin = put("held", problem=HELD_TEXT, remedy=HELD_REMEDY)
    page = sign_in(editor).get(f"/pins/{pin.pk}/").content.decode()
    assert "Its account is connected again. Publish the Pin, or give it a new time." in page
    assert HELD_TEXT not in page

"""Pins are looked at before they go out, while there is time to mend what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.limits import counters
from pinterest.ratelimit import Answer, RateLimit
from publishing.choices.warnings import WarningKind
from publishing.media.services.media import store_picture_from_url
from publishing.media.services.videos import store_video
from publishing.models import Pin, PinWarning
from publishing.outlook.views.prospect_text import tell
from publishing.pins.selectors.pins import pins_needing_attention, pins_of
from publishing.pins.services.pins import Plan, content_of, rewrite_pin
from publishing.preflight.selectors.preflight import pins_to_preflight
from publishing.preflight.services.preflight import Preflight
from publishing.preflight.tasks import preflight_pins
from sandbox.faults import Fault
from tests import factories
from tests.pinterest.films import film
from tests.pinterest.loopback import free_port, in_turn, respond, serve


@pytest.fixture
def planned(write_pin, now):
    """Writes a Pin for tomorrow."""

    def written(**content):
        return write_pin(at=now + timedelta(days=1), **content)

    return written


@pytest.fixture
def look(now):
    """Looks at a Pin as it stands in the database, and gives what was found."""

    def looked(pin: Pin) -> list[str]:
        assert Preflight(clock=lambda: now).check(Pin.objects.get(pk=pin.pk))
        return kinds(pin)

    return looked


@pytest.fixture
def _loopback_is_the_web(settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]


def kinds(pin: Pin) -> list[str]:
    return sorted(PinWarning.objects.filter(pin=pin).values_list("kind", flat=True))


# What is found


def test_a_pin_with_which_all_is_well_has_no_warning(planned, glazed, look, now):
    pin = planned(section=glazed)
    assert look(pin) == []
    pin.refresh_from_db()
    assert (pin.status, pin.preflighted_at) == ("scheduled", now)


def test_a_board_deleted_meanwhile_is_told_and_forgiven_when_the_pin_moves(
    planned, look, sandbox, boards, editor, now
):
    pin = planned()
    sandbox.delete_board(pin.board.pinterest_id)
    assert look(pin) == ["board_gone"]
    warning = PinWarning.objects.get()
    assert (warning.message, warning.remedy, warning.found_at) == (
        "The board is no longer there.",
        "Choose another board.",
        now,
    )
    content = content_of(pin)
    moved = type(content)(
        **{
            **{n: getattr(content, n) for n in content.__dataclass_fields__},
            "board": boards["Vases"],
        }
    )
    plan = Plan(at=pin.scheduled_at, time_zone="UTC")
    rewrite_pin(pin=pin, by=editor, content=moved, plan=plan, now=now)
    assert Pin.objects.get().preflighted_at is None
    assert look(pin) == []


def test_a_section_deleted_meanwhile_is_told(planned, glazed, look, sandbox):
    pin = planned(section=glazed)
    del sandbox.records.sections[glazed.pinterest_id]
    assert look(pin) == ["section_gone"]


def test_a_board_of_somebody_else_is_told(planned, look, sandbox, studio, bowls):
    other = sandbox.add_account("anna")
    board = sandbox.board(bowls.pinterest_id)
    board.owner_id, board.collaborator_ids = other.id, [studio.id]
    assert look(planned()) == ["board_of_others"]


def test_an_account_that_is_lost_is_told(planned, look, sandbox, studio, connection):
    pin = planned()
    sandbox.kill_tokens(studio)
    assert look(pin) == ["account_lost"]
    connection.refresh_from_db()
    assert not connection.is_active


def test_a_picture_that_is_gone_from_our_storage_is_told(planned, look, media):
    pin = planned()
    default_storage.delete(media.file_name)
    assert look(pin) == ["picture_missing"]


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_picture_that_is_gone_from_the_web_is_told(planned, look, workspace, owner):
    shown = respond(200, factories.picture(), Content_Type="image/jpeg")
    with serve(in_turn(shown, respond(404))) as server:
        media = store_picture_from_url(workspace=workspace, by=owner, url=f"{server.url}/a.jpg")
        assert look(planned(media=media)) == ["origin_gone"]


@pytest.mark.usefixtures("_loopback_is_the_web")
@pytest.mark.parametrize(
    ("script", "found"),
    [
        (respond(200, b"<p>Hello", Content_Type="text/html"), []),
        (respond(404), ["link_missing"]),
        (respond(500), ["link_fails"]),
        (respond(403), ["link_untold"]),
        (respond(302, Location="https://other.example/"), ["link_leaves"]),
        (respond(302, Location="https://bit.ly/x"), ["link_shortened"]),
        (
            respond(200, b'<meta name="pinterest" content="nopin">', Content_Type="text/html"),
            ["link_forbids"],
        ),
    ],
)
def test_the_page_of_a_link_is_looked_at(planned, look, script, found):
    with serve(script) as server:
        assert look(planned(link=f"{server.url}/p")) == found


def test_a_shortened_link_is_told_without_asking(planned, look):
    assert look(planned(link="https://bit.ly/3abc")) == ["link_shortened"]


def test_a_link_into_a_private_network_is_told(planned, look):
    assert look(planned(link="http://10.0.0.7/offer")) == ["link_private"]


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_warning_goes_when_its_cause_is_mended(planned, look):
    with serve(in_turn(respond(404), respond(404), respond(200))) as server:
        pin = planned(link=server.url)
        assert [look(pin), look(pin)] == [["link_missing"], []]


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_warning_keeps_the_moment_it_was_first_found(planned, now):
    pin = planned(link="https://bit.ly/3abc")
    for minutes in (0, 5):
        moment = now + timedelta(minutes=minutes)
        Preflight(clock=lambda moment=moment: moment).check(Pin.objects.get())
    assert PinWarning.objects.get(pin=pin).found_at == now


@pytest.fixture
def film_pin(write_pin, workspace, owner):
    """Writes a Pin of a video, its first frame as the cover."""
    file = SimpleUploadedFile("film.mp4", film(12, 1080, 1920))
    video = store_video(workspace=workspace, by=owner, file=file)

    def written(at):
        return write_pin(at=at, video=video, media=None, cover_second=0)

    return written


def test_a_video_that_is_not_ready_is_told_when_its_time_is_near(film_pin, look, now):
    assert look(film_pin(now + timedelta(minutes=31))) == []
    assert look(film_pin(now + timedelta(minutes=9))) == ["video_not_ready"]


def test_a_video_that_is_gone_from_our_storage_is_told(film_pin, look, now):
    pin = film_pin(now + timedelta(days=1))
    default_storage.delete(pin.video.file_name)
    assert look(pin) == ["picture_missing"]


# Limits


def test_more_pins_in_a_minute_than_pinterest_takes_are_told(planned, look):
    pin = planned()
    Pin.objects.bulk_create(
        Pin(**{f.attname: getattr(pin, f.attname) for f in Pin._meta.fields if f.name != "id"})
        for _ in range(100)
    )
    assert look(pin) == ["minute_full"]


def test_pins_beyond_the_apps_day_are_told(write_pin, look, sandbox, connection, now):
    sandbox.set_tier("trial")
    first, second = (write_pin(at=now + timedelta(hours=hours)) for hours in (1, 2))
    assert counters.day_left("org_write") is None
    told = RateLimit(limit=300, remaining=1, reset_after_s=67_150, category="org_write")
    answer = Answer("create_pin", "org_write", 201, None, told, duration_s=0.1)
    counters.learn(connection.pinterest_id, answer)
    assert counters.day_left("org_write") == 1
    assert (look(first), look(second)) == ([], ["day_full"])


# What could not be asked


@pytest.mark.parametrize(
    "fault",
    [
        Fault(route="GET /v5/*", kind="status", status=503, times=None),
        Fault(route="GET /v5/*", kind="drop", times=None),
        Fault(route="GET /v5/*", kind="status", status=429, times=None),
    ],
)
def test_a_pinterest_that_is_away_is_no_warning_and_mends_none(planned, look, sandbox, fault):
    pin = planned(link=f"http://127.0.0.1:{free_port()}/")
    sandbox.delete_board(pin.board.pinterest_id)
    found = look(pin)
    sandbox.arm(fault)
    assert look(pin) == found == ["board_gone", "link_private"]
    other = planned()
    assert look(other) == []


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_site_is_unreachable_only_while_others_are_reached(planned, look, sandbox):
    pin = planned(link=f"http://127.0.0.1:{free_port()}/")
    away = sandbox.arm(Fault(route="GET /v5/*", kind="drop", times=None))
    assert (away, look(pin)) == (1, [])
    sandbox.faults.clear()
    assert look(pin) == ["link_unreachable"]


def test_looking_never_changes_what_goes_out(planned, look, sandbox, sent):
    pin = planned(link="https://bit.ly/3abc")
    before = Pin.objects.filter(pk=pin.pk).values().get()
    look(pin)
    after = Pin.objects.filter(pk=pin.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {
        "preflighted_at",
        *(f"{sign}_looked_at" for sign in ("account", "board", "link", "picture")),
    }
    assert sent() == []


# When it is done


def test_the_tick_looks_at_new_plans_and_at_what_goes_out_soon(write_pin, now):
    real = datetime.now(UTC)
    new = write_pin(title="New", at=real + timedelta(days=3))
    soon = write_pin(title="Soon", at=real + timedelta(minutes=20))
    seen = write_pin(title="Seen", at=real + timedelta(minutes=20))
    later = write_pin(title="Later", at=real + timedelta(days=1))
    draft = write_pin(title="Draft", at=None)
    due = write_pin(title="Due", at=real - timedelta(seconds=1))
    rows = Pin.objects.filter(pk__in=[soon.pk, later.pk])
    rows.update(preflighted_at=real - timedelta(days=1))
    Pin.objects.filter(pk=seen.pk).update(preflighted_at=real - timedelta(minutes=1))
    found = pins_to_preflight(now=real, limit=10)
    assert [pin.title for pin in found] == ["Soon", "New"]
    preflight_pins()
    assert pins_to_preflight(now=real, limit=10) == []
    for pin in (draft, due):
        pin.refresh_from_db()
        assert pin.preflighted_at is None
    new.refresh_from_db()
    assert new.preflighted_at is not None


def test_a_board_is_read_once_for_all_its_pins(planned, sandbox, now):
    pins = [planned(title=f"Pin {number}") for number in range(5)]
    before = len(sandbox.requests)
    preflight = Preflight(clock=lambda: now)
    assert [preflight.check(pin) for pin in pins] == [True] * 5
    assert len(sandbox.requests) - before == 2


def test_two_workers_look_at_a_pin_once(planned, sandbox, now):
    planned()
    first, second = Pin.objects.get(), Pin.objects.get()
    assert Preflight(clock=lambda: now).check(first)
    assert not Preflight(clock=lambda: now).check(second)


def test_a_pin_that_a_worker_has_claimed_is_left_alone(put, now):
    pin = put("claimed")
    assert not Preflight(clock=lambda: now).check(pin)


# What people see


def test_the_page_tells_what_to_mend_and_looks_again_when_asked(sign_in, editor, planned, look):
    pin, browser = planned(link="https://bit.ly/3abc"), sign_in(editor)
    url = reverse("pin_detail", args=[pin.pk])
    assert "Being looked at" in browser.get(url).content.decode()
    page = browser.post(reverse("pin_check", args=[pin.pk]), follow=True).content.decode()
    assert "Checked. See below what to mend before it goes out." in page
    assert "The link is a shortened one. Pinterest blocks many of those as spam." in page
    Pin.objects.update(link="")
    page = browser.post(reverse("pin_check", args=[pin.pk]), follow=True).content.decode()
    assert "Checked. Nothing was found that stands in its way." in page
    assert "shortened" not in page
    assert "Ready to go out" in page


@pytest.mark.parametrize("status", ["draft", "published", "sending", "failed"])
def test_only_planned_pins_are_checked(sign_in, editor, put, status):
    pin, browser = put(status), sign_in(editor)
    page = browser.post(reverse("pin_check", args=[pin.pk]), follow=True).content.decode()
    assert "Only planned Pins are checked." in page
    assert "preflight-title" not in page


def test_who_may_have_a_pin_checked(sign_in, viewer, stranger, client, planned):
    url = reverse("pin_check", args=[planned().pk])
    assert sign_in(viewer).post(url).status_code == 403
    assert sign_in(stranger).post(url).status_code == 404
    assert client.post(url).status_code == 302
    assert sign_in(viewer).get(url).status_code == 405
    assert PinWarning.objects.count() == 0


def test_lists_mark_a_pin_with_a_warning_at_no_query_more(
    sign_in, viewer, planned, look, workspace, django_assert_num_queries
):
    warned = planned(title="Warned", link="https://bit.ly/3abc")
    planned(title="Fine")
    look(warned)
    with django_assert_num_queries(1):
        marks = {pin.title: tell(pin).mark for pin in pins_of(workspace)}
    assert marks == {"Warned": "Check this Pin", "Fine": ""}
    page = sign_in(viewer).get(reverse("pin_list")).content.decode()
    assert page.count("warned-mark") == 1
    assert pins_needing_attention(workspace, limit=9) == []
    dashboard = sign_in(viewer).get(reverse("dashboard"))
    assert (dashboard.context["counts"]["stopped"], dashboard.context["counts"]["look"]) == (0, 1)
    month = sign_in(viewer).get(reverse("pin_calendar"))
    assert month.content.decode().count("Check this Pin") == 1


def test_a_pin_that_went_out_is_marked_no_more(planned, look, workspace, put):
    pin = planned(link="https://bit.ly/3abc")
    look(pin)
    Pin.objects.update(status="draft", due_at=None, scheduled_at=None)
    assert [tell(each).mark for each in pins_of(workspace)] == [""]
    assert pins_needing_attention(workspace, limit=9) == []


def test_every_kind_fits_its_column():
    longest = max(map(len, WarningKind))
    assert longest <= PinWarning._meta.get_field("kind").max_length

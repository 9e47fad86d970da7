"""Registering sites, adding what can be pinned there, copying the button."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from interactions.models import Entity, Interaction, Site
from interactions.policy.button_styles import ButtonStyle
from interactions.policy.origins import read_origin
from interactions.policy.snippets import Button, snippets_for
from interactions.policy.tokens import flaw_of, read_page_token
from interactions.selectors.known_sites import forget_known, key_of
from interactions.services.signing import newest_key, open_secret
from pinterest.media.images import FIRST_OF_SEVERAL
from tests import factories
from tests.interactions.asking import DoorClient, beacon, tell
from tests.interactions.conftest import SHOP, make_entity
from tests.pinterest.loopback import respond, serve

pytestmark = pytest.mark.django_db
WISHES = {
    "name": "Clay shop",
    "origins": "https://Shop.example/bowls?x=1\nhttps://www.shop.example:8443",
    "consent": "not_needed",
    "tag_landing": "on",
    "retention_days": "390",
    "daily_limit": "20000",
}


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


def test_from_a_site_to_the_button(visitor, workspace):
    """As a newcomer does it: register, add, copy."""
    answer = visitor.post("/interactions/sites/new", WISHES, follow=True)
    site = Site.objects.get()
    assert site.origins == ["https://shop.example", "https://www.shop.example:8443"]
    assert site.signing_keys.count() == 1
    assert f"/interactions/sites/{site.key}/entities/new" in answer.content.decode()
    picture = SimpleUploadedFile("bowl.jpg", factories.picture((600, 900)), "image/jpeg")
    words = {"title": "Blue bowl", "page_url": f"{SHOP}/bowl", "image": picture}
    answer = visitor.post(f"/interactions/sites/{site.key}/entities/new", words, follow=True)
    entity = Entity.objects.get()
    page = unescape(answer.content.decode())
    assert (
        f'<script async src="http://testserver/pinit.js" data-site="{site.key}"></script>' in page
    )
    assert f'data-pinapp-entity="{entity.key}"' in page
    shown = visitor.get(f"/interactions/entities/{entity.key}/picture/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    plain = DoorClient().get(f"/interactions/pictures/{entity.key}.jpg")
    assert plain.content == shown.content


@pytest.mark.parametrize(
    ("change", "field_says"),
    [
        ({"origins": "https://*.shop.example"}, "is no address of a site"),
        ({"origins": "shop"}, "is no address of a site"),
        ({"origins": "javascript:alert(1)"}, "is no address of a site"),
        ({"origins": ""}, "Give the address"),
        ({"retention_days": "0"}, "Choose from 1 to 750 days"),
        ({"retention_days": "900"}, "Choose from 1 to 750 days"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_no_site_is_told_beside_the_field(visitor, change, field_says):
    answer = visitor.post("/interactions/sites/new", WISHES | change)
    assert answer.status_code == 422
    assert field_says in unescape(answer.content.decode())
    assert Site.objects.count() == 0


@pytest.mark.parametrize(
    ("page_url", "image_url", "says"),
    [
        ("https://evil.example/bowl", "https://shop.example/a.jpg", "This page is not on"),
        (f"{SHOP}/bowl", "http://169.254.169.254/latest/meta-data", ""),
        (f"{SHOP}/bowl", "http://127.0.0.1:1/a.jpg", ""),
        (f"{SHOP}/bowl", "javascript:alert(1)", ""),
        (f"{SHOP}/bowl", "//evil", ""),
        (f"{SHOP}/bowl", "file:///etc/passwd", ""),
        (f"{SHOP}/bowl", "", "Choose a picture"),
        ("javascript:alert(1)", "", ""),
    ],
)
def test_addresses_that_lead_elsewhere_are_refused(visitor, site, page_url, image_url, says):
    """T24."""
    words = {"title": "Bowl", "page_url": page_url, "image_url": image_url}
    answer = visitor.post(f"/interactions/sites/{site.key}/entities/new", words)
    assert answer.status_code == 422
    assert says in unescape(answer.content.decode())
    assert Entity.objects.count() == 0


def test_what_is_no_picture_is_refused(visitor, site):
    upload = SimpleUploadedFile("bowl.jpg", b"<html>not a picture</html>", "image/jpeg")
    words = {"title": "Bowl", "page_url": f"{SHOP}/bowl", "image": upload}
    answer = visitor.post(f"/interactions/sites/{site.key}/entities/new", words)
    assert (answer.status_code, Entity.objects.count()) == (422, 0)


def test_the_same_page_and_picture_twice_is_one(visitor, site):
    for _ in range(2):
        upload = SimpleUploadedFile("bowl.jpg", factories.picture((600, 900)), "image/jpeg")
        words = {"title": "Bowl", "page_url": f"{SHOP}/bowl", "image": upload}
        answer = visitor.post(f"/interactions/sites/{site.key}/entities/new", words)
    assert (answer.status_code, Entity.objects.count()) == (422, 1)


def test_words_of_strangers_are_shown_as_words(visitor, site):
    """T25."""
    entity = make_entity(site, title="<script>alert(1)</script>", page_url=f"{SHOP}/x")
    page = visitor.get(f"/interactions/entities/{entity.key}/").content.decode()
    assert "<script>alert(1)" not in page


def test_others_do_not_see_the_site(sign_in, stranger, site, entity):
    """T26."""
    visitor = sign_in(stranger)
    for path in (
        f"sites/{site.key}/",
        f"sites/{site.key}/settings/",
        f"sites/{site.key}/entities/new",
        f"entities/{entity.key}/",
        f"entities/{entity.key}/picture/",
    ):
        assert visitor.get(f"/interactions/{path}").status_code == 404, path
    assert "Clay shop" not in visitor.get("/interactions/").content.decode()


def test_a_viewer_looks_and_changes_nothing(sign_in, viewer, site, entity):
    visitor = sign_in(viewer)
    assert visitor.get(f"/interactions/sites/{site.key}/").status_code == 200
    assert visitor.get(f"/interactions/entities/{entity.key}/").status_code == 200
    for path in (
        "sites/new",
        f"sites/{site.key}/settings/",
        f"sites/{site.key}/pause/",
        f"sites/{site.key}/key/",
        f"entities/{entity.key}/",
        f"entities/{entity.key}/archive/",
    ):
        assert visitor.post(f"/interactions/{path}", WISHES).status_code == 403, path


def test_a_new_key_is_shown_once_to_an_owner(sign_in, owner, editor, site):
    assert sign_in(editor).post(f"/interactions/sites/{site.key}/key/").status_code == 403
    visitor = sign_in(owner)
    answer = visitor.post(f"/interactions/sites/{site.key}/key/")
    secret = open_secret(newest_key(site))
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in visitor.get(f"/interactions/sites/{site.key}/").content.decode()
    assert secret not in repr(site.signing_keys.all())
    assert site.signing_keys.filter(accepted_until=None).count() == 1


def test_pausing_stops_recording_at_once(visitor, site, entity, page_token):
    visitor.post(f"/interactions/sites/{site.key}/pause/", {"paused": "yes"})
    assert tell(beacon(site, entity, page_token)).status_code == 403
    visitor.post(f"/interactions/sites/{site.key}/pause/", {"paused": "no"})
    assert tell(beacon(site, entity, page_token)).status_code == 201


def test_what_is_offered_no_more_takes_no_clicks_and_keeps_its_picture(
    visitor, site, entity, page_token
):
    visitor.post(f"/interactions/entities/{entity.key}/archive/")
    assert tell(beacon(site, entity, page_token)).json()["code"] == "unknown_entity"
    picture = DoorClient().get(f"/interactions/verify/pinit/{page_token}.{'A' * 22}.jpg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")


@pytest.mark.parametrize("many", [1, 30])
def test_the_pages_take_a_fixed_number_of_queries(visitor, workspace, site, many):
    for number in range(many):
        other = Site.objects.create(workspace=workspace, name=f"S{number}", origins=[SHOP])
        make_entity(site, title=f"Bowl {number}", page_url=f"{SHOP}/{number}")
        Interaction.objects.create(
            site=other, entity=site.entities.first(), nonce=other.pk, clicked_at=other.created_at
        )
    visitor.get("/interactions/")
    counts = []
    for path in ("", f"sites/{site.key}/"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert visitor.get(f"/interactions/{path}").status_code == 200
        counts.append(len(queries))
    assert counts == [7, 10]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Shop.Example:443/a?b#c", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443/", "https://shop.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://shop.example\\.other.example", "https://shop.example"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080"),
        ("https://user:word@shop.example", None),
        ("ftp://shop.example", None),
        ("//shop.example", None),
        ("https://", None),
        ("https://shop.example:99999", None),
    ],
)
def test_origins_are_read_as_browsers_write_them(text, origin):
    assert read_origin(text) == origin


PROGRAMS = {
    "python": [sys.executable, "-c", "{code}\nprint(page_token({secret!r}, {key_id!r}))"],
    "javascript": ["node", "-e", "{code}\nconsole.log(pageToken({secret!r}, {key_id!r}))"],
    "php": ["php", "-r", "{code}\necho page_token({secret!r}, {key_id!r});"],
    "ruby": ["ruby", "-e", "{code}\nputs page_token({secret!r}, {key_id!r})"],
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_signing_examples_make_tokens_that_are_good(site, entity, language):
    program, flag, text = PROGRAMS[language]
    if language == "javascript":
        program = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or program
    if shutil.which(program) is None:
        pytest.skip(f"{language}: {program} is not on this machine")
    button = Button(site.key, entity.key, entity.title, entity.page_url, "", "")
    found = {
        each.id: each.code
        for each in snippets_for(button, host="https://x.example", style=ButtonStyle())
    }
    key = newest_key(site)
    # The programs sign with the clock of the machine, which stands elsewhere in tests.
    code = text.format(code=found[f"signed-{language}"], secret=open_secret(key), key_id=key.key_id)
    printed = subprocess.run([program, flag, code], capture_output=True, text=True, check=True)
    token = read_page_token(printed.stdout.strip())
    assert (token.site, token.entity) == (site.key, entity.key)
    signed_at = token.expires_at - timedelta(days=7)
    assert flaw_of(token, key_of=key_of, now=signed_at) is None


def test_another_picture_takes_the_old_one_s_addresses(visitor, site, entity, page_token):
    """What was pinned with the old address gets the new picture; a twin is refused."""
    media = f"/interactions/verify/pinit/{page_token}.{'A' * 22}.jpg"
    before = DoorClient().get(media).content
    data = factories.picture((600, 900), color="#aa3333")
    path = f"/interactions/entities/{entity.key}/picture/new"
    answer = visitor.post(path, {"image": SimpleUploadedFile("red.jpg", data, "image/jpeg")})
    assert answer.status_code == 302
    forget_known()
    after = DoorClient().get(media)
    assert (after.status_code, after.content != before) == (200, True)
    entity.refresh_from_db()
    assert (entity.size, entity.origin_url) == (len(after.content), "")
    twin = make_entity(site, title="Twin", page_url=entity.page_url, color="#112233")
    path = f"/interactions/entities/{twin.key}/picture/new"
    answer = visitor.post(path, {"image": SimpleUploadedFile("red.jpg", data, "image/jpeg")})
    assert (
        answer.status_code,
        "has this page and this picture already" in answer.content.decode(),
    ) == (
        422,
        True,
    )


def test_what_is_offered_no_more_can_be_offered_again(visitor, site, entity, page_token):
    archive = f"/interactions/entities/{entity.key}/archive/"
    visitor.post(archive)
    listed = visitor.get(f"/interactions/sites/{site.key}/?show=archived").content.decode()
    assert (entity.title in listed, "Offered no more" in listed) == (True, True)
    assert entity.title not in visitor.get(f"/interactions/sites/{site.key}/").content.decode()
    visitor.post(archive, {"again": "1"})
    assert tell(beacon(site, entity, page_token)).status_code == 201


@pytest.mark.parametrize(
    ("host", "written", "kept"),
    [
        ("blue_bowls.example", "https://blue_bowls.example/a", "https://blue_bowls.example/a"),
        ("straße.example", "https://straße.example/a", "https://straße.example/a"),
        (
            "shop.example",
            "shop.example/?to=http://b.example",
            "https://shop.example/?to=http://b.example",
        ),
        ("[::1]:8443", "https://[::1]:8443/a", "https://[::1]:8443/a"),
    ],
)
def test_a_page_is_read_as_browsers_and_lists_read_it(visitor, entity, host, written, kept):
    Site.objects.update(origins=[read_origin(f"https://{host}")])
    given = {"title": "Bowl", "description": "", "page_url": written}
    answer = visitor.post(f"/interactions/entities/{entity.key}/", given)
    assert answer.status_code == 302
    entity.refresh_from_db()
    assert entity.page_url == kept


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "mailto:anna@shop.example",
        "ftp://shop.example/a",
        "https://anna:secret@shop.example/",
        "https://a b.example/",
        "//",
    ],
)
def test_what_no_browser_opens_as_a_page_is_refused(visitor, entity, written):
    given = {"title": "Bowl", "description": "", "page_url": written}
    answer = visitor.post(f"/interactions/entities/{entity.key}/", given)
    assert answer.status_code == 422
    assert "This is no address of a page" in unescape(answer.content.decode())
    assert Entity.objects.get().page_url == entity.page_url


def test_an_address_stands_in_one_line(visitor, entity):
    given = {"title": "Bowl", "description": "", "page_url": f"{SHOP}/a\nb"}
    answer = visitor.post(f"/interactions/entities/{entity.key}/", given)
    assert (answer.status_code, "in one line" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("page_url", "words"),
    [
        ("https://elsewhere.example/x", "This page is not on"),
        ("nonsense", "This page is not on"),
        ("blue bowl", "This is no address of a page"),
    ],
)
def test_a_page_elsewhere_is_refused_and_what_was_typed_is_kept(visitor, entity, page_url, words):
    given = {"title": "New title", "description": "", "page_url": page_url}
    answer = visitor.post(f"/interactions/entities/{entity.key}/", given)
    page = unescape(answer.content.decode())
    assert (answer.status_code, words in page, "New title" in page) == (422, True, True)
    entity.refresh_from_db()
    assert entity.title == "Blue bowl"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_page_says_that_its_first_picture_is_offered(visitor, site, kind):
    frames = [Image.new("RGB", (600, 900), each) for each in ("red", "green")]
    moving = io.BytesIO()
    frames[0].save(moving, kind, save_all=True, append_images=frames[1:])
    picture = SimpleUploadedFile(f"bowl.{kind.lower()}", moving.getvalue())
    words = {"title": "Bowl", "page_url": f"{SHOP}/bowl", "image": picture}
    path = f"/interactions/sites/{site.key}/entities/new"
    page = visitor.post(path, words, follow=True).content.decode()
    assert FIRST_OF_SEVERAL in page
    key = Entity.objects.get(title="Bowl").key
    still = SimpleUploadedFile("still.jpg", factories.picture((600, 900)))
    path = f"/interactions/entities/{key}/picture/new"
    assert (
        FIRST_OF_SEVERAL not in visitor.post(path, {"image": still}, follow=True).content.decode()
    )


def test_a_picture_that_pinterest_does_not_read_is_offered_from_here(visitor, site, settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    for kind, kept in (("AVIF", False), ("JPEG", True)):
        with serve(respond(200, factories.picture((600, 900), kind=kind))) as server:
            url = f"{server.url}/bowl.{kind.lower()}"
            words = {"title": kind, "page_url": f"{SHOP}/{kind}", "image_url": url}
            visitor.post(f"/interactions/sites/{site.key}/entities/new", words)
        assert Entity.objects.get(title=kind).origin_url == (url if kept else "")

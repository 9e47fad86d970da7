"""A publisher's site with something to pin, and a clock."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Browser, BrowserContext
from pytest_django.fixtures import Settings

from accounts.models import User, Workspace
from interactions.models import Entity, Site
from interactions.selectors.known_sites import forget_known
from interactions.services import caps, salts
from interactions.services.signing import add_signing_key, offer_token
from tests import factories
from tests.chromium import ROOT
from tests.interactions.publisher import Publisher
from tests.interactions.shop import Shop, open_shop

SHOP = "https://shop.example"


@pytest.fixture(autouse=True)
def _nothing_known(settings: Settings, tmp_path: Path) -> None:
    """A process that has seen nothing yet, with a spool of its own."""
    forget_known()
    salts._KNOWN.clear()
    for counters in (caps.clicks, caps.fetches):
        counters.__init__(of_site=counters._counted)
    settings.VAR_DIR = tmp_path


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """Half past a minute, so that what belongs into one minute is in one."""
    start = datetime(2026, 3, 10, 10, 0, 30, tzinfo=UTC)
    with time_machine.travel(start):
        yield start


@pytest.fixture
def site(workspace: Workspace, owner: User, now: datetime) -> Site:
    """A shop's site with its first signing key."""
    site = Site.objects.create(
        workspace=workspace, name="Clay shop", origins=[SHOP], created_by=owner
    )
    add_signing_key(site, now=now)
    return site


@pytest.fixture
def entity(site: Site) -> Entity:
    """A bowl's page, and its picture in the storage."""
    return make_entity(site, title="Blue bowl", page_url=f"{SHOP}/bowl")


@pytest.fixture
def page_token(site: Site, entity: Entity, now: datetime) -> str:
    return offer_token(site=site, entity_key=entity.key, page="home", now=now)


@pytest.fixture
def media_token(page_token: str) -> str:
    return f"{page_token}.{new_nonce()}"


def new_nonce() -> str:
    """As a browser makes one: 16 random bytes, base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def make_entity(site: Site, *, title: str, page_url: str, color: str = "#3366aa") -> Entity:
    """An entity whose picture is a plain one of `color`."""
    data = factories.picture((600, 900), color=color)
    entity = Entity.objects.create(
        site=site,
        title=title,
        page_url=page_url,
        image_sha256=hashlib.sha256(data).hexdigest(),
        content_type="image/jpeg",
        size=len(data),
        width=600,
        height=900,
    )
    if not default_storage.exists(entity.file_name):
        default_storage.save(entity.file_name, ContentFile(data))
    return entity


@pytest.fixture
def shop(settings: Settings, site: Site) -> Iterator[Shop]:
    """The site's own shop, on loopback, which may be fetched from."""
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with open_shop() as shop:
        site.origins = [shop.url]
        site.save(update_fields=["origins"])
        yield shop


@pytest.fixture(scope="module")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's window with a touch screen, for many pages one after the other."""
    context = browser.new_context(has_touch=True, locale="en-US")
    yield context
    context.close()


@pytest.fixture
def publisher(shared_context: BrowserContext) -> Iterator[Publisher]:
    """A publisher's page; no script of it may fail."""
    if not (ROOT / "var" / "build" / "pinit.js").exists():
        pytest.fail("The assets are not built; `python3 dev.py test` builds them.")
    page = shared_context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Publisher(shared_context, page)
    shared_context.unroute_all(behavior="ignoreErrors")
    page.close()
    assert errors == []

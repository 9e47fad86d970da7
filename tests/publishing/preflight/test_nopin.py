"""A page can say that it wants no Pins of it, and is heard as browsers read it."""

import pytest

from publishing.preflight.services.link_pages import forbids_pins, look_at
from tests.pinterest.loopback import respond, serve

HTML = {"Content_Type": "text/html; charset=utf-8"}
NOPIN = b'<head><META content="nopin" NAME="pinterest" description="No!"></head>'


@pytest.mark.parametrize(
    ("html", "forbids"),
    [
        (NOPIN, True),
        (b"<meta name=pinterest content=nopin>", True),
        (b"<meta name='pinterest' content='nopin'/>", True),
        (b'<meta name="pinterest" content="nopinning">', False),
        (b'<meta name="pinterest-rich-pin" content="false">', False),
        (b'<meta name="robots" content="nopin">', False),
        (b"<p>" + b" " * 70_000 + NOPIN, False),
        (b"<!-- " + NOPIN + b" -->", False),
        (b"<script>'" + NOPIN + b"'</script>", False),
        (b"<meta name=Pinterest content=' NoPin '", False),
        (b"<meta name=' Pinterest ' content='NoPin '><", True),
        (NOPIN.decode().encode("utf-16"), True),
        (b'<meta name="pinterest" data-a=">" content="nopin">', True),
        (b"", False),
    ],
)
def test_a_page_can_forbid_pins(settings, html, forbids):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with serve(respond(200, html, **HTML)) as server:
        assert forbids_pins(look_at(server.url)) is forbids

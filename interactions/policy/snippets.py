"""What a publisher copies into a page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from interactions.policy.button_styles import ButtonStyle, stylesheet
from interactions.policy.dialogs import dialog_link

_THEIRS: Final = '<script async defer src="https://assets.pinterest.com/js/pinit.js"></script>'


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text to copy, and what it is for."""

    id: str
    title: str
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Button:
    """What a button pins. `media` is where the plain picture lies."""

    site: str
    entity: str
    title: str
    page_url: str
    description: str
    media: str


def script_tag(*, host: str, site: str) -> str:
    """The script, once on each page with buttons."""
    return f'<script async src="{escape(host)}/pinit.js" data-site="{escape(site)}"></script>'


def snippets_for(button: Button, *, host: str, style: ButtonStyle) -> list[Snippet]:
    """The script, the stylesheet and the kinds of button, to paste as they are."""
    href = dialog_link(
        page_url=button.page_url,
        media=button.media,
        description=button.description or button.title,
    )
    link = (
        f'<a href="{escape(href)}" target="_blank" rel="noopener"\n'
        f'   data-pinapp-entity="{escape(button.entity)}"'
    )
    if style.css_class:
        link = link.replace("<a ", f'<a class="{style.css_class}" ', 1)
    words = escape(style.words)
    return [
        Snippet(
            "script",
            "The script",
            "Once on each page with buttons, anywhere.",
            script_tag(host=host, site=button.site),
        ),
        *_stylesheet(style),
        Snippet(
            "link",
            "A plain link",
            "Needs nothing of Pinterest's, and stays as it is beside Pinterest's script.",
            f'{link} data-pin-do="none">{words}</a>',
        ),
        Snippet(
            "pinit",
            "With Pinterest's own script",
            "Pinterest's pinit.js opens its window; ours adds the mark.",
            f'{link}\n   data-pin-do="buttonPin" data-pin-custom="true">{words}</a>\n{_THEIRS}',
        ),
        Snippet(
            "pinit-look",
            "Pinterest's own button",
            "Pinterest's script puts a button of its own looks there; ours adds the mark.",
            f'<span data-pinapp-entity="{escape(button.entity)}">\n'
            f'<a href="{escape(href)}" target="_blank" rel="noopener" data-pin-do="buttonPin">'
            f"{words}</a>\n</span>\n{_THEIRS}",
        ),
        *(
            Snippet(
                f"signed-{language.lower()}",
                f"Signed by your server ({language})",
                "Instead of asking for tokens from the page: sign while you render it.",
                code.replace("SITE", button.site).replace("ENTITY", button.entity),
            )
            for language, code in _SIGNING.items()
        ),
    ]


def _stylesheet(style: ButtonStyle) -> list[Snippet]:
    css = stylesheet(style)
    if not css:
        return []
    text = "Into your page's stylesheet. Change it as you like."
    return [Snippet("style", "The look", text, css)]


_SIGNING: Final = {
    "Python": """\
import base64, hashlib, hmac, time

def page_token(secret, key_id, site="SITE", entity="ENTITY", page=""):
    head = f"v1.{key_id}.{site}.{entity}.{page}.{int(time.time()) + 7 * 86400}"
    mac = hmac.digest(secret.encode(), head.encode(), hashlib.sha256)[:16]
    return head + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

# <a … data-pinapp-token="{{ page_token(SECRET, KEY_ID) }}">Pin it</a>""",
    "JavaScript": """\
const { createHmac } = require("node:crypto");

function pageToken(secret, keyId, site = "SITE", entity = "ENTITY", page = "") {
  const expires = Math.floor(Date.now() / 1000) + 7 * 86400;
  const head = `v1.${keyId}.${site}.${entity}.${page}.${expires}`;
  const mac = createHmac("sha256", secret).update(head).digest().subarray(0, 16);
  return `${head}.${mac.toString("base64url")}`;
}""",
    "PHP": """\
function page_token($secret, $keyId, $site = "SITE", $entity = "ENTITY", $page = "") {
    $head = "v1.$keyId.$site.$entity.$page." . (time() + 7 * 86400);
    $mac = substr(hash_hmac("sha256", $head, $secret, true), 0, 16);
    return $head . "." . rtrim(strtr(base64_encode($mac), "+/", "-_"), "=");
}""",
    "Ruby": """\
require "openssl"
require "base64"

def page_token(secret, key_id, site = "SITE", entity = "ENTITY", page = "")
  head = "v1.#{key_id}.#{site}.#{entity}.#{page}.#{Time.now.to_i + 7 * 86400}"
  mac = OpenSSL::HMAC.digest("SHA256", secret, head)[0, 16]
  head + "." + Base64.urlsafe_encode64(mac, padding: false)
end""",
    "Django": """\
# templatetags/pinapp.py, with page_token from the Python example beside it
from django import template
from django.conf import settings
from django.utils.html import format_html

register = template.Library()

@register.simple_tag
def pinapp_token(entity="ENTITY"):
    token = page_token(settings.PINAPP_SECRET, settings.PINAPP_KEY_ID, entity=entity)
    return format_html('data-pinapp-entity="{}" data-pinapp-token="{}"', entity, token)

# {% load pinapp %}<a href="…" {% pinapp_token %}>Pin it</a>""",
}

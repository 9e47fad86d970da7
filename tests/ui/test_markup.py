"""The strict content security policy and the icon sprite, held against every template."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A mail is no page of ours: no policy holds there, and it brings its own style.
PAGES = [path for path in TEMPLATES if path.parent.name != "email"]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

_COMMENT = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.DOTALL)
_TAG = re.compile(r"<(?!!)[a-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)


def markup_of(path: Path) -> str:
    return _COMMENT.sub("", path.read_text())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_template_needs_an_exception_from_the_content_security_policy(path: Path) -> None:
    markup = markup_of(path)
    tags = _TAG.findall(markup)
    assert [tag for tag in tags if re.search(r"\s(style|on[a-z]+|hx-on\S*)\s*=", tag)] == []
    assert re.findall(r"<style\b|javascript:", markup, re.IGNORECASE) == []
    assert [tag for tag in tags if re.match(r"<script(?![^>]*\ssrc=)", tag)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_loads_anything_from_another_host(path: Path) -> None:
    loaded = re.findall(
        r"<(?:script|link|img|source|iframe)\b[^>]*https?://[^>]*>", markup_of(path)
    )
    assert loaded == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_form_that_posts_carries_the_csrf_token(path: Path) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", markup_of(path), re.DOTALL)
    assert [form for form in forms if "{% csrf_token %}" not in form] == []


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    listed = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "static" / "icons.mjs").read_text()))
    used = set()
    for path in TEMPLATES:
        markup = markup_of(path)
        used |= set(re.findall(r'_components/icon\.html" with name="([a-z0-9-]+)"', markup))
        used |= set(re.findall(r'\bicon="([a-z0-9-]+)"', markup))
    for path in SCRIPTS:
        used |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', path.read_text()))
    assert used - listed == set()


def test_every_component_says_how_it_is_used() -> None:
    components = (ROOT / "templates" / "_components").glob("*.html")
    silent = [path.name for path in components if not _COMMENT.match(path.read_text())]
    assert silent == []

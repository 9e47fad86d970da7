"""The shop's pages. Each picture has a Pin-it button, as a publisher would write it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote, urlencode

from pinapp.demo.shop.goods import GOODS, SHOP_NAME, Good
from pinapp.demo.shop.keys import Keys

_PIN: Final = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">'
    '<path d="M9 3h6l-1 6 4 4v2h-5v6l-1 1-1-1v-6H6v-2l4-4z" fill="currentColor"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are: the shop itself, PinApp, and the Pinterest its buttons lead to."""

    shop_url: str
    pinapp_url: str
    pinterest_url: str


def front_page(place: Place, keys: Keys | None) -> str:
    """Everything there is to buy."""
    cards = "".join(_card(good, place, keys) for good in GOODS)
    body = f"""
<section class="welcome">
  <h1>Pots for every day</h1>
  <p>Thrown, dipped and fired by two people in a small studio. Made to be used.</p>
</section>
<ul class="goods">{cards}</ul>"""
    return _page(SHOP_NAME, body, place, keys)


def good_page(good: Good, place: Place, keys: Keys | None) -> str:
    """The page of one good: where its Pins lead to."""
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{escape(words)}</dd></div>"
        for name, words in (("Size", good.size), ("Care", good.care))
    )
    body = f"""
<article class="good">
  <div class="picture">{_picture(good)}</div>
  <div class="words">
    <p class="back"><a href="/">All pots</a></p>
    <h1>{escape(good.name)}</h1>
    <p class="price">{escape(good.price)}</p>
    <p>{escape(good.story)}</p>
    <dl>{facts}</dl>
    {_button(good, place, keys)}
  </div>
</article>"""
    head = f"""
<meta property="og:title" content="{escape(good.name)}">
<meta property="og:description" content="{escape(good.words)}">
<meta property="og:image" content="{escape(place.shop_url + good.picture_path)}">
<link rel="canonical" href="{escape(place.shop_url + good.page_path)}">"""
    return _page(f"{good.name} · {SHOP_NAME}", body, place, keys, head=head)


def missing_page(place: Place) -> str:
    """For addresses that lead nowhere."""
    body = """
<section class="welcome">
  <h1>No such pot</h1>
  <p>It may be sold out. <a href="/">See what there is.</a></p>
</section>"""
    return _page(f"Not found · {SHOP_NAME}", body, place, None)


def _card(good: Good, place: Place, keys: Keys | None) -> str:
    return f"""
<li>
  <a class="picture" href="{good.page_path}" tabindex="-1" aria-hidden="true">{_picture(good)}</a>
  <div class="line">
    <h2><a href="{good.page_path}">{escape(good.name)}</a></h2>
    <span class="price">{escape(good.price)}</span>
  </div>
  {_button(good, place, keys)}
</li>"""


def _picture(good: Good) -> str:
    return f'<img src="{good.picture_path}" alt="{escape(good.name)}" width="1000" height="1500">'


def _button(good: Good, place: Place, keys: Keys | None) -> str:
    """A plain link that works without any script; ours adds what makes a click provable."""
    parameters = {
        "url": place.shop_url + good.page_path,
        "media": place.shop_url + good.picture_path,
        "description": good.words,
    }
    query = urlencode(parameters, quote_via=quote, safe="")
    href = f"{place.pinterest_url}/pin/create/button/?{query}"
    entity = keys.entities.get(good.slug) if keys else None
    mark = f' data-pinapp-entity="{escape(entity)}"' if entity else ""
    return (
        f'<a class="pin-it" href="{escape(href)}" target="_blank" rel="noopener"{mark}>'
        f'{_PIN} Pin it<span class="unseen">: {escape(good.name)}</span></a>'
    )


def _page(title: str, body: str, place: Place, keys: Keys | None, *, head: str = "") -> str:
    snippet = (
        f'<script async src="{escape(place.pinapp_url)}/pinit.js" '
        f'data-site="{escape(keys.site)}"></script>'
        if keys
        else ""
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>{head}
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop.css">
{snippet}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header><a class="name" href="/">{SHOP_NAME}</a><p>Studio pottery</p></header>
<main id="content">{body}
</main>
<footer>
<p>A shop for trying things out. Nothing is sold here, and its buttons save to the
<a href="{escape(place.pinterest_url)}/">local Pinterest sandbox</a>. What they bring shows at
<a href="{escape(place.pinapp_url)}/interactions/">PinApp</a>.</p>
</footer>
</body>
</html>
"""

"""Addresses of shops as they are, with marks and without: what Python and the script agree on."""

from __future__ import annotations

from typing import Final

M: Final = "AbCdEfGhIjKlMnOpQrStUw"
N: Final = "ZbCdEfGhIjKlMnOpQrStUg"

WITH_MARKS: Final = [
    # the address of a page, the same without a mark of ours, the mark
    ("https://s.example/bowl", "https://s.example/bowl", None),
    (f"https://s.example/bowl?pinapp={M}", "https://s.example/bowl", M),
    (f"https://s.example/bowl?pinapp={M}#top", "https://s.example/bowl#top", M),
    (f"https://s.example/?1234-My-thread&pinapp={M}", "https://s.example/?1234-My-thread", M),
    (f"https://s.example/?pinapp={M}&a=1&b", "https://s.example/?a=1&b", M),
    (f"https://s.example/?a=1&pinapp={M}&b=", "https://s.example/?a=1&b=", M),
    (f"https://s.example/?&pinapp={M}", "https://s.example/?", M),
    (f"https://s.example/?a=1&&pinapp={M}", "https://s.example/?a=1&", M),
    (f"https://s.example/?a;b=c&d=e+f&pinapp={M}", "https://s.example/?a;b=c&d=e+f", M),
    (f"https://s.example/?q=%c3%a9%C3%A9é&pinapp={M}", "https://s.example/?q=%c3%a9%C3%A9é", M),
    # What was given before, which shops have parameters of too.
    (f"https://s.example/bowl?pin={M}", "https://s.example/bowl", M),
    (f"https://s.example/?a=b%20c&pin={M}", "https://s.example/?a=b%20c", M),
    (f"https://s.example/?pin=4711&pinapp={M}", "https://s.example/?pin=4711", M),
    (f"https://s.example/?pin={N}&pinapp={M}", "https://s.example/", M),
    (f"https://s.example/?p%69napp={M}", "https://s.example/", M),
    # What is none.
    ("https://s.example/?pin=4711", "https://s.example/?pin=4711", None),
    ("https://s.example/?pinapp=yes", "https://s.example/?pinapp=yes", None),
    (f"https://s.example/?pin={M[:-1]}x", f"https://s.example/?pin={M[:-1]}x", None),
    ("https://s.example/?pinapp", "https://s.example/?pinapp", None),
    (f"https://s.example/?spin={M}", f"https://s.example/?spin={M}", None),
    (f"https://s.example/?pinapp={M}x", f"https://s.example/?pinapp={M}x", None),
    (f"https://s.example/?pinapp={M[:-1]}é", f"https://s.example/?pinapp={M[:-1]}é", None),
    (f"https://s.example/#?pinapp={M}", f"https://s.example/#?pinapp={M}", None),
    (f"https://s.example/&pinapp={M}", f"https://s.example/&pinapp={M}", None),
    ("https://s.example/?pinapp=%ff%00", "https://s.example/?pinapp=%ff%00", None),
    (f"https://s.example/?pinapp={M}&pinapp={N}", "https://s.example/", None),
    ("", "", None),
]

TO_BE_MARKED: Final = [
    # the address of a page, the same with the mark M
    ("https://s.example/bowl", f"https://s.example/bowl?pinapp={M}"),
    ("https://s.example/bowl#top", f"https://s.example/bowl?pinapp={M}#top"),
    ("https://s.example/?", f"https://s.example/?&pinapp={M}"),
    ("https://s.example/?#", f"https://s.example/?&pinapp={M}#"),
    ("https://s.example/?a&", f"https://s.example/?a&&pinapp={M}"),
    (
        "https://s.example/?1234-My-thread&tags=a,b&q=blue%20bowl",
        f"https://s.example/?1234-My-thread&tags=a,b&q=blue%20bowl&pinapp={M}",
    ),
    ("https://s.example/?pin=4711&q=a+b", f"https://s.example/?pin=4711&q=a+b&pinapp={M}"),
    ("https://s.example/?a;b;c=%2f%2F", f"https://s.example/?a;b;c=%2f%2F&pinapp={M}"),
    ("https://s.example/#!/bowl?x=1", f"https://s.example/?pinapp={M}#!/bowl?x=1"),
    ("https://s.example/a%3Fb%23c?d", f"https://s.example/a%3Fb%23c?d&pinapp={M}"),
    ("https://bücher.example/ß?ö=ü#ä", f"https://bücher.example/ß?ö=ü&pinapp={M}#ä"),
    (f"https://s.example/?pinapp={N}", f"https://s.example/?pinapp={M}"),
    (f"https://s.example/?a&pinapp={N}&b#c", f"https://s.example/?a&pinapp={M}&b#c"),
    (f"https://s.example/?pin={N}", f"https://s.example/?pin={N}&pinapp={M}"),
    ("https://s.example/?pinapp=yes", f"https://s.example/?pinapp=yes&pinapp={M}"),
]

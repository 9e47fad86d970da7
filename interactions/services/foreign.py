"""Reading foreign pages and sitemaps where they can do no harm: in a bounded process."""

from __future__ import annotations

from typing import Final

import msgspec

from foundation.bounded import BoundedFailure, Limits, run_bounded
from foundation.fetching.documents import Document
from interactions.policy.pages import ForeignPage, PageFacts
from interactions.policy.sitemaps import (
    SITEMAP_BYTES,
    TEXT_LIMIT,
    ForeignSitemap,
    Sitemap,
    SitemapRejected,
)

_MB: Final = 1024 * 1024
_PAGE_JOB: Final = "interactions.policy.pages:read_page_job"
_PAGE_LIMITS: Final = Limits(memory_bytes=512 * _MB, cpu_s=5, wall_s=10, answer_bytes=_MB)
_SITEMAP_JOB: Final = "interactions.policy.sitemaps:read_sitemap_job"
# What is sent stands there twice for a moment, beside what is kept of it.
_SITEMAP_LIMITS: Final = Limits(
    memory_bytes=2 * SITEMAP_BYTES + 412 * _MB, cpu_s=10, wall_s=30, answer_bytes=5 * TEXT_LIMIT
)


class PageRejected(ValueError):
    """The page can't be read; the text says what to do."""

    def __str__(self) -> str:
        return (
            "PinApp could not read this page: it takes too much time or memory. Give its title and "
            "its picture in a CSV file."
        )


def read_foreign_page(document: Document) -> PageFacts:
    """What a page says of itself. Raises PageRejected."""
    page = ForeignPage(document.data, document.url, document.charset)
    try:
        answer = run_bounded(_PAGE_JOB, msgspec.msgpack.encode(page), limits=_PAGE_LIMITS)
    except BoundedFailure:
        raise PageRejected from None
    return msgspec.msgpack.decode(answer, type=PageFacts)


def read_foreign_sitemap(document: Document) -> Sitemap:
    """What a sitemap lists. Raises SitemapRejected."""
    given = msgspec.msgpack.encode(ForeignSitemap(document.data, document.charset))
    try:
        answer = run_bounded(_SITEMAP_JOB, given, limits=_SITEMAP_LIMITS)
    except BoundedFailure:
        raise SitemapRejected(
            "PinApp could not read it: it takes too much time or memory. Have the site mend it, or "
            "bring the pages as a CSV file."
        ) from None
    found = msgspec.msgpack.decode(answer, type=Sitemap)
    if found.problem:
        raise SitemapRejected(found.problem)
    return found

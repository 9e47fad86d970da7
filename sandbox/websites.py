"""Claiming websites: `/user_account/websites`."""

import hashlib
import re
from urllib.parse import urlsplit

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.clock import pinterest_time
from sandbox.guard import check_acting_account
from sandbox.paging import page_size
from sandbox.records import Website
from sandbox.schema import WebsiteClaim, decode_body
from sandbox.wire import Response, json_response, no_content


def list_websites(call: SignedCall) -> Response:
    """`GET /user_account/websites`: all on one page, for an account has few."""
    page_size(call)
    items = [website_json(each) for each in call.account.websites]
    return json_response(200, {"items": items, "bookmark": None})


def show_verification(call: SignedCall) -> Response:
    """`GET /user_account/websites/verification`: what to put on a site to claim it."""
    check_acting_account(call)
    code = verification_code(call)
    return json_response(
        200,
        {
            "verification_code": code,
            "dns_txt_record": f"pinterest-site-verification={code}",
            "metatag": _metatag(code),
            "filename": _filename(code),
            "file_content": f"<html><head>{_metatag(code)}</head><body></body></html>",
        },
    )


def claim_website(call: SignedCall) -> Response:
    """`POST /user_account/websites`: looks for the mark on the site, outside of the lock.

    How Pinterest words a mark that it does not find is not documented.
    """
    wanted = decode_body(call.request, WebsiteClaim)
    check_acting_account(call)
    if wanted.verification_method == "DNSTXT":
        raise errors.invalid("this sandbox cannot look into DNS for 'DNSTXT'.")
    site = _canonical(wanted.website)
    if not _is_marked(call, wanted.website, by_file=wanted.verification_method == "FILENAME"):
        raise errors.invalid(f"'{site}' could not be verified.")
    with call.sandbox.lock:
        kept = [each for each in call.account.websites if each.website != site]
        claimed = Website(website=site, verified_at=call.now)
        call.account.websites = [*kept, claimed]
    return json_response(200, website_json(claimed))


def unclaim_website(call: SignedCall) -> Response:
    """`DELETE /user_account/websites?website=`."""
    name = call.request.parameter("website")
    if not name:
        raise errors.invalid("'website' is a required property")
    site = _canonical(name)
    kept = [each for each in call.account.websites if each.website != site]
    if len(kept) == len(call.account.websites):
        raise errors.website_not_found()
    call.account.websites = kept
    return no_content()


def website_json(website: Website) -> dict[str, object]:
    """One claimed site."""
    return {
        "website": website.website,
        "status": "success",
        "verified_at": pinterest_time(website.verified_at),
    }


def verification_code(call: SignedCall) -> str:
    """What is looked for: the same each time for one account."""
    return hashlib.sha256(f"claim/{call.account.id}".encode()).hexdigest()[:32]


def _metatag(code: str) -> str:
    return f'<meta name="p:domain_verify" content="{code}"/>'


def _filename(code: str) -> str:
    return f"pinterest-{code[:5]}.html"


def _canonical(website: str) -> str:
    """Without scheme, `www.` and a closing slash; raises ApiError 400/1 for what is no site."""
    parts = urlsplit(website if "//" in website else f"//{website}")
    if not parts.hostname or re.search(r"\s", website):
        raise errors.invalid(f"'website' (value {website[:100]}) is not a website.")
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"


def _is_marked(call: SignedCall, website: str, *, by_file: bool) -> bool:
    code = verification_code(call)
    base = (website if "//" in website else f"http://{website}").rstrip("/")
    url = f"{base}/{_filename(code)}" if by_file else base
    fetched = call.sandbox.crawler.fetch(url)
    return fetched.status == 200 and code.encode() in fetched.content

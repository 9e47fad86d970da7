"""What a person's browser does between our page, Pinterest's consent page and our callback."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from accounts import wire
from sandbox.records import Account
from tests.conftest import SANDBOX


def begin(browser: Client, url: str = "/connections/connect/") -> str:
    """Press the button; returns the address of the consent page."""
    response = browser.post(url)
    assert response.status_code == 302, response.content
    return response["Location"]


def question(consent_url: str) -> dict[str, str]:
    """The parameters of a consent page's address, each there once."""
    found = parse_qs(urlsplit(consent_url).query, strict_parsing=True)
    assert [name for name, values in found.items() if len(values) != 1] == []
    return {name: values[0] for name, values in found.items()}


def allow(consent_url: str, account: Account) -> str:
    """Sign in at Pinterest as `account` and allow; returns the callback with its code."""
    return _decide(consent_url, decision="allow", account=account.id)


def deny(consent_url: str) -> str:
    """Deny at Pinterest; returns the callback."""
    return _decide(consent_url, decision="deny")


def come_back(browser: Client, callback: str) -> HttpResponse:
    """Follow Pinterest's redirect to our callback."""
    parts = urlsplit(callback)
    return browser.get(f"{parts.path}?{parts.query}")


def connect_through_pages(
    browser: Client, account: Account, url: str = "/connections/connect/"
) -> HttpResponse:
    """The whole way round."""
    return come_back(browser, allow(begin(browser, url), account))


def said(response: HttpResponse) -> list[tuple[str, str]]:
    """What the page that a response redirects to tells the person: level and text of each."""
    page = response.client.get(response["Location"], follow=True)
    return [(message.level_tag, str(message)) for message in page.context["messages"]]


def _decide(consent_url: str, **decision: str) -> str:
    page = wire.pinterest_session().get(consent_url)
    assert page.status_code == 200, page.text
    form = {**question(consent_url), **decision}
    answer = wire.pinterest_session().post(f"{SANDBOX}/oauth/", data=form)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]

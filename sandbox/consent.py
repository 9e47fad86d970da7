"""The OAuth consent page: who signs in, what the app asks for, Allow or Deny."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.fragments import avatar
from sandbox.ids import digest
from sandbox.layout import message_page, page_response
from sandbox.markup import Html, el
from sandbox.records import Account, App, Code
from sandbox.scopes import WORDS, split_scopes
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core

_CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A valid authorization request."""

    app: App
    redirect_uri: str
    scopes: list[str]
    state: str | None
    parameters: dict[str, str]


class BadAskError(Exception):
    """An authorization request that is answered on the page, without a redirect."""


def answer_consent(sandbox: "Core", request: Request) -> Response:
    """`GET` shows the page, `POST` takes the decision."""
    form = request.form() if request.method == "POST" else dict(request.parameters())
    with sandbox.lock:
        try:
            ask = read_ask(sandbox, form)
        except BadAskError as error:
            return message_page("This sign-in link does not work", str(error), status=400)
        if request.method == "POST":
            return _decide(sandbox, ask, form)
        return _consent_page(sandbox, ask)


def read_ask(sandbox: "Core", form: dict[str, str]) -> Ask:
    """Check an authorization request; raises BadAskError with what is wrong."""
    app = sandbox.records.apps.get(form.get("client_id", ""))
    if app is None:
        raise BadAskError("No app has this client_id. Check the app ID in the app's settings.")
    redirect_uri = form.get("redirect_uri", "")
    if redirect_uri not in app.redirect_uris:
        raise BadAskError(
            f"The redirect_uri “{redirect_uri}” is not registered for {app.name}. "
            "It must match one of the app's redirect addresses character by character."
        )
    if form.get("response_type") != "code":
        raise BadAskError("The response_type must be “code”.")
    scopes = split_scopes(form.get("scope", ""))
    if not scopes:
        raise BadAskError("The request names no scope. Ask for at least one.")
    if unknown := [scope for scope in scopes if scope not in WORDS]:
        raise BadAskError(f"Pinterest knows no scope called “{', '.join(unknown)}”.")
    carried = {name: form[name] for name in _CARRIED if name in form}
    return Ask(
        app=app,
        redirect_uri=redirect_uri,
        scopes=scopes,
        state=form.get("state"),
        parameters=carried,
    )


def _decide(sandbox: "Core", ask: Ask, form: dict[str, str]) -> Response:
    decision = form.get("decision")
    if decision == "deny":
        return _redirect(ask, {"error": "access_denied"})
    account = sandbox.records.accounts.get(form.get("account", ""))
    if decision != "allow" or account is None:
        return _consent_page(sandbox, ask, problem="Choose the account that signs in.", status=400)
    approved = set(account.approved.get(ask.app.id, []))
    account.approved[ask.app.id] = sorted(approved | set(ask.scopes))
    return _redirect(ask, {"code": issue_code(sandbox, ask, account)})


def issue_code(sandbox: "Core", ask: Ask, account: Account) -> str:
    """Record a new single-use code and return it."""
    code = sandbox.ids.secret("code")
    lifetime = timedelta(seconds=sandbox.settings.code_lifetime_seconds)
    sandbox.records.codes[digest(code)] = Code(
        app_id=ask.app.id,
        account_id=account.id,
        redirect_uri=ask.redirect_uri,
        scopes=ask.scopes,
        expires_at=sandbox.clock.now() + lifetime,
    )
    return code


def _redirect(ask: Ask, answer: dict[str, str]) -> Response:
    parts = urlsplit(ask.redirect_uri)
    pairs = parse_qsl(parts.query, keep_blank_values=True) + list(answer.items())
    if ask.state is not None:
        pairs.append(("state", ask.state))
    location = urlunsplit(parts._replace(query=urlencode(pairs)))
    return Response(302, {"location": location, "cache-control": "no-store"})


def _consent_page(
    sandbox: "Core", ask: Ask, *, problem: str | None = None, status: int = 200
) -> Response:
    accounts = list(sandbox.records.accounts.values())
    form = el(
        "form",
        [el("input", type="hidden", name=name, value=text) for name, text in _hidden(ask)],
        el("p", problem, class_="problem", role="alert") if problem else None,
        _account_choice(accounts),
        _scope_list(ask),
        el(
            "div",
            el("button", "Deny", name="decision", value="deny", class_="quiet"),
            el("button", "Allow", name="decision", value="allow", disabled=not accounts),
            class_="actions",
        ),
        method="post",
        action="/oauth/",
    )
    heading = el("h1", el("strong", ask.app.name), " wants to use your Pinterest account")
    card = el("section", heading, form, class_="consent")
    return page_response(f"Connect {ask.app.name}", card, status=status)


def _hidden(ask: Ask) -> list[tuple[str, str]]:
    return list(ask.parameters.items())


def _account_choice(accounts: list[Account]) -> Html:
    if not accounts:
        return el("p", "This sandbox has no accounts yet.", class_="problem")
    options = [
        el(
            "label",
            el(
                "input",
                type="radio",
                name="account",
                value=account.id,
                checked=number == 0,
            ),
            avatar(account),
            el("span", el("b", account.name), el("small", f"@{account.username}")),
            class_="account",
        )
        for number, account in enumerate(accounts)
    ]
    return el("fieldset", el("legend", "Sign in as"), options)


def _scope_list(ask: Ask) -> Html:
    items = [el("li", el("span", WORDS[scope]), el("code", scope)) for scope in ask.scopes]
    heading = el("h2", f"{ask.app.name} will be able to")
    return el("div", heading, el("ul", items), class_="scopes")

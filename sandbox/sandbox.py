"""The sandbox: the way in for requests, and a builder that lets tests read as scenarios."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox import boards
from sandbox.call import Call
from sandbox.clock import VirtualClock
from sandbox.core import Core
from sandbox.door import answer
from sandbox.faults import Fault
from sandbox.guard import caller
from sandbox.holding import HeldCall
from sandbox.ids import digest
from sandbox.logs import RequestEntry
from sandbox.oauth import issue_pair
from sandbox.records import (
    Account,
    App,
    Board,
    Media,
    Pin,
    Privacy,
    Records,
    Section,
    Tier,
)
from sandbox.scopes import PUBLISHING
from sandbox.wire import Request, Response

DEFAULT_APP_ID = "1500000"
DEFAULT_APP_SECRET = "sandbox-secret"  # noqa: S105 - opens nothing but this local sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A pair of tokens as the client holds them."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: list[str]

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header."""
        return f"Bearer {self.access_token}"


class Sandbox(Core):
    """A Pinterest of its own, in memory.

    Accounts, boards and apps are named by the object, by id, or (accounts) by username.
    """

    @classmethod
    def empty(cls, *, seed: int = 0, frozen_at: datetime | None = None) -> "Sandbox":
        """A sandbox that knows nothing; `frozen_at` (aware) stops its clock there."""
        return cls(seed=seed, clock=VirtualClock(frozen_at=frozen_at))

    def handle(self, request: Request, *, pause: Callable[[float], None] = time.sleep) -> Response:
        """Answer a request; `pause` is how latency faults wait. A dropped answer says so."""
        rid = self.ids.request_id()
        who = caller(self, request)
        response = answer(self, request, rid, pause)
        if request.method not in {"GET", "HEAD"}:
            self.changes += 1
        if request.path.startswith("/__sim"):
            return response
        self.requests.append(
            RequestEntry(
                at=self.clock.now(),
                method=request.method,
                path=request.path,
                status=response.status,
                rid=rid,
                account_id=who.id if who else None,
                dropped=response.dropped,
            )
        )
        return response

    def reset(self) -> None:
        """Forget everything and start over with the same seed; the clock keeps its offset."""
        with self.lock:
            self.load(Records())

    # Building a scenario

    def add_app(
        self,
        *,
        app_id: str = DEFAULT_APP_ID,
        secret: str = DEFAULT_APP_SECRET,
        name: str = "PinApp",
        redirect_uris: Iterable[str] = (),
        tier: Tier = "standard",
        features: Iterable[str] = (),
    ) -> App:
        """Register an app, or change the one of that id."""
        app = App(
            id=app_id,
            name=name,
            secret_digest=digest(secret),
            redirect_uris=list(redirect_uris),
            tier=tier,
            features=list(features),
        )
        with self.lock:
            self.records.apps[app_id] = app
            self.changes += 1
        return app

    def add_account(
        self,
        username: str,
        *,
        name: str | None = None,
        account_type: Literal["PINNER", "BUSINESS"] = "BUSINESS",
        about: str = "",
        website_url: str = "",
    ) -> Account:
        """Register an account; raises ValueError when the username is taken."""
        with self.lock:
            self._refuse_taken(username)
            account = Account(
                id=self.ids.entity("account"),
                username=username,
                name=name or username,
                account_type=account_type,
                about=about,
                website_url=website_url,
            )
            self.records.accounts[account.id] = account
            self.changes += 1
        return account

    def add_board(
        self,
        owner: Account | str,
        name: str,
        *,
        privacy: Privacy = "PUBLIC",
        description: str | None = None,
        collaborators: Iterable[Account | str] = (),
        collaborators_may_write: bool = False,
    ) -> Board:
        """Give an account a board, as if made on pinterest.com."""
        with self.lock:
            owner_id, now = self.account(owner).id, self.clock.now()
            board = Board(
                id=self.ids.entity("board"),
                owner_id=owner_id,
                name=name,
                slug=boards.free_slug(self.records, owner_id, name),
                created_at=now,
                pins_modified_at=now,
                description=description,
                privacy=privacy,
                collaborator_ids=[self.account(person).id for person in collaborators],
                collaborators_may_write=collaborators_may_write,
            )
            self.records.boards[board.id] = board
            self.changes += 1
        return board

    def add_section(self, board: Board | str, name: str) -> Section:
        """Give a board a section."""
        with self.lock:
            board_id = self.board(board).id
            section = Section(id=self.ids.entity("section"), board_id=board_id, name=name)
            self.records.sections[section.id] = section
            self.changes += 1
        return section

    def issue_token(
        self,
        account: Account | str,
        scopes: Iterable[str] = PUBLISHING,
        *,
        app: App | str | None = None,
    ) -> IssuedToken:
        """Tokens as the OAuth flow would give them; the first app when none is named."""
        with self.lock:
            call = Call(sandbox=self, request=Request("POST", "/"), now=self.clock.now())
            granted = sorted(set(scopes))
            access, refresh = issue_pair(call, self.app(app), self.account(account).id, granted)
            self.changes += 1
        return IssuedToken(access_token=access, refresh_token=refresh, scopes=granted)

    # Things that happen to a client

    def arm(self, fault: Fault) -> int:
        """Arm a fault; returns its number."""
        return self.faults.arm(fault)

    def release_held(self) -> int:
        """Let the calls go that a `hold` keeps; returns how many waited."""
        return self.holds.release()

    def rename_account(self, account: Account | str, username: str) -> None:
        """Change the username, which kills the account's tokens as it does at Pinterest."""
        with self.lock:
            self._refuse_taken(username)
            renamed = self.account(account)
            renamed.username = username
            self.kill_tokens(renamed)

    def kill_tokens(self, account: Account | str) -> int:
        """Invalidate every token of the account; returns how many were alive."""
        with self.lock:
            account_id = self.account(account).id
            alive = [
                token
                for token in self.records.tokens.values()
                if token.account_id == account_id and not token.dead
            ]
            for token in alive:
                token.dead = True
            self.changes += 1
        return len(alive)

    def kill_token(self, secret: str) -> None:
        """Invalidate one access or refresh token; raises KeyError when unknown."""
        with self.lock:
            self.records.tokens[digest(secret)].dead = True
            self.changes += 1

    def expire_tokens(
        self, account: Account | str, *, kind: Literal["access", "refresh"] = "access"
    ) -> int:
        """Let the account's tokens of a kind expire now; returns how many."""
        with self.lock:
            account_id, now = self.account(account).id, self.clock.now()
            found = [
                token
                for token in self.records.tokens.values()
                if token.account_id == account_id and token.kind == kind
            ]
            for token in found:
                token.expires_at = min(token.expires_at, now)
            self.changes += 1
        return len(found)

    def set_token_scopes(self, account: Account | str, scopes: Iterable[str]) -> None:
        """Change what the account's tokens may do, and what it has approved."""
        with self.lock:
            owner, granted = self.account(account), sorted(set(scopes))
            owner.approved = dict.fromkeys(owner.approved, granted)
            for token in self.records.tokens.values():
                if token.account_id == owner.id:
                    token.scopes = granted
            self.changes += 1

    def set_tier(self, tier: Tier, *, app: App | str | None = None) -> None:
        """Move an app between tiers."""
        with self.lock:
            self.app(app).tier = tier
            self.changes += 1

    def set_features(self, features: Iterable[str], *, app: App | str | None = None) -> None:
        """Set the beta grants of an app, such as `pin_edit`."""
        with self.lock:
            self.app(app).features = list(features)
            self.changes += 1

    def set_quota(self, category: str, limit: int | None) -> None:
        """Set the calls per window of a category (or `universal`); None lifts the limit."""
        with self.lock:
            self.quotas.overrides[category] = limit

    def delete_board(self, board: Board | str) -> None:
        """Delete a board behind the client's back."""
        with self.lock:
            self.drop_board(self.board(board))
            self.changes += 1

    # Looking things up

    def app(self, ref: App | str | None = None) -> App:
        """An app by object or id, or the first one; raises KeyError when there is none."""
        if ref is None:
            return next(iter(self.records.apps.values()), None) or self.add_app()
        return self.records.apps[ref if isinstance(ref, str) else ref.id]

    def account(self, ref: Account | str) -> Account:
        """An account by object, id or username; raises KeyError when there is none."""
        wanted = ref if isinstance(ref, str) else ref.id
        for account in self.records.accounts.values():
            if wanted in {account.id, account.username}:
                return account
        raise KeyError(wanted)

    def board(self, ref: Board | str) -> Board:
        """A board by object or id; raises KeyError when there is none."""
        return self.records.boards[ref if isinstance(ref, str) else ref.id]

    def pins(self, board: Board | str | None = None) -> list[Pin]:
        """All Pins, or a board's, newest first."""
        with self.lock:
            if board is None:
                return list(reversed(self.records.pins.values()))
            return list(self.index.pins_on(self.board(board).id))

    def held(self) -> list[HeldCall]:
        """The calls that a `hold` keeps just now."""
        return self.holds.listed()

    def media(self) -> list[Media]:
        """All video uploads, newest first."""
        with self.lock:
            return list(reversed(self.records.media.values()))

    def _refuse_taken(self, username: str) -> None:
        if any(known.username == username for known in self.records.accounts.values()):
            raise ValueError(f"The username {username} is taken.")

"""The calls we make to Pinterest, and what is known about each before it is made."""

from dataclasses import dataclass
from typing import Final

from pinterest.http import CONNECT_TIMEOUT_S, CREATE_PIN_READ_TIMEOUT_S, READ_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of call.

    `category` is Pinterest's rate-limit bucket, shared by all calls in it. `creates` says that
    sending the call twice makes two things, so that an unknown outcome must stay unknown.
    `on_board` says that "not permitted" is about a board. `at_token_endpoint` says that the
    app's own credentials are on the call, not an account's token. `send_timeout_s` bounds
    connecting and each standstill while the request is sent.
    """

    name: str
    method: str
    category: str
    creates: bool = False
    on_board: bool = False
    at_token_endpoint: bool = False
    read_timeout_s: float = READ_TIMEOUT_S
    send_timeout_s: float = CONNECT_TIMEOUT_S


GET_ACCOUNT: Final = Operation("get_account", "GET", "org_read")
LIST_BOARDS: Final = Operation("list_boards", "GET", "org_read")
GET_BOARD: Final = Operation("get_board", "GET", "org_read", on_board=True)
CREATE_BOARD: Final = Operation("create_board", "POST", "org_write", creates=True)
LIST_SECTIONS: Final = Operation("list_sections", "GET", "org_read", on_board=True)
CREATE_SECTION: Final = Operation(
    "create_section", "POST", "org_write", creates=True, on_board=True
)
# Renaming twice ends where renaming once does, so an unknown outcome may simply be asked again.
RENAME_SECTION: Final = Operation("rename_section", "PATCH", "org_write", on_board=True)
LIST_PINS: Final = Operation("list_pins", "GET", "org_read")
LIST_BOARD_PINS: Final = Operation("list_board_pins", "GET", "org_read", on_board=True)
CREATE_PIN: Final = Operation(
    "create_pin",
    "POST",
    "org_write",
    creates=True,
    on_board=True,
    read_timeout_s=CREATE_PIN_READ_TIMEOUT_S,
)
GET_PIN: Final = Operation("get_pin", "GET", "org_read")
# Deleting twice ends where deleting once does, so an unknown outcome may simply be asked again.
DELETE_PIN: Final = Operation("delete_pin", "DELETE", "org_write")
# A register and an upload create nothing anyone sees: bytes in a store, which nothing points to
# until a Pin is made of them. So both may be repeated, and their failures are never Uncertain.
REGISTER_MEDIA: Final = Operation("register_media", "POST", "org_write")
UPLOAD_MEDIA: Final = Operation(
    "upload_media", "POST", "storage", read_timeout_s=60.0, send_timeout_s=30.0
)
GET_MEDIA: Final = Operation("get_media", "GET", "org_read")
# Looks at figures have a bucket of their own, and a small one.
GET_ACCOUNT_FIGURES: Final = Operation("get_account_figures", "GET", "org_analytics")
GET_TOP_PINS: Final = Operation("get_top_pins", "GET", "org_analytics")
GET_PIN_FIGURES: Final = Operation("get_pin_figures", "GET", "org_analytics")
EXCHANGE_CODE: Final = Operation("exchange_code", "POST", "org_read", at_token_endpoint=True)
REFRESH_TOKEN: Final = Operation("refresh_token", "POST", "org_read", at_token_endpoint=True)

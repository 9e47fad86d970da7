"""The 19 OAuth scopes of API v5 and how the consent page words them."""

import re

WORDS: dict[str, str] = {
    "user_accounts:read": "See your account details and followers",
    "user_accounts:write": "Follow others and claim websites for you",
    "boards:read": "See your public boards and group boards",
    "boards:read_secret": "See your secret boards",
    "boards:write": "Create, update and delete your public boards",
    "boards:write_secret": "Create, update and delete your secret boards",
    "pins:read": "See your public Pins",
    "pins:read_secret": "See your Pins on secret boards",
    "pins:write": "Create, update and delete your public Pins",
    "pins:write_secret": "Create, update and delete Pins on your secret boards",
    "ads:read": "See your ads and ad accounts",
    "ads:write": "Create and change your ads and send conversions",
    "catalogs:read": "See your product catalogs",
    "catalogs:write": "Change your product catalogs",
    "billing:read": "See your billing details",
    "billing:write": "Change your billing details",
    "biz_access:read": "See who works in your business",
    "biz_access:write": "Change who works in your business",
    "msot:write": "Send measurement data",
}

PUBLISHING = (
    "user_accounts:read",
    "boards:read",
    "boards:write",
    "pins:read",
    "pins:write",
)
SECRET = ("boards:read_secret", "boards:write_secret", "pins:read_secret", "pins:write_secret")


def split_scopes(text: str) -> list[str]:
    """Split a scope parameter at commas and blanks (Pinterest documents both), sorted."""
    return sorted({part for part in re.split(r"[\s,]+", text) if part})

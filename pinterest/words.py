"""What we tell a person about each failure: what happened, then what to do."""

import re
from typing import Final, NamedTuple

from pinterest.errors import RefusalReason as Reason
from pinterest.errors import Trouble


class Words(NamedTuple):
    """Two sentences, or pairs of them, for people."""

    message: str
    remedy: str


REFUSED: Final[dict[Reason, Words]] = {
    Reason.TOKEN_DEAD: Words(
        "Pinterest no longer accepts this connection.",
        "Reconnect the Pinterest account. This happens after a change of username or password.",
    ),
    Reason.GRANT_REFUSED: Words(
        "Pinterest did not renew the permission for this account.",
        "Reconnect the Pinterest account.",
    ),
    Reason.APP_CREDENTIALS_WRONG: Words(
        "Pinterest does not recognise this server's app.",
        "Ask an administrator to check the Pinterest app ID and app secret in the settings.",
    ),
    Reason.MISSING_SCOPE: Words(
        "The Pinterest account has not granted a permission this needs.",
        "Reconnect the Pinterest account and accept all permissions.",
    ),
    Reason.RESTRICTED_FEATURE: Words(
        "Pinterest has not opened this feature to this server's app.",
        "Ask an administrator to request the feature from Pinterest; reconnecting does not help.",
    ),
    Reason.APP_NOT_APPROVED: Words(
        "Pinterest has not approved this server's app.",
        "Ask an administrator to finish the app's approval on Pinterest's developer site.",
    ),
    Reason.TRIAL_ACCESS: Words(
        "This server's Pinterest app has Trial access, which may not create Pins.",
        "Ask an administrator to request Standard access on Pinterest's developer site.",
    ),
    Reason.BOARD_NOT_PERMITTED: Words(
        "Pinterest does not let this account use that board.",
        "Choose another board. The board may have been deleted or belong to someone else.",
    ),
    Reason.NOT_PERMITTED: Words(
        "Pinterest does not let this account do that.",
        "Check on Pinterest that the account may use it, or choose another account.",
    ),
    Reason.BOARD_GONE: Words(
        "The board no longer exists on Pinterest.", "Refresh the boards and choose another one."
    ),
    Reason.SECTION_GONE: Words(
        "The board section no longer exists on Pinterest.",
        "Refresh the boards and choose another section, or none.",
    ),
    Reason.PIN_GONE: Words(
        "The Pin no longer exists on Pinterest.",
        "Create it again if you still want it; it may have been deleted there.",
    ),
    Reason.NOT_FOUND: Words(
        "Pinterest does not know what was asked for.",
        "Reload and try again. If it stays, ask an administrator to check the Pinterest API URL.",
    ),
    Reason.INVALID: Words(
        "Pinterest found something in this it does not accept.",
        "Check the title, description, link and image, then try again.",
    ),
    Reason.BAD_LINK: Words(
        "Pinterest does not accept the link.",
        "Use the full address of a public page, starting with https://.",
    ),
    Reason.URL_UNREACHABLE: Words(
        "Pinterest could not reach the link or the image address.",
        "Check that the address opens without signing in, then try again.",
    ),
    Reason.IMAGE_UNREACHABLE: Words(
        "Pinterest could not fetch the image.",
        "Check that the image address opens without signing in, or upload the image instead.",
    ),
    Reason.IMAGE_TOO_SMALL: Words(
        "The image is too small for Pinterest.",
        "Use a larger image; 1000 by 1500 pixels works best.",
    ),
    Reason.IMAGE_BROKEN: Words(
        "Pinterest could not read the image.",
        "Save the image again as JPEG or PNG, under 20 MB, and upload it once more.",
    ),
    Reason.MEDIA_GONE: Words(
        "Pinterest no longer has the uploaded video.", "Upload the video again."
    ),
    Reason.UPLOAD_REFUSED: Words(
        "Pinterest's storage did not accept the video.",
        "Upload it again. If it stays, save the video as a smaller MP4 file first.",
    ),
    Reason.DUPLICATE_BOARD_NAME: Words(
        "The account already has a board of that name.",
        "Choose another name, or use the existing board.",
    ),
    Reason.SPAM: Words(
        "Pinterest blocked this as possible spam.",
        "Use another link, and stop publishing similar Pins for a while.",
    ),
    Reason.SITE_REFUSES_PINS: Words(
        "The linked site does not allow Pins of its pages.",
        "Use another link, or ask the site's owner to allow saving to Pinterest.",
    ),
    Reason.OTHER: Words(
        "Pinterest refused this.",
        "Change what Pinterest names, then try again.",
    ),
}

# So that a message with its remedy stays below the 500 characters that columns have for it.
_QUOTED: Final = 240
# How Pinterest calls what a form of ours has; the longest that fits the beginning counts.
_FIELDS: Final = {
    "title": "title",
    "description": "description",
    "link": "link",
    "alt_text": "alt text",
    "board_id": "board",
    "board_section_id": "section",
    "dominant_color": "dominant colour",
    "name": "name",
    "media_source": "picture or video",
    "media_source.url": "address of the picture",
    "media_source.cover_image": "cover of the video",
    "media_source.items": "pictures of the carousel",
}
_FIELD: Final = re.compile(r"'([a-z_]+(?:[.\[][\w.\[\]]*)?)'")


def refused_words(reason: Reason, *, sentence: str) -> Words:
    """What happened, with what Pinterest says of it in its own words, and what to do.

    `sentence`: Pinterest's own, fit to be shown, or empty. A field that it names is named as our
    forms name it.
    """
    words = REFUSED[reason]
    field = _field_in(sentence) if reason is Reason.INVALID else None
    if field:
        words = Words(
            f"Pinterest does not accept the {field}.", f"Change the {field}, then try again."
        )
    if not sentence:
        return words
    return Words(f"{words.message} Pinterest says: “{_shortened(sentence)}”", words.remedy)


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= _QUOTED else f"{sentence[: _QUOTED - 1].rstrip()}…"


def _field_in(sentence: str) -> str | None:
    match = _FIELD.search(sentence)
    if match is None:
        return None
    known = [name for name in _FIELDS if match[1].startswith(name)]
    return _FIELDS[max(known, key=len)] if known else None


UNAVAILABLE: Final[dict[Trouble, Words]] = {
    Trouble.CONNECT_FAILED: Words(
        "Pinterest could not be reached.",
        "Nothing was sent. Try again in a moment; if it stays, check this server's network.",
    ),
    Trouble.TIMED_OUT: Words("Pinterest did not answer in time.", "Try again in a moment."),
    Trouble.DROPPED: Words(
        "The connection to Pinterest broke before it answered.", "Try again in a moment."
    ),
    Trouble.RATE_LIMITED: Words(
        "Pinterest asks us to slow down.", "Wait for the limit to reset, then try again."
    ),
    Trouble.BUSY: Words(
        "Pinterest is still busy with another change to this board.", "Try again in a moment."
    ),
    Trouble.SERVER_ERROR: Words(
        "Pinterest has a problem of its own.",
        "Try again later. If it lasts for hours, look at Pinterest's status page.",
    ),
    Trouble.BAD_ANSWER: Words(
        "Pinterest's answer could not be read.",
        "Try again later. If it stays, ask an administrator to check the Pinterest API URL.",
    ),
    Trouble.REDIRECTED: Words(
        "Pinterest's API sent us to another address, which we do not follow.",
        "Ask an administrator to check the Pinterest API URL in the settings.",
    ),
    Trouble.UPLOAD_EXPIRED: Words(
        "Pinterest's permission to upload this video ran out before it was used.",
        "Start the upload again.",
    ),
}

_LOOK_FIRST: Final = "Look at the account on Pinterest before sending it again."

UNCERTAIN: Final[dict[Trouble, Words]] = {
    Trouble.TIMED_OUT: Words(
        "Pinterest did not answer in time, so it may or may not have gone through.", _LOOK_FIRST
    ),
    Trouble.DROPPED: Words(
        "The connection to Pinterest broke, so it may or may not have gone through.", _LOOK_FIRST
    ),
    Trouble.SERVER_ERROR: Words(
        "Pinterest had a problem of its own, so it may or may not have gone through.", _LOOK_FIRST
    ),
    Trouble.BAD_ANSWER: Words(
        "Pinterest's answer could not be read, so it may or may not have gone through.",
        _LOOK_FIRST,
    ),
    Trouble.REDIRECTED: Words(
        "Pinterest's API sent us elsewhere, so it may or may not have gone through.", _LOOK_FIRST
    ),
}

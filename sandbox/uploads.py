"""`/v5/media`: a place for a video, and how far the processing of it is."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.ids import digest
from sandbox.paging import page
from sandbox.records import Media
from sandbox.schema import MediaCreate, decode_body
from sandbox.shapes import Json
from sandbox.storage import PATH
from sandbox.wire import Response, json_response


def register_media(call: SignedCall) -> Response:
    """`POST /media`: hand out a place and the signed form for it; only digests of it are kept."""
    decode_body(call.request, MediaCreate)
    media_id = call.sandbox.ids.entity("media")
    lifetime = timedelta(seconds=call.sandbox.settings.upload_lifetime_seconds)
    expires_at = call.now + lifetime
    form = _signed_form(call, media_id, expires_at)
    call.records.media[media_id] = Media(
        id=media_id,
        account_id=call.account.id,
        form={name: digest(value) for name, value in form.items()},
        expires_at=expires_at,
    )
    place = {"upload_url": f"{call.origin}{PATH}", "upload_parameters": form}
    return json_response(201, {"media_id": media_id, "media_type": "video", **place})


def list_media(call: SignedCall) -> Response:
    """`GET /media`: the caller's uploads, newest first."""
    shown, bookmark = page(call, _own(call), key=lambda media: media.id)
    items = [_media_json(media, call.now) for media in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def show_media(call: SignedCall) -> Response:
    """`GET /media/{id}`."""
    return json_response(200, _media_json(own_media(call, call.path["media_id"]), call.now))


def own_media(call: SignedCall, media_id: str) -> Media:
    """An upload of the caller; raises ApiError 404 for an unknown one or another account's."""
    media = call.records.media.get(media_id)
    if media is None or media.account_id != call.account.id:
        raise errors.media_not_found()
    return media


def _own(call: SignedCall) -> Iterator[Media]:
    uploads = reversed(call.records.media.values())
    return (media for media in uploads if media.account_id == call.account.id)


def _media_json(media: Media, now: datetime) -> Json:
    return {"media_id": media.id, "media_type": "video", "status": media.status(now)}


def _signed_form(call: SignedCall, media_id: str, expires_at: datetime) -> dict[str, str]:
    """The fields Pinterest sends along, in its order and its spelling."""
    secret = call.sandbox.ids.secret
    key = f"uploads/11/aa/22/3:video:{call.account.id}:{media_id}"
    day = call.now.strftime("%Y%m%d")
    policy = {"expiration": expires_at.isoformat(), "conditions": [["eq", "$key", key]]}
    return {
        "x-amz-date": call.now.strftime("%Y%m%dT%H%M%SZ"),
        "x-amz-signature": secret("signature").rpartition("_")[2][:64].lower(),
        "x-amz-security-token": f"{secret('IQoJb3JpZ2luX2Vj')}==",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "key": key,
        "policy": base64.b64encode(msgspec.json.encode(policy)).decode(),
        "x-amz-credential": f"ASIASANDBOX/{day}/us-east-1/s3/aws4_request",
        "Content-Type": "multipart/form-data",
    }

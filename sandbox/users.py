"""`/v5/user_account`."""

from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.records import Account
from sandbox.shapes import account_json, image_url
from sandbox.wire import Response, json_response


def list_businesses(call: SignedCall) -> Response:
    """`GET /user_account/businesses`: accounts linked to this one; a list without pages."""
    linked = (call.records.accounts.get(each) for each in call.account.business_ids)
    return json_response(200, [_business(call, each) for each in linked if each is not None])


def _business(call: SignedCall, account: Account) -> dict[str, object]:
    picture = account.picture_id
    url = image_url(call.origin, picture, "400x300") if picture else ""
    sizes = ("small", "medium", "large", "xlarge")
    return {"username": account.username, **{f"image_{size}_url": url for size in sizes}}


def show_account(call: SignedCall) -> Response:
    """`GET /user_account`."""
    check_acting_account(call)
    return json_response(200, account_json(call, call.account))

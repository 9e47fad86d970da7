"""`/v5/user_account`."""

from pinterest.sandbox.call import SignedCall
from pinterest.sandbox.guard import check_acting_account
from pinterest.sandbox.shapes import account_json
from pinterest.sandbox.wire import Response, json_response


def show_account(call: SignedCall) -> Response:
    """`GET /user_account`."""
    check_acting_account(call)
    return json_response(200, account_json(call, call.account))

"""The errors Pinterest answers, each with the status, code and wording seen in the wild."""

from collections.abc import Iterable

from sandbox.wire import ApiError


def invalid(detail: str) -> ApiError:
    """400/1: the request itself is wrong."""
    return ApiError(400, 1, f"Invalid request: {detail}")


def invalid_parameter(name: str, value: str, allowed: Iterable[str]) -> ApiError:
    """400/1: a query parameter outside its set."""
    listed = ", ".join(f"'{option}'" for option in allowed)
    return ApiError(400, 1, f"Parameter '{name}' (value {value}) is not one of {listed}")


def image_not_fetched() -> ApiError:
    """400/1: the crawler got no picture from the address."""
    return ApiError(400, 1, "Sorry! We could not fetch the image.")


def duplicate_board_name() -> ApiError:
    """400/58: the account already has a board of this name."""
    return ApiError(400, 58, "You already have a board with that name. Try a different name.")


def authentication_failed() -> ApiError:
    """401/2: no token, an unknown one, or one that died."""
    return ApiError(401, 2, "Authentication failed.")


def missing_scope(missing: Iterable[str]) -> ApiError:
    """401/3: the token lacks scopes."""
    listed = ", ".join(f"'{scope}'" for scope in missing)
    return ApiError(
        401,
        3,
        "Your access token does not have sufficient permissions. "
        f"The following required scopes are missing: {listed}.",
    )


def restricted_feature(name: str) -> ApiError:
    """401/3: a beta the app was not granted."""
    return ApiError(401, 3, f"Your app does not have access to this restricted feature: {name}")


def consumer_type_not_supported() -> ApiError:
    """401/3: the app is not approved."""
    return ApiError(401, 3, "Your application consumer type is not supported.")


def grant_invalid() -> ApiError:
    """401/283: a code or refresh token that is unknown, used, expired or another app's."""
    return ApiError(401, 283, "The provided authorization grant is invalid or expired.")


def not_permitted() -> ApiError:
    """403/29: somebody else's, or out of this token's reach."""
    return ApiError(403, 29, "You are not permitted to access that resource.")


def trial_may_not_create_pins() -> ApiError:
    """403/29: the app has Trial access."""
    return ApiError(
        403,
        29,
        "Apps with Trial access may not create Pins in production. "
        "Please use API Sandbox at https://api-sandbox.pinterest.com instead.",
    )


def image_too_small() -> ApiError:
    """403/233: below the floor."""
    return ApiError(403, 233, "The image is too small to be used for a Pin.")


def image_broken() -> ApiError:
    """403/235: undecodable, not JPEG or PNG, or over 20 MB."""
    return ApiError(403, 235, "The image is broken or could not be processed.")


def not_found() -> ApiError:
    """404: no such route."""
    return ApiError(404, 404, "Route not found.")


def board_not_found() -> ApiError:
    """404/40."""
    return ApiError(404, 40, "Board not found.")


def pin_not_found() -> ApiError:
    """404/50."""
    return ApiError(404, 50, "Pin not found.")


def user_not_found() -> ApiError:
    """404/30."""
    return ApiError(404, 30, "User not found.")


def website_not_found() -> ApiError:
    """404: not among the claimed sites."""
    return ApiError(404, 404, "Website not in user list.")


def section_not_found() -> ApiError:
    """404/2031."""
    return ApiError(404, 2031, "Sorry! We could not find that board section.")


def media_not_found() -> ApiError:
    """404: no such media upload."""
    return ApiError(404, 404, "Media upload not found.")


def media_not_ready(status: str) -> ApiError:
    """400/1: a Pin of an upload that has not been processed; Pinterest's wording is not known."""
    return invalid(f"the media upload has the status '{status}', not 'succeeded'.")


def method_not_allowed() -> ApiError:
    """405/5."""
    return ApiError(405, 5, "Method not allowed.")


def too_large() -> ApiError:
    """413: more bytes than any valid request has."""
    return ApiError(413, 1, "Invalid request: the body is too large.")


def rate_limited(retry_after: int | None = None) -> ApiError:
    """429/8: the quota is used up. Pinterest promises no Retry-After; a switch adds one."""
    headers = {"x-envoy-ratelimited": "true"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return ApiError(429, 8, "You have exceeded your rate limit. Try again later.", headers)


def spam() -> ApiError:
    """429/9: not a rate limit, a reputation block."""
    return ApiError(
        429, 9, "Sorry! We blocked this link because it may lead to spam. Please try another one."
    )

"""Which part of the sandbox a path belongs to."""

from typing import TYPE_CHECKING

from pinterest.sandbox import consent, control, errors, pages, routing
from pinterest.sandbox.dispatch import Pause, answer_api
from pinterest.sandbox.files import answer_file
from pinterest.sandbox.wire import Request, Response

if TYPE_CHECKING:
    from pinterest.sandbox.sandbox import Sandbox


def answer(sandbox: "Sandbox", request: Request, rid: str, pause: Pause) -> Response:
    """Hand a request to the API, the consent page, pictures, the control plane or a page."""
    path = request.path
    if path.startswith(f"{routing.PREFIX}/"):
        return answer_api(sandbox, request, rid, pause)
    if path.startswith("/__sim"):
        return control.answer_control(sandbox, request)
    if path == "/oauth/":
        return consent.answer_consent(sandbox, request)
    if request.method not in {"GET", "HEAD"}:
        return errors.method_not_allowed().response()
    if path.startswith(("/images/", "/assets/")):
        return answer_file(sandbox, path)
    return pages.answer_page(sandbox, request)

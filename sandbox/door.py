"""Which part of the sandbox a path belongs to."""

from typing import TYPE_CHECKING

from sandbox import consent, control, dialog, errors, pages, previews, routing, storage
from sandbox.dispatch import answer_api
from sandbox.files import answer_file
from sandbox.playing import Pause
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox


def refuse_unread(sandbox: "Sandbox", request: Request) -> Response:
    """Answer a request whose body is too large to be read, or of unknown length."""
    if request.path == storage.PATH:
        return storage.refuse_unread(request, sandbox.ids.request_id())
    return errors.too_large().response()


def answer(sandbox: "Sandbox", request: Request, rid: str, pause: Pause) -> Response:
    """Hand a request to the API, the store of videos, the control plane, or whoever shows it."""
    path = request.path
    if path.startswith(f"{routing.PREFIX}/"):
        return answer_api(sandbox, request, rid, pause)
    if path.startswith("/__sim"):
        return control.answer_control(sandbox, request)
    if path == storage.PATH:
        return storage.answer_upload(sandbox, request, rid, pause)
    if path == "/oauth/":
        return consent.answer_consent(sandbox, request)
    if path in dialog.PATHS and request.method in {"GET", "POST"}:
        return dialog.answer_dialog(sandbox, request)
    if request.method not in {"GET", "HEAD"}:
        return errors.method_not_allowed().response()
    return _show(sandbox, request)


def _show(sandbox: "Sandbox", request: Request) -> Response:
    """What only looks at things."""
    path = request.path
    if path.startswith(("/images/", "/assets/")):
        return answer_file(sandbox, path)
    if path.startswith(previews.PREFIX):
        return previews.answer_preview(sandbox, path)
    if path == dialog.SAVED_PATH:
        return dialog.answer_saved(sandbox, request)
    return pages.answer_page(sandbox, request)

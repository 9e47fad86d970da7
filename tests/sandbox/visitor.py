"""A client of the sandbox for tests: one session, one token, short words."""

import base64
import io

import requests
from PIL import Image

from sandbox import Sandbox
from sandbox.adapter import SandboxAdapter

ORIGIN = "http://sandbox.test"
CALLBACK = "http://127.0.0.1:8000/connections/pinterest/callback/"


def jpeg(width: int = 600, height: int = 900, color: str = "teal", kind: str = "JPEG") -> bytes:
    """An image file's bytes."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), color).save(target, kind)
    return target.getvalue()


def base64_source(content: bytes, content_type: str = "image/jpeg") -> dict[str, object]:
    """A `media_source` that sends the image along."""
    data = base64.b64encode(content).decode()
    return {"source_type": "image_base64", "content_type": content_type, "data": data}


PICTURE = base64_source(jpeg())


class Visitor:
    """Speaks to `/v5` with one token."""

    def __init__(self, session: requests.Session, authorization: str, base: str = ORIGIN) -> None:
        self.session = session
        self.base = base
        self.headers = {"Authorization": authorization}

    def call(self, method: str, path: str, **more: object) -> requests.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.session.request(method, f"{self.base}/v5{path}", headers=headers, **more)

    def get(self, path: str, **params: object) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, body: object) -> requests.Response:
        return self.call("POST", path, json=body)

    def patch(self, path: str, body: object) -> requests.Response:
        return self.call("PATCH", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def pin(self, board_id: str, /, **fields: object) -> requests.Response:
        return self.post("/pins", {"board_id": board_id, "media_source": PICTURE, **fields})


def mounted_session(sandbox: Sandbox) -> requests.Session:
    session = requests.Session()
    session.mount(ORIGIN, SandboxAdapter(sandbox))
    return session


def failure(response: requests.Response) -> tuple[int, int]:
    """Status and code of an error answer."""
    return response.status_code, response.json()["code"]

"""A wire that can be listened to."""

import json

import pytest
from requests.adapters import BaseAdapter

from accounts import wire
from pinterest.sandbox.adapter import SandboxAdapter
from tests.conftest import SANDBOX


class Recorder(BaseAdapter):
    """Keeps the bodies that pass, and lets a test look around while a request is on its way."""

    def __init__(self, inner, during=None):
        super().__init__()
        self.inner, self.during, self.bodies = inner, during, []

    def send(self, request, **options):
        if request.method == "POST" and request.url.endswith("/v5/pins"):
            self.bodies.append(json.loads(request.body))
            if self.during:
                self.during()
        return self.inner.send(request, **options)

    def close(self):
        pass


@pytest.fixture
def record(sandbox):
    def recording(during=None):
        recorder = Recorder(SandboxAdapter(sandbox), during)
        wire.pinterest_session().mount(SANDBOX, recorder)
        return recorder

    return recording

"""The bare views under the same kind of server, behind the same edge."""

import os
import tempfile
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from pinapp.edge.app import Edge
from pinapp.edge.pools import Pool

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare_settings"

application = Edge(
    get_wsgi_application(),
    pools={name: Pool(name, threads=8, most_waiting=2000) for name in ("public", "uploads")},
    lane_of=lambda _method, _path: "public",
    folder=Path(tempfile.gettempdir()),
    proxies=1,
)

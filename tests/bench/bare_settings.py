"""PinApp's settings with nothing between the server and the view: what is compared with."""

from pinapp.settings import *  # noqa: F403 - the same database, the same server

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.bare_views"

"""The WSGI entry point that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pinapp.settings")

inside = get_wsgi_application()

from interactions.door import PublicDoors  # noqa: E402 - Django is set up by now
from interactions.services.spool import start_draining  # noqa: E402

application = PublicDoors(inside)
start_draining()

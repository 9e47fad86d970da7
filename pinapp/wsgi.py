"""The WSGI entry point that the web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from pinapp.private_files import keep_files_private

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pinapp.settings")

keep_files_private()
inside = get_wsgi_application()

from interactions.door import PublicDoors  # noqa: E402 - Django is set up by now
from pinapp.hosts import ExactHosts  # noqa: E402

application = ExactHosts(PublicDoors(inside), settings.EXACT_HOSTS)

#!/usr/bin/env python
"""Django's command line, with PinApp's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from pinapp.private_files import keep_files_private


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pinapp.settings")
    keep_files_private()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()

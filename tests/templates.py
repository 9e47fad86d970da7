"""Compiles every template of the project, so that a broken one is found before it is visited."""

import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent


def broken_templates() -> list[str]:
    """Name each template that does not compile, and why."""
    folder = ROOT / "templates"
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            name = str(path.relative_to(folder))
            try:
                get_template(name)
            except TemplateSyntaxError as error:
                found.append(f"{name}: {error}")
    return found


if __name__ == "__main__":
    django.setup()
    broken = broken_templates()
    print("\n".join(broken) if broken else "All templates compile.")
    sys.exit(1 if broken else 0)

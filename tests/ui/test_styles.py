"""Style sheets: one room for each component."""

import re
from collections import defaultdict
from pathlib import Path

STYLES = Path(__file__).resolve().parent.parent.parent / "static" / "css"
# Forced colours, print and less motion: what these modes change of any component.
_FOR_ALL = "modes.css"


def test_a_class_is_drawn_in_one_file() -> None:
    """Two files that draw the same name undo each other on pages that neither had in mind."""
    drawn_in: dict[str, set[str]] = defaultdict(set)
    for file in STYLES.glob("*.css"):
        for name in _classes_drawn(file.read_text()):
            drawn_in[name].add(file.name)
    drawn_twice = {name: files for name, files in drawn_in.items() if len(files - {_FOR_ALL}) > 1}
    assert drawn_twice == {}


def _classes_drawn(text: str) -> set[str]:
    """Classes that have a rule of their own, outside of any other selector."""
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    selectors = re.findall(r"(?:^|[}{])\s*([^{}@;]+)\{", plain)
    names = {each.strip() for selector in selectors for each in selector.split(",")}
    return {name for name in names if re.fullmatch(r"\.[\w-]+", name)}

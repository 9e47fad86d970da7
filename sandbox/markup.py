"""HTML built from elements: every text is escaped, so no page can forget to."""

import html
from collections.abc import Iterable


class Html(str):
    """Markup that is already safe."""

    __slots__ = ()


Child = Html | str | None | Iterable["Child"]
_VOID = {"img", "input", "link", "meta", "br", "hr"}


def el(_name: str, *children: Child, **attributes: str | bool | None) -> Html:
    """An element. `class_` is `class`, `_` is `-`; None and False leave an attribute out."""
    shown = "".join(_attribute(name, value) for name, value in attributes.items())
    if _name in _VOID:
        return Html(f"<{_name}{shown}>")
    return Html(f"<{_name}{shown}>{_join(children)}</{_name}>")


def fragment(*children: Child) -> Html:
    """Several children side by side."""
    return Html(_join(children))


def _join(children: Iterable[Child]) -> str:
    return "".join(_render(child) for child in children)


def _render(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return html.escape(child)
    return _join(child)


def _attribute(name: str, value: str | bool | None) -> str:  # noqa: FBT001 - HTML has such values
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'

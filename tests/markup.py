"""Markup as a browser reads it: how its source is broken into lines says nothing."""

import re


def squeezed(html: str) -> str:
    """Give `html` on one line: no space inside the ends of tags, and none at the
    edges of an element or between two tags.
    """
    line = re.sub(r"\s+", " ", html)
    line = re.sub(r" ?/?> ?", lambda end: ">" + " " * end[0].endswith(" "), line)
    line = re.sub(r"(<[a-z][^<>]*>) ", r"\1", line)
    return re.sub(r"(?<=>) (?=<)| (?=</)", "", line)

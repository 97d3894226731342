"""What is known about an article."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from onrecord.articles.moments import Moment

__all__ = ["Metadata", "names_of", "one_line"]

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f]+")


@dataclass(slots=True)
class Metadata:
    """What is known about an article; None where it is not."""

    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    section: str | None = None
    language: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    #: The article's own text, as JSON-LD repeats it.
    body: str | None = None
    captions: list[str] = field(default_factory=list)
    #: schema.org isAccessibleForFree, if stated.
    free: bool | None = None
    live: bool = False


def names_of(value: object) -> str | None:
    """Names in schema.org's many shapes: a string, an object with a name, or a list of either, joined as people write them."""
    items = value if isinstance(value, list) else [value]
    names = []
    for item in items:
        name = one_line(item.get("name") if isinstance(item, dict) else item)
        if name and not name.startswith("http") and name not in names:
            names.append(name)
    return (" and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]) if names else None


def one_line(value: object) -> str | None:
    """A string without markup's entities and extra white space; None for anything else, or nothing."""
    if not isinstance(value, str):
        return None
    return _SPACE.sub(" ", _CONTROL.sub(" ", html.unescape(value))).strip()[:1000] or None

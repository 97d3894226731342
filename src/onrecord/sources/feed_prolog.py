"""What stands before a feed's root element: its document type is read and left out, so that no parser ever sees it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from onrecord.errors import SourceError

__all__ = ["Prolog", "read_prolog"]

_SPACE = re.compile(r"\s*")
_STOP = re.compile(r"[\"'\[\]>]|<!--")
_ENTITY = re.compile(r"""<!ENTITY\s+(%\s+)?([\w.:-]{1,100})\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\b)""")
#: An entity of a few characters (`&nbsp;`) cannot blow up a feed; a longer one is not looked up.
_SHORT = 32
_CHARACTER = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")
#: Feeds hold nothing of use before the root that is longer.
_LONGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Prolog:
    """The prolog's end, and the entities that its document type declares."""

    #: Offset of the first character after it.
    end: int
    #: Short ones that are plain characters.
    entities: dict[str, str] = field(default_factory=dict)
    #: Names of all others: long, nested or outside the document. Nothing stands in for them.
    refused: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def read_prolog(text: str, *, name: str) -> Prolog:
    """Skip white space, declarations, comments and the document type.

    Raises:
        SourceError: One of them has no end, or the document type is longer than any feed's.
    """
    at, subset = 0, ""
    while True:
        at = m.end() if (m := _SPACE.match(text, at)) else at
        if text.startswith("<?", at):
            at = _after(text, "?>", at, name)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at, name)
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = _end_of_doctype(text, at + 9, name)
            subset += text[at:end]
            at = end
        else:
            break
    return _with_entities(at, subset)


def _after(text: str, sign: str, at: int, name: str) -> int:
    end = text.find(sign, at)
    if end < 0:
        raise SourceError(f"no {sign!r} closes what begins at character {at}", item=name, hint="this is no whole feed; fetch it again")
    return end + len(sign)


def _end_of_doctype(text: str, at: int, name: str) -> int:
    inside = False
    last = at + _LONGEST
    while m := _STOP.search(text, at, last):
        at = m.end()
        if m[0] == "[":
            inside = True
        elif m[0] == "]":
            inside = False
        elif m[0] == ">" and not inside:
            return at
        elif m[0] == "<!--":
            closed = text.find("-->", at, last)
            at = closed + len("-->") if closed >= 0 else -1
        elif m[0] in "\"'":
            at = text.find(m[0], at, last) + 1 or -1
        if at < 0:
            break
    raise SourceError("its document type has no end, or is longer than any feed's", item=name, hint="such files are made to exhaust readers; check the address")


def _with_entities(end: int, subset: str) -> Prolog:
    entities: dict[str, str] = {}
    refused: set[str] = set()
    for m in _ENTITY.finditer(subset):
        value = m[3] if m[3] is not None else m[4]
        short = value is not None and len(value) <= _SHORT and "<" not in value and "%" not in value
        if m[1] or not short or ("&" in value and not _CHARACTER.fullmatch(value)):
            refused.add(m[2])
        elif m[2] not in refused:
            # The first declaration holds (XML 1.0, 4.2).
            entities.setdefault(m[2], html.unescape(value))
    notes = (f"{len(refused)} entities that it declares are not expanded",) if refused else ()
    return Prolog(end, entities, frozenset(refused) - frozenset(entities), notes)

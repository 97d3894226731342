"""What people say of a statement: confirm it, reject it, name who spoke, correct its words, its kind and its day, code it; and take any of it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter
from pydantic import BaseModel, Field

from onrecord.desk.judging import UNDATED
from onrecord.errors import UsageError
from onrecord.ledger import Hit
from onrecord.ledger.correcting import PARTS
from onrecord.positions import Act, Stance
from onrecord.statements.statement import QuoteKind
from onrecord.web import links
from onrecord.web.pages.article import line_of
from onrecord.web.routing import Done, add_action
from onrecord.web.site import Role, Site, Visitor

__all__ = ["add", "places_of"]

_WORDS = 20_000
_NOTHING = "-"
_PLACE = "Where it stands, a piece a line: START:END in code points of the text; or its words, which must stand there once; or its first words, …, its last."


class _Note(BaseModel):
    note: str = Field("", max_length=2_000, description="Why; kept with it.")


class Judging(_Note):
    """A verdict."""

    verdict: Literal["right", "wrong", "speaker"] = Field(description="It is right; nobody said this; somebody else did.")
    speaker: str = Field("", max_length=400, description="With `speaker`: name or id of the actor who spoke.")


class Correcting(_Note):
    """What is right instead; what is empty stays as it is."""

    content: str = Field("", max_length=_WORDS, description=f"What was said. {_PLACE}")
    cue: str = Field("", max_length=_WORDS, description="The words that attribute it, likewise; `-` for none.")
    source: str = Field("", max_length=_WORDS, description="The words that name the speaker, likewise; `-` for none.")
    kind: QuoteKind | Literal[""] = Field("", description="How much of it is quoted.")
    said_on: str = Field("", max_length=40, description="When it was said, EDTF; `none` if the article does not say.")
    whole: bool = Field(default=False, description="Whether the fields say all that stands, as those of a form do: what is as it was is not corrected.")


class Coding(_Note):
    """Where the speaker stands by it."""

    issue: str = Field(max_length=300, description="Id or label of an issue that is followed.")
    stance: Stance | Literal["none", "unsure"] = Field(description="The stance; `none`: no position on this issue; `unsure`: looked at, and left open.")
    act: Act | Literal[""] = Field("", description="What is done by saying it.")


class Undoing(_Note):
    """What to take back."""

    judgement: str = Field(max_length=64, description="Id of the judgement or the coding: `j1:…`, `c1:…`.")


def _judge(site: Site, visitor: Visitor, given: Judging, at: dict[str, str]) -> Done:
    """Say that a statement is right, that nobody said it, or who did."""
    speaker = _clean(given.speaker) or None
    if (speaker is not None) != (given.verdict == "speaker"):
        raise UsageError("a speaker goes with the verdict `speaker`, and only with it", hint="name the actor who spoke")
    made = site.desk.judge(at["id"], given.verdict, speaker=speaker, by=visitor.name, note=_clean(given.note) or None)
    notice = {"right": "statement-right", "wrong": "statement-wrong", "speaker": "statement-speaker"}[given.verdict]
    return _done(notice, at["id"], site, {"judgement": made, "verdict": given.verdict, "speaker": speaker})


def _correct(site: Site, visitor: Visitor, given: Correcting, at: dict[str, str]) -> Done:
    """Correct the words, the kind or the day of a statement."""
    hit = site.desk.statement(at["id"])[0]
    cells = _cells(given, hit)
    made = site.desk.correct(at["id"], **cells, by=visitor.name, note=_clean(given.note) or None)
    return _done("statement-corrected", at["id"], site, {"judgement": made, "corrected": cells})


def _code(site: Site, visitor: Visitor, given: Coding, at: dict[str, str]) -> Done:
    """Say where the speaker of a statement stands by it on an issue."""
    stance = None if given.stance in ("none", "unsure") else given.stance
    said: dict[str, Any] = {"act": given.act or None, "unsure": given.stance == "unsure", "note": _clean(given.note) or None}
    made = site.desk.code_statement(at["id"], _clean(given.issue), stance, by=visitor.name, **said)
    return _done("statement-coded", at["id"], site, {"judgement": made, "issue": given.issue, "stance": str(given.stance)})


def _undo(site: Site, visitor: Visitor, given: Undoing, at: dict[str, str]) -> Done:
    """Take back a judgement or a coding of a statement, or the taking back of one."""
    known = site.desk.judgements(at["id"])
    again = given.judgement in {j.taken_back.id for j in known if j.taken_back}
    mine = next((j for j in known if j.id == given.judgement), None)
    if mine is None and not again:
        raise UsageError("nobody judged this statement so", item=given.judgement, hint="the statement's page lists its judgements")
    if mine is not None and mine.taken_back is not None:
        raise UsageError("this is taken back already", item=given.judgement, hint="judge anew, or take the taking back back")
    site.desk.undo(given.judgement, by=visitor.name, note=_clean(given.note) or None)
    return _done("judgement-given-back" if again else "undone", at["id"], site, {"judgement": given.judgement})


def places_of(text: str) -> list[tuple[int, int] | str]:
    """Places as a form says them, a piece a line."""
    out: list[tuple[int, int] | str] = []
    for line in _lines(text):
        start, _, end = line.partition(":")
        numbers = all(n.isascii() and n.isdigit() and len(n) < 10 for n in (start, end))  # noqa: PLR2004 - no text has more characters
        out.append((int(start), int(end)) if numbers else line)
    return out


def _cells(given: Correcting, hit: Hit) -> dict[str, Any]:
    """What of a form is another than what stands."""
    cells: dict[str, Any] = {}
    for part in PARTS:
        lines = _lines(getattr(given, part))
        now = [line_of(s) for s in hit.stands(part)]
        if lines in ([], [_NOTHING]):
            if lines or (given.whole and now):
                cells[part] = []
        elif not given.whole or lines != now:
            cells[part] = places_of("\n".join(lines))
    if given.kind and not (given.whole and given.kind == hit.kind):
        cells["kind"] = given.kind
    day = _clean(given.said_on)
    if given.whole and day == (hit.said_on or ""):
        return cells
    if day or given.whole:
        cells["said_on"] = day or UNDATED
    return cells


def _lines(text: str) -> Sequence[str]:
    return [line for raw in text.replace("\r", "\n").split("\n") if (line := _clean(raw))]


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()


def _done(notice: str, statement: str, site: Site, data: dict[str, Any]) -> Done:
    hit = site.desk.statement(statement)[0]
    return Done(notice, f"{links.article(hit.where.article)}?statement={quote(hit.id)}#{quote(hit.id)}", statement, data)


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    add_action(router, "/statements/{id}/judge", Judging, _judge, role=Role.CODER)
    add_action(router, "/statements/{id}/correct", Correcting, _correct, role=Role.CODER)
    add_action(router, "/statements/{id}/code", Coding, _code, role=Role.CODER)
    add_action(router, "/statements/{id}/undo", Undoing, _undo, role=Role.CODER)

"""`onrecord judge`: what a person says of a statement goes before what the reader says."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, Note, opened
from onrecord.cli.printing import as_json, grid, one_line, put
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk

__all__ = ["Opinion", "judge", "place_of"]


class Opinion(StrEnum):
    """What a person says of a statement."""

    RIGHT = "right"
    WRONG = "wrong"
    SPEAKER = "speaker"
    CORRECTED = "corrected"
    HISTORY = "history"


_NOTHING = "-"
_PLACE = "Where it stands in the text: START:END in code points, or words that stand once in it. Again for another piece"


def judge(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, as `onrecord search` shows it.", show_default=False)],
    verdict: Annotated[
        Opinion,
        typer.Argument(
            metavar="right|wrong|speaker|corrected|history",
            help="It is right; nobody said this; somebody else did (--speaker); something else of it is right instead; show all that was judged of it.",
            show_default=False,
        ),
    ],
    *,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who really spoke: a name or an id in the ledger.", show_default=False)] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="`corrected`: direct, indirect or mixed.", show_default=False)] = None,
    said_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="`corrected`: when it was said, EDTF; `none` if the article does not say.", show_default=False)
    ] = None,
    content: Annotated[list[str] | None, typer.Option(metavar="PLACE", help=f"`corrected`: what was said. {_PLACE}.", show_default=False)] = None,
    cue: Annotated[
        list[str] | None, typer.Option(metavar="PLACE", help="`corrected`: the words that attribute it, likewise; `-` for none.", show_default=False)
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="PLACE", help="`corrected`: the words that name the speaker, likewise; `-` for none.", show_default=False)
    ] = None,
    by: By = None,
    note: Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Judge a statement: right, wrong, said by somebody else, or correct its words, its kind or its day.

    The reader's own answer stays beside it. The judgement survives every re-reading, and every edit that leaves the words as they are.

    \b
    Examples:
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 right
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 speaker --speaker "Ludmila Sorev" --note "see the second paragraph"
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 corrected --kind indirect --said-on 2026-03-12
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 corrected --content 771:902 --cue "told reporters"
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 history

    Exit codes: 0 done, 2 there is no such statement, actor, date or place in the text, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    given: dict[str, Any] = {"kind": kind, "said_on": said_on} | {n: _places(v) for n, v in (("content", content), ("cue", cue), ("source", source))}
    cells = {n: v for n, v in given.items() if v is not None}
    if cells and verdict is not Opinion.CORRECTED:
        raise UsageError("what is right instead goes with the verdict `corrected`", item=statement, hint="onrecord judge STATEMENT corrected --kind …")
    if speaker and verdict in (Opinion.CORRECTED, Opinion.HISTORY):
        raise UsageError("a speaker goes with the verdict `speaker`, and only with it", item=statement, hint="judge the speaker on its own")
    with opened(ledger, debug=debug) as desk:
        if verdict is Opinion.HISTORY:
            _show(desk, statement, form)
            return
        if verdict is Opinion.CORRECTED:
            made = desk.correct(statement, **cells, by=by, note=note)
        else:
            made = desk.judge(statement, verdict.value, speaker=speaker, by=by, note=note)
        if form is Form.JSON:
            told: dict[str, Any] = {"judgement": made, "statement": statement, "verdict": verdict.value}
            corrected = next((h.corrected for h in desk.statement(statement) if h.corrected), None) if cells else None
            put(as_json(told | ({"corrected": corrected.to_json()} if corrected else {})))
            return
        who = f"said by {one_line(desk.ledger.actor(speaker).name)}" if speaker else verdict.value
        put(f"{statement} is judged {who}", f"judgement {made}; to take it back: onrecord actors undo {made}")


def place_of(text: str) -> tuple[int, int] | str:
    """A place as people write it: `771:902`, or words."""
    start, colon, end = text.strip().partition(":")
    return (int(start), int(end)) if colon and _is_number(start) and _is_number(end) else text


def _is_number(text: str) -> bool:
    # More digits than any text has characters are words.
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004


def _places(given: Sequence[str] | None) -> list[tuple[int, int] | str] | None:
    if not given:
        return None
    return [] if list(given) == [_NOTHING] else [place_of(text) for text in given]


def _show(desk: Desk, statement: str, form: Form) -> None:
    every = desk.judgements(statement)
    if form is Form.JSON:
        put(as_json({"statement": statement, "judgements": [j.to_json() for j in every]}))
        return
    if not every:
        put("nothing was judged yet")
        return
    rows = []
    for one in every:
        what = one.speaker[1] if one.speaker else ", ".join(f"{k} {v}" for k, v in (one.value or {}).items() if k != "revision" and v not in (None, False))
        back = f"taken back by {one.taken_back.by}" if one.taken_back else "" if one.stands else "a later one goes before"
        rows.append((one.id, f"{one.verdict} {one_line(what)}".strip(), one.by, one.on.isoformat()[:16], one.note or "", back))
    put(grid(("judgement", "verdict", "by", "on", "note", ""), rows))

"""`onrecord judge`: what a person says of a statement goes before what the reader says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, Note, opened
from onrecord.cli.printing import as_json, one_line, put

__all__ = ["Opinion", "judge"]


class Opinion(StrEnum):
    """What a person says of a statement."""

    RIGHT = "right"
    WRONG = "wrong"
    SPEAKER = "speaker"


def judge(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, as `onrecord search` shows it.", show_default=False)],
    verdict: Annotated[
        Opinion, typer.Argument(metavar="right|wrong|speaker", help="It is right; nobody said this; somebody else did (--speaker).", show_default=False)
    ],
    *,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who really spoke: a name or an id in the ledger.", show_default=False)] = None,
    by: By = None,
    note: Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Judge a statement: right, wrong, or said by somebody else.

    The reader's own answer stays beside it. The judgement survives every re-reading, and every edit that leaves the words as they are.

    \b
    Examples:
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 right
      onrecord judge s1:0f3a5c7d9e1b2a4c6e80 speaker --speaker "Ludmila Sorev" --note "see the second paragraph"

    Exit codes: 0 done, 2 there is no such statement or actor, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        made = desk.judge(statement, verdict.value, speaker=speaker, by=by, note=note)
        if form is Form.JSON:
            put(as_json({"judgement": made, "statement": statement, "verdict": verdict.value}))
            return
        who = f"said by {one_line(desk.ledger.actor(speaker).name)}" if speaker else verdict.value
        put(f"{statement} is judged {who}", f"judgement {made}; to take it back: onrecord actors undo {made}")

"""`onrecord propose`: a language model of the user's choice proposes positions; a person accepts them, or nothing comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, Note, opened
from onrecord.cli.printing import as_json, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.cli.tallying import number
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.desk.endpoint import Endpoint
    from onrecord.ledger import Proposed

__all__ = ["propose"]


def propose(
    issues: Annotated[list[str] | None, typer.Argument(metavar="ISSUE...", help="Ids or labels of issues.", show_default=False)] = None,
    *,
    url: Annotated[
        str | None, typer.Option(metavar="URL", envvar="ONRECORD_LLM_URL", help="Base URL of an OpenAI-compatible endpoint.", show_default=False)
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", envvar="ONRECORD_LLM_MODEL", help="The model's name there.", show_default=False)] = None,
    key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file that holds the key. Default: ONRECORD_LLM_KEY, if it is set.", show_default=False)
    ] = None,
    words: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Statements with these words, also where the machine found no position.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many statements to put to the model at most.")] = 20,
    list_: Annotated[bool, typer.Option("--list", help="Ask nobody; list what was proposed.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also answers that were refused, and answers that there is no position.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Code this proposal in your name: p1:… May be given more than once.", show_default=False)
    ] = None,
    by: By = None,
    note: Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Let a language model propose positions on issues. Nothing is asked unless you name the endpoint.

    What it is sent are statements, with the words around them.

    An answer is kept if its evidence and condition stand in the article word for word, and issue and actor are of the lists that it was given; else it is
    refused, with the reason. A proposal counts for nothing until a person accepts it, which is a coding by hand. What was put to a model once is not put again.

    \b
    Examples:
      onrecord propose ceasefire-30d --url http://localhost:11434/v1 --model qwen3:8b --limit 50
      onrecord propose ceasefire-30d --list
      onrecord propose --accept p1:…

    Exit codes: 0 done, 1 some answers were refused, 2 there is no such issue or proposal, the endpoint cannot be asked, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    if list_ and accept:
        raise UsageError("--list asks and decides nothing", hint="leave out --list or --accept")
    with opened(ledger, debug=debug, interrupted="stopped; what was proposed stays, and the same command goes on from there") as desk:
        if accept:
            _accept(desk, accept, form, by=by, note=note)
        elif list_:
            _list(desk, issues or [None], form, everything=everything)
        else:
            _ask(desk, issues or [], _endpoint(url, model, key_file), form, words=words, limit=limit, everything=everything)


def _endpoint(url: str | None, model: str | None, key_file: Path | None) -> Endpoint:
    from onrecord.desk.endpoint import Endpoint

    try:
        key = key_file.read_text(encoding="utf-8").strip() if key_file else None
    except (OSError, UnicodeError) as error:
        raise UsageError("the key cannot be read", item=str(key_file), hint="check --key-file") from error
    return Endpoint.of(url, model, key)


def _ask(desk: Desk, issues: list[str], endpoint: Endpoint, form: Form, *, words: str | None, limit: int, everything: bool) -> None:
    putting = desk.propose(issues, endpoint, words=words, limit=limit)
    say_plainly(f"statements and the words around them go to {endpoint.model} at {endpoint.host}")
    statements = 0
    found: list[Proposed] = []
    for one in putting:
        statements += 1
        found += one.answers
        if form is Form.TABLE:
            put(*(line for a in one.answers if everything or _shown(a) for line in _told(a)))
    proposed, refused = [p for p in found if p.stance], [p for p in found if p.refused]
    if form is Form.JSON:
        put(as_json({"statements": statements, "answers": [p.to_json() for p in found]}))
    else:
        put(f"{number(statements, 'statement')}, {number(len(proposed), 'proposal')}, {number(len(refused), 'answer')} refused; --accept ID codes one")
    if refused:
        raise typer.Exit(1)


def _shown(one: Proposed) -> bool:
    return bool(one.stance or one.refused)


def _list(desk: Desk, issues: list[str] | list[None], form: Form, *, everything: bool) -> None:
    found = [p for name in issues for p in desk.proposals(name, refused=everything)]
    if form is Form.JSON:
        put(as_json({"answers": [p.to_json() for p in found]}))
        return
    put(*(line for p in found for line in _told(p)))
    put(f"{number(len(found), 'answer' if everything else 'proposal')}; --accept ID codes one")


def _accept(desk: Desk, names: list[str], form: Form, *, by: str | None, note: str | None) -> None:
    made = [desk.accept_proposal(name, by=by, note=note) for name in names]
    if form is Form.JSON:
        put(as_json({"codings": [c.to_json() for c in made]}))
    else:
        put(*(one_line(f"{c.issue}: coded {c.stance} by {c.by}: “{c.words}”") for c in made))


def _told(one: Proposed) -> list[str]:
    """A proposal in some lines."""
    what = f"refused: {one.refused}" if one.refused else str(one.stance) if one.stance else "no position"
    held = f" (reported of {one.holder})" if one.holder else ""
    lines = [f"{one.issue}: {what}{held}  {one.id}", f"  {one.statement}  “{one.words}”"]
    lines += [f"  evidence “{one.evidence.exact}”"] if one.evidence and one.evidence.exact != one.words else []
    lines += [f"  condition “{' … '.join(s.exact for s in one.condition)}”"] if one.condition else []
    return [*map(_on_one_line, lines), f"  {one_line(one.coder)}"]


def _on_one_line(text: str) -> str:
    """A stranger's text on one line, with its first blanks."""
    return " " * (len(text) - len(text.lstrip(" "))) + one_line(text)

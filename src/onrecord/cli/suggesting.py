"""`onrecord issue suggest`: recurring demands and proposals, to follow as issues or to refuse."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from onrecord.cli.keys import END, Keys, Pressed, keys
from onrecord.cli.ledgers import By, Debug, Engine, Form, Format, LedgerName, Note, opened
from onrecord.cli.printing import as_json, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.cli.tallying import number, progress
from onrecord.errors import OnrecordError, UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.positions.suggesting import Candidate, Suggestion

__all__ = ["suggest"]

#: Suggestions that are shown, if the user does not say.
_PAGE = 10
#: Characters of an example that are shown.
_LONGEST = 200
_KEYS = "[a]ccept [r]efuse [-] skip [q]uit"
#: Words that stand for keys in a script.
_WORDS = {"refuse": "r"}


def suggest(
    *,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day of publication: 2025-03-14, 2025-03 or 2025.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day, likewise.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many suggestions at most.")] = _PAGE,
    min_statements: Annotated[int, typer.Option(min=2, help="Statements that it must have; copies of one text count once.")] = 3,
    min_days: Annotated[int, typer.Option(min=1, help="Days on which it must recur.")] = 1,
    min_outlets: Annotated[int, typer.Option(min=1, help="Outlets that must have it.")] = 1,
    at_most: Annotated[int, typer.Option("--read", metavar="N", min=1, help="How many statements to look at, the newest first.")] = 5_000,
    accept: Annotated[str | None, typer.Option(metavar="N|ID", help="Follow this one: its number, or the id it proposes.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option("--id", metavar="ID", help="With --accept: its id.", show_default=False)] = None,
    label: Annotated[str | None, typer.Option(metavar="WORDS", help="With --accept: what it is.", show_default=False)] = None,
    alias: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="With --accept: other words for it, in place of those proposed.", show_default=False)
    ] = None,
    pro: Annotated[str | None, typer.Option("--for", metavar="WORDS", help="With --accept: what being for it means.", show_default=False)] = None,
    contra: Annotated[str | None, typer.Option("--against", metavar="WORDS", help="With --accept: what being against it means.", show_default=False)] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="With --accept: the words of statements where --for or --against is not given.")] = False,
    refuse: Annotated[list[str] | None, typer.Option(metavar="N|ID", help="Suggest this one no more. May be given more than once.", show_default=False)] = None,
    refused: Annotated[bool, typer.Option("--refused", help="List what was refused.")] = False,
    reopen: Annotated[str | None, typer.Option(metavar="LABEL", help="Take a refusal back.", show_default=False)] = None,
    ask: Annotated[bool | None, typer.Option("--ask/--no-ask", help="Ask about each. Default: at a terminal.", show_default=False)] = None,
    by: By = None,
    note: Note = None,
    engine: Engine = "auto",
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Suggest issues to follow: demands and proposals that recur in the ledger, the contested first.

    What an issue of the agenda is about is left out, and so is what was refused. Labels are the most telling words of the statements; --label says it better.
    At a terminal each is asked about, one key a decision; with --ask in a script each decision is a line: `a`, `a an-id`, `r`, `-`, `q`.

    \b
    Examples:
      onrecord issue suggest --since 2025-03 --min-outlets 2
      onrecord issue suggest --accept 2 --id ceasefire-30d --label "30-day ceasefire"
      onrecord issue suggest --refuse 1 --refuse 4 --note "no proposal"

    Exit codes: 0 done, 1 some lines of a script could not be followed, 2 there is no such suggestion, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk import Settings
    from onrecord.positions.suggesting import Thresholds

    changes = {"id": name, "label": label, "aliases": alias, "pro": pro, "contra": contra}
    if accept is None and (drafts or any(v is not None for v in changes.values())):
        raise UsageError("--id, --label, --alias, --for, --against and --drafts go with --accept", hint="say which one: --accept 1")
    with opened(ledger, debug=debug, settings=Settings(engine=engine)) as desk:
        if refused or reopen is not None:
            _refusals(desk, reopen, form, by=by, note=note)
            return
        thresholds = Thresholds(statements=min_statements, days=min_days, outlets=min_outlets)
        with progress("reading", total=0) as bar:
            task = bar.add_task("reading", total=None)
            watched = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731 - a word on how far it is
            found = desk.suggestions(since=since, until=until, thresholds=thresholds, at_most=at_most, progress=watched)
        if accept is not None or refuse:
            _decide(desk, found, accept, refuse or [], {**changes, "by": by, "note": note}, drafts=drafts, form=form)
            return
        shown = found[:limit]
        asking = ask if ask is not None else form is Form.TABLE and sys.stdin.isatty() and sys.stdout.isatty()
        if form is Form.JSON:
            put(as_json({"suggestions": [s.to_json() for s in shown], "found": len(found)}))
        elif not found:
            put("nothing that recurs and is not followed or refused; --min-statements 2 asks for less")
        elif asking:
            _ask(desk, shown, by=by, note=note)
        else:
            for n, one in enumerate(shown, 1):
                put(*_told(one, n))
            put(f"{len(shown)} of {number(len(found), 'suggestion')}; --accept N follows one, --refuse N suggests it no more")


def _refusals(desk: Desk, reopen: str | None, form: Form, *, by: str | None, note: str | None) -> None:
    if reopen is not None:
        desk.reopen_suggestion(reopen, by=by, note=note)
    rows = desk.refused_suggestions()
    if form is Form.JSON:
        put(as_json({"refused": [{"label": r.words[0], "aliases": list(r.words[1:]), "statements": sorted(r.statements)} for r in rows]}))
    else:
        put(*(one_line("; ".join(r.words)) for r in rows) if rows else ("nothing was refused",))


def _decide(desk: Desk, found: Sequence[Suggestion], accept: str | None, refuse: Sequence[str], given: dict[str, Any], *, drafts: bool, form: Form) -> None:
    from onrecord.desk.suggesting import suggestion_named

    # All are looked up before anything is done: afterwards the numbers are others.
    accepted = suggestion_named(found, accept) if accept is not None else None
    gone = [suggestion_named(found, name) for name in refuse]
    if any(one is accepted for one in gone):
        raise UsageError("one suggestion cannot be accepted and refused", item=accept)
    new = None
    if accepted is not None:
        if drafts:
            given["pro"] = given["pro"] or (accepted.pro.content if accepted.pro else None)
            given["contra"] = given["contra"] or (accepted.contra.content if accepted.contra else None)
        new = desk.accept_suggestion(accepted, **given)
    for one in gone:
        desk.refuse_suggestion(one, by=given["by"], note=given["note"])
    if form is Form.JSON:
        put(as_json({"accepted": new, "refused": [one.issue.label for one in gone]}))
        return
    if new is not None:
        put(_followed(new))
    put(*(f"refused: {one_line(one.issue.label)}" for one in gone))


def _followed(name: str) -> str:
    return f"{name}: new, version 1; `onrecord issue read {name}` looks for positions on it"


def _ask(desk: Desk, found: Sequence[Suggestion], *, by: str | None, note: str | None) -> None:
    """Ask about each; every decision is written at once."""
    accepted = refused = wrong = 0
    with keys() as pressed:
        for n, one in enumerate(found, 1):
            put(*_told(one, n))
            while True:
                if pressed.interactive:
                    put(_KEYS)
                got = pressed.key()
                key = _WORDS.get(got.key, got.key)
                if key in ("q", END):
                    put(f"{accepted} accepted, {refused} refused")
                    _end(wrong, pressed)
                    return
                if key == "-":
                    break
                if key == "r":
                    desk.refuse_suggestion(one, by=by, note=note)
                    refused += 1
                    put("refused")
                    break
                if key == "a" and _accepted(desk, one, got, pressed, by=by, note=note):
                    accepted += 1
                    break
                wrong += key != "a" or not pressed.interactive
                if key != "a":
                    say_plainly(f"{one_line(key)!r} means nothing here: {_KEYS}")
        put(f"{accepted} accepted, {refused} refused")
        _end(wrong, pressed)


def _end(wrong: int, pressed: Keys) -> None:
    if wrong and not pressed.interactive:
        raise typer.Exit(1)


def _accepted(desk: Desk, one: Suggestion, got: Pressed, pressed: Keys, *, by: str | None, note: str | None) -> bool:
    name, label = got.argument, None
    if pressed.interactive:
        name = pressed.line(f"id, Enter for {one.issue.id}: ")
        label = pressed.line(f"label, Enter for {one_line(one.issue.label)}: ")
    try:
        put(_followed(desk.accept_suggestion(one, id=name or None, label=label or None, by=by, note=note)))
    except OnrecordError as error:
        say_plainly(str(error))
        return False
    return True


def _told(one: Suggestion, n: int) -> Iterator[Text | str]:
    """A suggestion in some lines: what it is, how it recurs, examples, drafts."""
    also = f"; also: {'; '.join(one.issue.aliases)}" if one.issue.aliases else ""
    yield Text(f"{n:>3}  ").append(one_line(one.issue.label), "bold").append(f"  {one_line(f'({one.issue.id}{also})')}")
    sides = f"{'contested: ' if one.contested else ''}{number(one.backing, 'speaker')} for something, {one.rejecting:,} against"
    span = one.first.isoformat() if one.first == one.last else f"{one.first.isoformat()} to {one.last.isoformat()}"
    yield f"     {sides}; {number(len(one.members), 'statement')}, {number(one.days, 'day')}, {number(one.outlets, 'outlet')}, {span}"
    for example in one.examples:
        yield f"     {one_line(_example(example))}"
    yield ""


def _example(one: Candidate) -> str:
    words = one.content if len(one.content) <= _LONGEST else one.content[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return f"{one.act}, {one.day.isoformat()}, {one.outlet or 'unknown outlet'}, {one.name or 'unknown speaker'}: {words}"

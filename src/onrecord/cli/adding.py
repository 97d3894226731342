"""`onrecord init`, `add` and `reread`: a ledger is made, and filled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord.cli.comparing import put_comparison
from onrecord.cli.ledgers import KEPT, AllowPrivate, Debug, Engine, Form, Format, LedgerName, Model, NoRobots, Workers, located, named, opened, stopping, used
from onrecord.cli.printing import put
from onrecord.cli.read import say_plainly
from onrecord.cli.tallying import count, end, settings_of
from onrecord.errors import SourceError

__all__ = ["add", "init", "reread"]


def init(*, ledger: LedgerName = None, debug: Debug = False) -> None:
    """Make a ledger. One that is there is left as it is.

    \b
    Examples:
      onrecord init
      onrecord init --ledger news.db
      onrecord init --ledger postgresql://desk@db.example/news

    Exit codes: 0 done, 2 it cannot be made there.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.ledger import schema

    with stopping("stopped"), located(ledger, debug=debug) as there:
        made = schema.create(there.database)
        used(there)
        put("the ledger is made" if made else "the ledger is there already")


def add(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, archives, tables, web addresses, or - for standard input.", show_default=False)
    ],
    *,
    url: Annotated[str | None, typer.Option(help="The article's address, when you know better than the page.", show_default=False)] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(help="Its day or moment of publication, such as 2026-03-12.", show_default=False)] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=COLUMN,...", help="Which columns of a table hold what, such as text=Body,title=Headline. Default: by their names.", show_default=False
        ),
    ] = None,
    workers: Workers = 1,
    model: Model = None,
    engine: Engine = "auto",
    allow_private: AllowPrivate = False,
    no_robots: NoRobots = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Read articles and file who said what. What is in the ledger already is left as it is.

    The ledger is made if it is not there. Documents are filed some at a time: a run that is stopped goes on from there when it is started again.

    \b
    Examples:
      onrecord add articles/
      onrecord add https://news.example/story
      onrecord add crawl.warc.gz --workers 4
      onrecord add table.csv --columns text=Body,title=Headline,published=Date
      curl -s https://news.example/story | onrecord add - --url https://news.example/story

    Exit codes: 0 all filed, 1 some documents failed (each named on standard error), 2 the command line or the ledger is wrong, 130 interrupted.
    """  # noqa: D301
    from onrecord.batch import processes
    from onrecord.desk import moment

    moment(published)  # what is wrong is said before the model is loaded
    chosen = named(sources)
    settings = settings_of(model, engine, workers)
    with processes(workers) as mapping, opened(ledger, create=True, debug=debug, settings=settings, map=mapping, interrupted=KEPT) as desk:
        told: dict[str, Any] = {"url": url, "outlet": outlet, "published": published, "columns": columns}
        filed = desk.adding(*chosen, **told, allow_private=allow_private, robots=not no_robots)
        tally = count(filed, doing="reading", total=_expected(chosen))
        if tally.without:
            say_plainly(f"note: no statement in {tally.without:,} of the new texts: another language, a wall, or nothing said; `onrecord article` says why")
        if tally.seen_again and any((url, outlet, published, columns)):
            say_plainly(f"note: the text of {tally.seen_again:,} of the documents is in the ledger already, and keeps the outlet, address and day that it has")
        end(tally, form)


def _expected(sources: Sequence[str | Path]) -> int | None:
    """How many documents there will be; None where a file may hold any number of them."""
    from onrecord.sources import expand, is_url
    from onrecord.sources.files import ENDINGS, PACKED

    try:
        names = [item.name for item in expand([str(s) for s in sources], bundles=True)]
    except SourceError:
        return None
    single = tuple(e + packed for e in ENDINGS for packed in ("", *PACKED))
    return len(names) if all(is_url(name) or name.casefold().endswith(single) for name in names) else None


def reread(
    *,
    compare: Annotated[bool, typer.Option("--compare", help="Read nothing; show what newer readings changed against older ones.")] = False,
    workers: Workers = 1,
    model: Model = None,
    engine: Engine = "auto",
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Read every text again that this model has not read; the older readings stay, superseded, and so do all judgements.

    It may be stopped, and goes on from there when it is started again.

    \b
    Examples:
      onrecord reread --workers 4
      onrecord reread --model models/en-2.0.0
      onrecord reread --compare

    Exit codes: 0 done, 1 some documents failed (each named on standard error), 2 the command line or the ledger is wrong, 130 interrupted.
    """  # noqa: D301
    from onrecord.batch import processes

    if compare:
        with opened(ledger, debug=debug) as desk:
            put_comparison(desk.rereadings(), form)
        return
    settings = settings_of(model, engine, workers)
    with processes(workers) as mapping, opened(ledger, debug=debug, settings=settings, map=mapping, interrupted=KEPT) as desk:
        total, filed = desk.rereading()
        if not total and form is Form.TABLE:
            put("nothing to read: this model has read every text")
            return
        end(count(filed, doing="reading", total=total, again=True), form, again=True)

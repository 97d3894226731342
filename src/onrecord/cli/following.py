"""`onrecord follow`, `unfollow` and `update`: the ledger keeps up with the news."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli.ledgers import KEPT, AllowPrivate, Debug, Engine, Form, Format, LedgerName, Model, NoRobots, Workers, named, opened
from onrecord.cli.printing import as_json, grid, put
from onrecord.cli.read import say_plainly
from onrecord.cli.tallying import SOME_FAILED, count, end, settings_of, told
from onrecord.errors import LedgerError, OnrecordError, SchemaError, UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk, Tally
    from onrecord.desk.following import Follow

__all__ = ["follow", "interval", "unfollow", "update"]

_INTERVAL = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")
#: Seconds of each.
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = 366 * 86400


def follow(
    sources: Annotated[
        list[str], typer.Argument(metavar="URL|OPML...", help="Addresses of feeds, sitemaps or home pages; OPML files of many.", show_default=False)
    ],
    *,
    outlet: Annotated[str | None, typer.Option(help="What to call the outlet of their articles. Default: as the articles say.", show_default=False)] = None,
    allow_private: AllowPrivate = False,
    no_robots: NoRobots = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Follow feeds: RSS, Atom, JSON Feed, sitemaps, the feed that a page announces, or all feeds of an OPML list.

    Articles are read by `onrecord update`. The ledger is made if it is not there.

    \b
    Examples:
      onrecord follow https://news.example/rss.xml
      onrecord follow https://lantern.example --outlet "The Daily Lantern"
      onrecord follow subscriptions.opml

    Exit codes: 0 all are followed, 1 some could not be (each named on standard error), 2 the command line or the ledger is wrong.
    """  # noqa: D301
    chosen = named(sources)
    done: list[Follow] = []
    failed: list[OnrecordError] = []
    with opened(ledger, create=True, debug=debug) as desk:
        for source in chosen:
            try:
                done += desk.follow(source, outlet=outlet, allow_private=allow_private, robots=not no_robots)
            except LedgerError:
                raise
            except OnrecordError as error:
                say_plainly(f"error: {error}")
                failed.append(error)
        _put_follows(done, failed, form)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _put_follows(follows: list[Follow], failed: list[OnrecordError], form: Form) -> None:
    if form is Form.JSON:
        feeds = [{"url": f.url, "title": f.title, "kind": f.kind, "new": f.new} for f in follows]
        put(as_json({"feeds": feeds, "errors": [{"item": e.item, "message": e.message, "hint": e.hint} for e in failed]}))
        return
    new = sum(f.new for f in follows)
    if follows:
        put(grid(("feed", "kind", "title", ""), [(f.url, f.kind or "", f.title or "", "" if f.new else "followed before") for f in follows]))
    put(f"{new:,} new, {len(follows) - new:,} followed before" + (f", {len(failed):,} failed" if failed else ""))
    if new:
        put("`onrecord update` reads what they lead to")


def unfollow(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed, as `onrecord status` lists it.", show_default=False)],
    *,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Follow a feed no more. What came from it stays in the ledger.

    \b
    Examples:
      onrecord unfollow https://news.example/rss.xml

    Exit codes: 0 done, 2 it is not followed, or the ledger is wrong.
    """  # noqa: D301
    with opened(ledger, debug=debug) as desk:
        desk.unfollow(url)
        put("not followed any more; what came from it stays")


def update(
    *,
    every: Annotated[str | None, typer.Option("--every", metavar="TIME", help="Go on for ever, with this pause: 90s, 15m, 2h, 1d.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Ask also feeds that are not due yet.")] = False,
    workers: Workers = 1,
    model: Model = None,
    engine: Engine = "auto",
    allow_private: AllowPrivate = False,
    no_robots: NoRobots = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Ask the feeds that are due, and read what is new or may have changed.

    With --every it goes on for ever: a round, a line, a pause. Errors of feeds and pages are said, and tried again later; so is a ledger that is busy.

    \b
    Examples:
      onrecord update
      onrecord update --every 15m
      onrecord update --all --workers 4 --format json

    Exit codes: 0 all well, 1 some feeds or pages failed (each named on standard error), 2 the command line or the ledger is wrong, 130 interrupted.
    """  # noqa: D301
    from onrecord.batch import processes
    from onrecord.desk.following import EVERY

    pause = interval(every) if every is not None else None
    settings = settings_of(model, engine, workers)

    def one_round(desk: Desk) -> Tally:
        filed = desk.updating(everything=everything, every=pause or EVERY, allow_private=allow_private, robots=not no_robots)
        return count(filed, doing="updating")

    with processes(workers) as mapping, opened(ledger, debug=debug, settings=settings, map=mapping, interrupted=KEPT) as desk:
        if pause is None:
            end(one_round(desk), form)
        while pause is not None:
            try:
                _put_round(one_round(desk), form)
            except SchemaError:
                raise
            except LedgerError as error:
                # Whoever holds the ledger will be done some time; a server comes up again.
                say_plainly(f"{_now()}  error: {error}; trying again in {every}")
            time.sleep(pause.total_seconds())


def _put_round(tally: Tally, form: Form) -> None:
    from onrecord.export.jsons import dumped

    put(dumped({"at": _now(), **tally.to_json()}) if form is Form.JSON else f"{_now()}  {told(tally)}")


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def interval(text: str) -> timedelta:
    """A span of time: `90s`, `15m`, `2h`, `1d`, `1h30m`.

    Raises:
        UsageError: It is none, nothing, or more than a year.
    """
    said = "".join(text.split()).lower()
    parts = _PART.findall(said) if _INTERVAL.fullmatch(said) else []
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= _LONGEST:
        raise UsageError("no span of time", item=text, hint="write 90s, 15m, 2h, 1d or 1h30m; a year at most")
    return timedelta(seconds=seconds)

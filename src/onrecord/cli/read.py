"""`onrecord read`: articles in, statements out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from onrecord.cli.screen import visible
from onrecord.cli.writer import Format, Writer
from onrecord.desk import Outcome, Settings, agenda_named, coder_named, read_many, reader_named, roster_named
from onrecord.errors import OnrecordError, UsageError
from onrecord.sources import expand

__all__ = ["read"]

SOME_FAILED = 1


def read(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, web addresses, or - for standard input.", show_default=False)],
    *,
    form: Annotated[Format, typer.Option("--format", "-f", help="table for people, the others for machines; html is a page to read and print.")] = Format.TABLE,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="PATH", help="A file for one input; a folder for several: one file each, named after the input.", show_default=False
        ),
    ] = None,
    url: Annotated[str | None, typer.Option(help="The article's address, when you know better than the page.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(help="Its day or moment of publication, such as 2026-03-12.", show_default=False)] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it.", show_default=False)] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Leave out statements that the reader is less sure of.")] = 0.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Articles to read at the same time, each in a process of its own.")] = 1,
    model: Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)] = None,
    roster: Annotated[
        str | None, typer.Option(metavar="FILE", envvar="ONRECORD_ROSTER", help="Known actors, YAML or CSV; see `onrecord actors`.", show_default=False)
    ] = None,
    judgements: Annotated[
        str | None, typer.Option(metavar="FILE", envvar="ONRECORD_JUDGEMENTS", help="Judgements on which of them are one.", show_default=False)
    ] = None,
    agenda: Annotated[
        str | None,
        typer.Option(metavar="FILE", envvar="ONRECORD_AGENDA", help="Issues to find positions on, YAML: id, label, aliases, for, against.", show_default=False),
    ] = None,
    engine: Annotated[str, typer.Option(help="auto, onnxruntime or openvino.")] = "auto",
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of one process. Default: all cores, shared by --jobs.", show_default=False)] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside your own network, too.")] = False,
    no_robots: Annotated[bool, typer.Option("--no-robots", help="Do not ask robots.txt. Be sure that you may.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Find the attributed statements in news articles.

    Reads HTML, plain text, Markdown, and JSON (schema.org NewsArticle, IPTC ninjs, JSON Feed).

    \b
    Examples:
      onrecord read article.html
      onrecord read articles/ --format jsonl --output statements/
      onrecord read article.txt --format html --output article.html
      curl -s https://news.example/story | onrecord read - --format csv

    Exit codes: 0 all read, 1 some inputs failed (each named on standard error), 2 the command line is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    if debug:
        os.environ["ONRECORD_DEBUG"] = "1"
    settings = Settings(
        url=url,
        published=_published(published),
        outlet=outlet,
        model=model,
        engine=engine,
        threads=threads or _share(jobs),
        roster=roster,
        judgements=judgements,
        agenda=agenda,
    )
    items = expand(inputs, allow_private=allow_private, robots=not no_robots, skip=Path(output) if output else None)
    several = len(items) > 1 or os.path.isdir(inputs[0])  # noqa: PTH112 - pathlib raises where a name is too long to exist
    writer = Writer(form, output, items, several=several, min_score=min_score)
    # A missing model is one error, not one for every item.
    reader_named(settings.model, settings.engine, settings.threads)
    coder_named(settings.engine, settings.threads)
    if roster:
        roster_named(roster)
    if agenda:
        agenda_named(agenda)
    failed = 0
    with _enough(), _Watch(len(items)) as watch, _mapping(jobs, len(items)) as mapping:
        for outcome in read_many(items, settings, map=mapping):
            if outcome.error is None:
                _put(writer, outcome, watch)
            else:
                failed += 1
                watch.say(f"error: {outcome.error}")
                if os.environ.get("ONRECORD_DEBUG") and outcome.error.__cause__ is not None:
                    raise outcome.error
            watch.advance()
        writer.close()
    if failed:
        say_plainly(f"{failed} of {len(items)} inputs failed")
        raise typer.Exit(SOME_FAILED)


def _put(writer: Writer, outcome: Outcome, watch: _Watch) -> None:
    """Write what was read; where the form has no place for an article's notes, they go to standard error."""
    try:
        with watch.aside() if sys.stdout.isatty() else nullcontext():
            writer.write(outcome)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot write: {error.strerror or error}", item=str(error.filename or "<stdout>"), hint="check --output") from error
    if writer.form in (Format.JSONL, Format.CSV):
        for record in outcome.records:
            for note in record.article.notes:
                watch.say(f"note: {record.article.source}: {note}")


def say_plainly(message: str) -> None:
    """Print a line to standard error, without markup and with control characters made visible."""
    Console(stderr=True, emoji=False).print(one_line(message), markup=False, highlight=False, soft_wrap=True)


def one_line(message: str) -> str:
    """A message with a file's strange name in it is one line all the same."""
    return visible(message.replace("\n", "\\n"))


def _published(value: str | None) -> Any:  # noqa: ANN401 - datetime or None, as the desk reads it
    from onrecord.desk import moment

    return moment(value)


def _share(jobs: int) -> int | None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // jobs) if jobs > 1 else None


@contextmanager
def _enough() -> Iterator[None]:
    """Whoever reads our output may stop when he has enough: leave without a complaint, Python's own at shutdown included."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


class _Watch:
    """What a person sees while reading goes on: a bar on standard error, if that is a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        console = Console(stderr=True)
        # How long one article takes is not known beforehand; that it goes on is.
        columns = (
            (SpinnerColumn(), TextColumn("reading"), TimeElapsedColumn())
            if total == 1
            else (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        )
        # rich would send what is printed to standard output to the bar's console, even into a file.
        self._bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False, disable=not console.is_terminal)
        self._task = self._bar.add_task("reading", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self) -> None:
        self._bar.advance(self._task)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Something else is printed: the bar makes room."""
        self._bar.stop()
        try:
            yield
        finally:
            if self._total > 1:
                self._bar.start()

    def say(self, message: str) -> None:
        with self.aside():
            say_plainly(message)


@contextmanager
def _mapping(jobs: int, items: int) -> Iterator[Callable[..., Iterable[Outcome]]]:
    if jobs == 1 or items == 1:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A process forked after threads have begun may hang; a fresh one cannot.
    with ProcessPoolExecutor(min(jobs, items), mp_context=get_context("spawn")) as pool:
        yield pool.map


def failure(error: OnrecordError) -> str:
    """How an error reads on the command line."""
    return f"onrecord: {error}"

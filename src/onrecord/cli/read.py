"""`onrecord read`: articles in, statements out."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from onrecord.desk import Outcome, Record, Settings, read_many, reader_named
from onrecord.errors import OnrecordError, UsageError
from onrecord.export import to_csv, to_html, to_jsonl
from onrecord.sources import Item, expand

__all__ = ["Format", "read"]

SOME_FAILED = 1
#: Columns of a table that goes to a file or a pipe.
_WIDE = 160


class Format(StrEnum):
    """Forms of output."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


def read(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, web addresses, or - for standard input.", show_default=False)],
    *,
    form: Annotated[Format, typer.Option("--format", "-f", help="table for people, the others for machines; html is a page to read and print.")] = Format.TABLE,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file for one input; a folder for several: one file each, named after the input.", show_default=False),
    ] = None,
    url: Annotated[str | None, typer.Option(help="The article's address, when you know better than the page.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(help="Its day or moment of publication, such as 2026-03-12.", show_default=False)] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it.", show_default=False)] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Leave out statements that the reader is less sure of.")] = 0.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Articles to read at the same time, each in a process of its own.")] = 1,
    model: Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)] = None,
    engine: Annotated[str, typer.Option(help="auto, onnxruntime or openvino.")] = "auto",
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of one process. Default: all cores, shared by --jobs.", show_default=False)] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside your own network, too.")] = False,
    no_robots: Annotated[bool, typer.Option("--no-robots", help="Do not ask robots.txt. Be sure that you may.")] = False,
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
    settings = Settings(url=url, published=_published(published), outlet=outlet, model=model, engine=engine, threads=threads or _share(jobs))
    several = len(inputs) > 1 or Path(inputs[0]).is_dir()
    items = expand(inputs, allow_private=allow_private, robots=not no_robots)
    writer = _Writer(form, output, several=several, min_score=min_score)
    # A missing model is one error, not one for every item.
    reader_named(settings.model, settings.engine, settings.threads)
    failed = 0
    with _progress(len(items)) as (advance, say), _mapping(jobs, len(items)) as mapping:
        for outcome in read_many(items, settings, map=mapping):
            if outcome.error is None:
                try:
                    writer.write(outcome)
                except OSError as error:
                    raise UsageError(
                        f"cannot write: {error.strerror or error}", item=str(error.filename or output or "<stdout>"), hint="check --output"
                    ) from error
            else:
                failed += 1
                say(f"error: {outcome.error}")
                if os.environ.get("ONRECORD_DEBUG") and outcome.error.__cause__ is not None:
                    raise outcome.error
            advance()
        writer.close()
    if failed:
        say_plainly(f"{failed} of {len(items)} inputs failed")
        raise typer.Exit(SOME_FAILED)


def say_plainly(message: str) -> None:
    """Print a line to standard error, without markup and with control characters made visible."""
    Console(stderr=True).print(visible(message), markup=False, highlight=False, soft_wrap=True)


def visible(text: str) -> str:
    """A text that cannot move the cursor, ring the bell or change colours."""
    return "".join(c if c.isprintable() or c in "\n\t\xa0" else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    if "\ud800" <= c <= "\udfff":
        return "\ufffd"
    # Joiners and direction marks are left out: a terminal shows nothing for them, or the rest of the line backwards.
    return f"\\x{ord(c):02x}" if ord(c) <= _LATIN else ""


_LATIN = 0xFF


def _published(value: str | None) -> Any:  # noqa: ANN401 - datetime or None, as the desk reads it
    from onrecord.desk import moment

    return moment(value)


def _share(jobs: int) -> int | None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // jobs) if jobs > 1 else None


@contextmanager
def _progress(total: int) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    console = Console(stderr=True)
    if total == 1 or not console.is_terminal:
        yield (lambda: None), say_plainly
        return
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield (lambda: bar.advance(task)), (lambda message: bar.console.print(visible(message), markup=False, highlight=False, soft_wrap=True))


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


@dataclass(slots=True)
class _Writer:
    """Puts records where the user wants them, as they come."""

    form: Format
    output: Path | None
    several: bool
    min_score: float
    written: int = 0

    def __post_init__(self) -> None:
        if self.form is Format.HTML and self.several and self.output is None:
            raise UsageError("several pages do not fit on one standard output", hint="give --output FOLDER")
        if self.form is Format.TABLE and self.output is not None and self.several:
            raise UsageError("tables of several inputs are for the screen", hint="give --format jsonl, json, csv or html with --output FOLDER")
        if self.output is not None and self.several and self.output.exists() and not self.output.is_dir():
            raise UsageError("several inputs need a folder, and this is a file", item=str(self.output), hint="give --output FOLDER")

    def write(self, outcome: Outcome) -> None:
        for number, record in enumerate(outcome.records, 1):
            kept = Record(record.article, tuple(s for s in record.statements if s.score >= self.min_score))
            if self.output is None:
                self._print(kept)
            else:
                _write(self._path(outcome.item, number), self._text(kept))
            self.written += 1

    def close(self) -> None:
        if self.output is None and self.form is Format.JSON and self.several:
            sys.stdout.write("]\n" if self.written else "[]\n")
        sys.stdout.flush()

    def _path(self, item: Item, number: int) -> Path:
        output = self.output or Path()
        suffix = f"-{number}" if number > 1 else ""
        if not self.several and not output.is_dir():
            return output if number == 1 else output.with_name(f"{output.stem}{suffix}{output.suffix}")
        ending = "txt" if self.form is Format.TABLE else str(self.form)
        return output / f"{item.stem}{suffix}.{ending}"

    def _text(self, record: Record) -> str:
        if self.form is Format.TABLE:
            page = io.StringIO()
            show(record, Console(file=page, width=_WIDE, color_system=None))
            return page.getvalue()
        return _formatted(self.form, record)

    def _print(self, record: Record) -> None:
        if self.form is Format.TABLE:
            show(record, Console(width=None if sys.stdout.isatty() else _WIDE), first=self.written == 0)
        elif self.form is Format.JSON and self.several:
            sys.stdout.write(("[" if self.written == 0 else ",") + "\n" + _formatted(self.form, record))
        elif self.form is Format.CSV:
            sys.stdout.write(to_csv(record.article, record.statements, header=self.written == 0))
        else:
            sys.stdout.write(_formatted(self.form, record))


def _formatted(form: Format, record: Record) -> str:
    if form is Format.JSONL:
        return to_jsonl(record.statements)
    if form is Format.CSV:
        return to_csv(record.article, record.statements)
    if form is Format.HTML:
        return to_html(record.article, record.statements)
    return json.dumps(record.to_json(), indent=2, ensure_ascii=any("\ud800" <= c <= "\udfff" for c in record.article.revision.text)) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def show(record: Record, console: Console, *, first: bool = True) -> None:
    """Print a record for people: the article's header, what stands against it, the statements."""
    article = record.article
    data = article.to_json(text=False)
    if not first:
        console.print()
    console.print(f"[bold]{_safe(article.title or article.source)}[/bold]", highlight=False)
    facts = [
        ("outlet", article.outlet),
        ("by", article.byline),
        ("section", article.section),
        ("published", data["published"]),
        ("updated", data["updated"]),
        ("url", article.url),
    ]
    facts += [("language", article.language), ("revision", article.revision.id)]
    for name, value in facts:
        if value:
            console.print(f"  {name:<10}{_safe(str(value))}", highlight=False, soft_wrap=True)
    for note in article.notes:
        console.print(f"  [yellow]note[/yellow]      {_safe(note)}", highlight=False, soft_wrap=True)
    if not record.statements:
        console.print("  no attributed statements", highlight=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("speaker", ratio=3, overflow="fold")
    table.add_column("kind", no_wrap=True)
    table.add_column("words", ratio=10, overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    for s in record.statements:
        speaker = s.speaker or ("(unknown)" if str(s.attribution) == "none" else "(implicit)")
        speaker = f"{speaker} (carried on)" if str(s.attribution) == "continuation" else speaker
        kind = str(s.kind) if s.paragraph == "body" else f"{s.kind}, {s.paragraph}"
        table.add_row(_safe(speaker), kind, _safe(" … ".join(c.exact for c in s.content)), f"{s.score:.2f}")
    console.print(table)


def _safe(text: str) -> str:
    return escape(visible(" ".join(text.split())))


def failure(error: OnrecordError) -> str:
    """How an error reads on the command line."""
    return f"onrecord: {error}"

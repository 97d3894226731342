"""`onrecord score`: how well the reader does on gold, and whether it still reaches its floors.

Exit codes: 0 all well, 1 below a floor, 2 the command line, the gold or the model is at fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import onrecord
from onrecord.cli import score_actors, score_copies, score_positions, score_quantities
from onrecord.cli.screen import counting
from onrecord.errors import OnrecordError, StatementError, UsageError
from onrecord.reading import Reader
from onrecord.scoring.corpora import read_gold
from onrecord.scoring.floors import Floor, Shortfall, check, known, lower, packaged_floors, pin, read_floors, write_floors
from onrecord.scoring.gold import GoldArticle
from onrecord.scoring.measure import Score, score
from onrecord.scoring.signature import Maker
from onrecord.scoring.spans import Attributed

__all__ = ["app"]

BELOW_FLOOR = 1
FAULT = 2


class Variant(StrEnum):
    """Typography that the gold is read in."""

    PLAIN = "plain"
    SINGLE_QUOTES = "single-quotes"


class Format(StrEnum):
    """How a score is printed."""

    TABLE = "table"
    JSON = "json"


class _Group(typer.core.TyperGroup):
    """`onrecord score GOLD` is short for `onrecord score statements GOLD`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the context class is click's or typer's own, by typer's version
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = ["statements", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Measure the reader against gold. `onrecord score GOLD` is short for `onrecord score statements GOLD`.",
)


@app.command("statements", short_help="Score the statements found in gold.")
def statements(
    gold: Annotated[
        list[Path], typer.Argument(metavar="GOLD", help="Files or folders: *.gold, PolNeAR JSON lines, CoFeNet JSON lines. The format is recognised.")
    ],
    *,
    variant: Annotated[Variant, typer.Option(help="Read the gold as it is, or with all double quotation marks turned to single ones.")] = Variant.PLAIN,
    form: Annotated[Format, typer.Option("--format", help="A table for people, or JSON.")] = Format.TABLE,
    floors: Annotated[Path | None, typer.Option(help="File of floors to check against. Default: those in the package, if they know the gold.")] = None,
    do_pin: Annotated[bool, typer.Option("--pin", help="Set floors in the file of --floors from this score; raises them, never lowers.")] = False,
    do_lower: Annotated[bool, typer.Option("--lower", help="As --pin, and lower the floors that the score is below. Needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why floors are lowered; kept in the file.")] = "",
    margin: Annotated[float, typer.Option(min=0, max=100, help="Points of F1 to leave between a score and the floor set from it.")] = 0.0,
    limit: Annotated[int | None, typer.Option(min=1, help="Score the first texts only, for a quick look; floors are not checked.")] = None,
    calibration: Annotated[bool, typer.Option("--calibration", help="Show how many statements are right by the score they were given.")] = False,
    model: Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)] = None,
    engine: Annotated[str, typer.Option(help="auto, onnxruntime or openvino.")] = "auto",
) -> None:
    """Score the statements found in gold: exact spans, and whole attributions."""
    with _faults():
        _check_options(floors=floors, do_pin=do_pin, do_lower=do_lower, reason=reason, limit=limit)
        corpus = read_gold(*gold)
        reader = _DeskReader(Reader.load(model, engine=engine, actors=False))
        articles = corpus.articles[:limit]
        with counting() as advance:
            result = score(
                _advancing(articles, advance),
                reader.read,
                corpus=corpus.name if len(articles) == len(corpus.articles) else f"{corpus.name}[:{limit}]",
                variant=variant.value,
                maker=reader.maker,
            )
        mine, below = _floors(result, floors, limit=limit, setting=do_pin or do_lower)
        _print_score(result, mine, form, calibration=calibration)
        if do_pin or do_lower:
            below = _set_floors(result, floors, reason=reason if do_lower else None, margin=margin / 100)
        _report(below)
    if below:
        raise typer.Exit(BELOW_FLOOR)


@app.command("extraction")
def extraction(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="Archive of pages with known text and metadata.")],
    *,
    form: Annotated[Format, typer.Option("--format", help="A table for people, or JSON.")] = Format.TABLE,
) -> None:
    """Score the extraction of text and metadata from pages."""
    from onrecord.scoring.extraction import score_extraction

    with _faults():
        with counting() as advance:
            result = score_extraction(archive, progress=advance)
        if form is Format.JSON:
            typer.echo(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
        else:
            typer.echo(str(result))


for _command in (score_actors.speakers, score_actors.coreference, score_actors.mentions, score_actors.dates):
    app.command(_command.__name__)(_command)
app.command("stances")(score_positions.stances)
app.command("acts")(score_positions.acts)
app.command("matrix")(score_positions.matrix)
app.command("copies")(score_copies.copies)
app.command("quantities")(score_quantities.quantities)


class _DeskReader:
    """The desk as the scorer wants it: a text in, offsets into that text out."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def read(self, text: str) -> list[Attributed]:
        """Read one text as a user would.

        Raises:
            StatementError: The desk read another text than it was given, so its offsets mean nothing here.
        """
        record = onrecord.read(text, reader=self.reader)
        if record.article.revision.text != text:
            raise StatementError("the desk changed the text it was given", hint="plain text is to be read as it stands; report this as a fault of onrecord")
        return [Attributed.of(s) for s in record.statements]

    def maker(self) -> Maker:
        """What the reader says of itself."""
        manifest = self.reader.manifest
        return Maker(reader=self.reader.name, model=manifest.digest, engine=f"{self.reader.engine} {manifest.form}", onrecord=version("onrecord"))


def _check_options(*, floors: Path | None, do_pin: bool, do_lower: bool, reason: str, limit: int | None) -> None:
    if do_pin and do_lower:
        raise UsageError("--pin and --lower together", hint="--lower also pins; give one of them")
    if (do_pin or do_lower) and floors is None:
        raise UsageError("no file to set floors in", hint="name it: --floors FILE")
    if do_lower and not reason.strip():
        raise UsageError("lowering a floor takes a reason", hint="say why in a sentence: --reason …")
    if reason and not do_lower:
        raise UsageError("--reason is for --lower", hint="raising a floor needs no reason")
    if limit is not None and floors is not None:
        raise UsageError("--limit scores a part of the gold, and floors are for the whole", hint="give one of --limit and --floors")


def _floors(result: Score, path: Path | None, *, limit: int | None, setting: bool) -> tuple[list[Floor], list[Shortfall]]:
    """The floors that go with a score, and the measures below them. A file that the user names must know the gold, unless it is to be set."""
    if limit is not None or (setting and path is not None and not path.exists()):
        return [], []
    file = path or packaged_floors()
    there = read_floors(file)
    mine = known(result, there)
    if not mine and (path is None or setting):
        return [], []
    return mine, check(result, there, file=str(file))


def _set_floors(result: Score, path: Path | None, *, reason: str | None, margin: float) -> list[Shortfall]:
    """Write the floors; returns the shortfalls that stand in the way of pinning."""
    if path is None:
        return []
    there = read_floors(path) if path.exists() else []
    if reason is None and known(result, there) and (below := check(result, there, file=str(path))):
        return below
    today = datetime.now(UTC).date()
    changed = pin(result, there, on=today, margin=margin) if reason is None else lower(result, there, reason=reason, on=today, margin=margin)
    write_floors(path, changed)
    Console(stderr=True).print(f"floors for {result.corpus} ({result.variant}) written to {path}", markup=False, highlight=False)
    return []


def _print_score(result: Score, mine: Sequence[Floor], form: Format, *, calibration: bool) -> None:
    if form is Format.JSON:
        floors = {floor.measure: floor.floor for floor in mine}
        typer.echo(json.dumps(result.to_json() | {"floors": floors}, indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(_table(result, mine))
    if calibration:
        console.print(_calibration(result))
    if result.without_content:
        _line(console, f"gold attributions without content, which joined leaves out: {result.without_content}")
    for ident, message in result.failures:
        _line(console, f"not read, counted as empty: {ident}: {message}")
    _line(console, result.signature)


def _table(result: Score, mine: Sequence[Floor]) -> Table:
    floors = {floor.measure: floor.floor for floor in mine}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("measure")
    for name in ("P", "R", "F1", "95% interval", *(["floor"] if floors else []), "gold", "predicted", "matched"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, prf in result.totals.items():
        interval = result.interval(name)
        floor = [_points(floors[name]) if name in floors else "-"] if floors else []
        counts = (str(prf.gold), str(prf.predicted), str(prf.matched))
        table.add_row(name, _points(prf.precision), _points(prf.recall), _points(prf.f1), f"{_points(interval.low)}-{_points(interval.high)}", *floor, *counts)
    return table


def _calibration(result: Score) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("score", "statements", "right"):
        table.add_column(name, justify="right", no_wrap=True)
    for band in result.bands:
        table.add_row(f"{band.low:.2f}-{band.high:.2f}", str(band.number), "-" if band.share is None else f"{100 * band.share:.0f}%")
    return table


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _report(below: Sequence[Shortfall]) -> None:
    console = Console(stderr=True)
    for shortfall in below:
        _line(console, str(shortfall))


@contextmanager
def _faults() -> Iterator[None]:
    """Print an error raised on purpose, and leave with its exit code."""
    try:
        yield
    except OnrecordError as error:
        _line(Console(stderr=True), f"onrecord score: {error}")
        raise typer.Exit(FAULT) from error


def _advancing(items: Sequence[GoldArticle], advance: Callable[[int, int], None]) -> Iterator[GoldArticle]:
    for done, item in enumerate(items):
        advance(done, len(items))
        yield item
    advance(len(items), len(items))

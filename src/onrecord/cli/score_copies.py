"""`onrecord score copies`: how well copies of one text are found, on labelled pairs of articles."""

from __future__ import annotations

import json
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from onrecord.articles.duplicates import METHOD
from onrecord.cli.screen import counting
from onrecord.text import stable_id

if TYPE_CHECKING:
    from onrecord.scoring.copies import CopyScore, LabelledPair, Made, Spread

__all__ = ["copies"]


class Rule(StrEnum):
    """What judges."""

    COPIES = METHOD
    COMPARE = "compare.v1"
    MINHASH = "minhash.v1"


def copies(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS", help="Labelled pairs, such as tests/articles/copies-dev.jsonl.")],
    *,
    articles: Annotated[list[Path], typer.Option(metavar="FILE", help="JSON lines with the texts, .gz and .xz too; several times for several files.")],
    rule: Annotated[Rule, typer.Option(help="The product's rule, its judgement without the bands, or plain MinHash.")] = Rule.COPIES,
    sure: Annotated[bool, typer.Option("--sure", help="Leave out pairs that the labeller had doubts about.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Look for copies among all texts of the files, too.")] = False,
    made: Annotated[int, typer.Option(min=0, help="Make copies of so many texts by cutting and editing, and look for them, too.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    floor: Annotated[float, typer.Option(min=0, max=100, help="Leave with 1 if F1 is below this.")] = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right. Not for the held half.")] = False,
) -> None:
    """Score which articles are copies of one text: pairs, groups of documents, time."""
    from onrecord.scoring.copies import judge_made, read_pairs, read_texts, score_copies, spread

    labelled = tuple(p for p in read_pairs(pairs) if p.sure or not sure)
    texts = read_texts(articles)
    with counting() as advance:
        score = score_copies(labelled, texts, rule=rule.value, progress=advance)
        found = spread(texts, progress=advance) if everything else None
    tried = judge_made(texts, number=made) if made else ()
    sign = _signature(pairs.stem, labelled, score, rule.value)
    if as_json:
        typer.echo(json.dumps(_as_json(score, tried, found, sign), indent=2))
    else:
        _print(score)
        _print_more(tried, found)
        typer.echo(sign)
    for f in score.found if errors else ():
        if f.same != (f.pair.label == "copy"):
            typer.echo(f"{f.pair.a} {f.pair.b} {f.pair.label}{'' if f.pair.sure else '?'}: {f.score:.2f}, {'met' if f.candidate else 'no band'}; {f.why}")
    if 100 * score.total.f1 < floor:
        Console(stderr=True).print(f"below the floor: F1 {100 * score.total.f1:.1f} < {floor:.1f}", markup=False, highlight=False)
        raise typer.Exit(1)


def _rates(score: CopyScore) -> dict[str, tuple[float, float, float]]:
    total, intervals = score.total, score.intervals()
    values = (total.precision, total.recall, total.f1)
    return {name: (value, i.low, i.high) for name, value, i in zip(("precision", "recall", "F1"), values, intervals, strict=True)}


def _print(score: CopyScore) -> None:
    for name, (value, low, high) in _rates(score).items():
        typer.echo(f"{name:<10}{100 * value:6.1f}   95% interval {100 * low:.1f}-{100 * high:.1f}")
    typer.echo(f"{'ARI':<10}{score.rand:6.3f}   over {score.documents} documents")
    typer.echo(f"{'label':<10} pairs   met  called copies")
    for label, (pairs, met, same) in score.called().items():
        typer.echo(f"{label:<10}{pairs:>6}{met:>6}{same:>15}")
    typer.echo(f"a signature {1000 * score.seconds[0]:.2f} ms, a comparison {1000 * score.seconds[1]:.2f} ms")


def _print_more(made: tuple[Made, ...], found: Spread | None) -> None:
    if made:
        typer.echo(f"{'made copies':<34}{'texts':>6}{'met':>7}{'found':>7}")
    for m in made:
        typer.echo(f"{m.way:<34}{m.number:>6}{100 * m.candidates / max(1, m.number):>6.1f}%{100 * m.same / max(1, m.number):>6.1f}%")
    if found:
        typer.echo(
            f"all texts: {found.texts}, {found.short} too short; {found.candidates} candidate pairs, {found.candidates / max(1, found.texts):.2f} a text"
        )
        typer.echo(f"pairs called copies: {len(found.same)}, in {len(found.groups)} groups")


def _as_json(score: CopyScore, made: tuple[Made, ...], found: Spread | None, sign: str) -> dict[str, object]:
    total = score.total
    out: dict[str, object] = {
        **{name: {"value": value, "low": low, "high": high} for name, (value, low, high) in _rates(score).items()},
        "counts": {"gold": total.gold, "predicted": total.predicted, "matched": total.matched},
        "adjusted_rand": score.rand,
        "documents": score.documents,
        "labels": {label: dict(zip(("pairs", "met", "called"), row, strict=True)) for label, row in score.called().items()},
        "seconds": {"signature": score.seconds[0], "comparison": score.seconds[1]},
    }
    if made:
        out["made"] = [{"way": m.way, "texts": m.number, "met": m.candidates, "found": m.same} for m in made]
    if found:
        pairs = [{"a": a, "b": b, "score": s} for a, b, s in found.same]
        out["all"] = {"texts": found.texts, "short": found.short, "candidates": found.candidates, "pairs": pairs, "groups": found.groups}
    return out | {"signature": sign}


def _signature(name: str, pairs: tuple[LabelledPair, ...], score: CopyScore, rule: str) -> str:
    digest = stable_id("g1", *sorted(" ".join((*sorted((p.a, p.b)), p.label)) for p in pairs)).removeprefix("g1:")
    return f"{name}|pairs:{len(pairs)}|docs:{score.documents}|sha:{digest}|match:{rule}|onrecord:{version('onrecord')}"

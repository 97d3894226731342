"""`onrecord score quantities`: how well figures and horizons are read, on marked sentences."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from onrecord.scoring.figures import FigureScore

__all__ = ["quantities"]


def quantities(
    gold: Annotated[Path, typer.Argument(metavar="FILE", help="Marked sentences, such as tests/positions/figures-dev.txt.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    floor: Annotated[float, typer.Option(min=0, max=100, help="Leave with 1 if F1 of quantities is below this.")] = 0.0,
    horizon_floor: Annotated[float, typer.Option(min=0, max=100, help="Likewise of horizons.")] = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right. Not for the held half.")] = False,
) -> None:
    """Score quantities and horizons: values, units and bounds; relations and dates."""
    from onrecord.scoring.figures import read_figures, score_figures

    score = score_figures(read_figures(gold))
    sign = f"{gold.stem}|sentences:{len(score.sentences)}|sha:{score.digest}|match:figures.v1|onrecord:{version('onrecord')}"
    typer.echo(json.dumps(_as_json(score) | {"signature": sign}, indent=2) if as_json else f"{_table(score)}\n{sign}")
    for judged in score.sentences if errors else ():
        for wrong in judged.wrong:
            typer.echo(f"{gold}:{judged.gold.line}: {wrong}")
    below = [(m, f) for m, f in (("quantity", floor), ("horizon", horizon_floor)) if 100 * score.total(m).f1 < f]
    for measure, least in below:
        Console(stderr=True).print(f"below the floor: {measure} F1 {100 * score.total(measure).f1:.1f} < {least:.1f}", markup=False, highlight=False)
    if below:
        raise typer.Exit(1)


def _rows(score: FigureScore) -> dict[str, dict[str, Any]]:
    from onrecord.scoring.figures import FIGURES

    out = {}
    for measure in FIGURES:
        total, interval = score.total(measure), score.interval(measure)
        rates = {"precision": total.precision, "recall": total.recall, "f1": total.f1, "interval": [interval.low, interval.high]}
        out[measure] = rates | {"gold": total.gold, "predicted": total.predicted, "matched": total.matched}
    return out


def _table(score: FigureScore) -> str:
    lines = [f"{'measure':<16}{'P':>7}{'R':>7}{'F1':>7}   {'95% interval':<14}{'gold':>6}{'predicted':>11}{'matched':>9}"]
    for name, r in _rows(score).items():
        low, high = r["interval"]
        rates = "".join(f"{100 * r[k]:>7.1f}" for k in ("precision", "recall", "f1"))
        lines.append(f"{name:<16}{rates}   {f'{100 * low:.1f}-{100 * high:.1f}':<14}{r['gold']:>6}{r['predicted']:>11}{r['matched']:>9}")
    return "\n".join(lines)


def _as_json(score: FigureScore) -> dict[str, Any]:
    return {"measures": _rows(score), "sentences": len(score.sentences)}

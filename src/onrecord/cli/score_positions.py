"""`onrecord score stances` and `onrecord score acts`: where people stand and what they do by saying it, against gold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console

from onrecord.cli.screen import counting
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.positions.coder import Coder
    from onrecord.scoring.stances import F1, StanceCase

__all__ = ["acts", "matrix", "stances"]

_Model = Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
_Floor = Annotated[float, typer.Option(min=0, max=100, help="Leave with 1 if macro-F1 is below this.")]
_Sets = Annotated[list[Path] | None, typer.Argument(metavar="[FILE...]", help="Sets in YAML, see tests/positions/README.md.", show_default=False)]
_BATCH = 256


def stances(
    files: _Sets = None,
    perspectrum: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Perspectrum 1.0.", show_default=False)] = None,
    codes: Annotated[Path | None, typer.Option(metavar="FILE", help="Codes as offsets: training/positions_data/codes.jsonl.", show_default=False)] = None,
    articles: Annotated[Path | None, typer.Option(metavar="FILE", help="What they are offsets of: news.jsonl.xz.", show_default=False)] = None,
    issues: Annotated[Path, typer.Option(metavar="FILE", help="The issues of those codes.")] = Path("training/positions_data/issues.yaml"),
    *,
    part: Annotated[str, typer.Option(help="Of Perspectrum train, dev or test; of codes train, dev or held.")] = "",
    taught: Annotated[bool, typer.Option("--taught", help="Also after 20 codings of each issue, on the rest of its statements.")] = False,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right. Not for what is held aside.")] = False,
) -> None:
    """Score stances: the statement and the issue are given, the stance is found."""
    from onrecord.positions.coder import Coder
    from onrecord.scoring.stances import StanceCase, articles_by_digest, coded_cases, macro_f1, perspectrum_cases, yaml_cases
    from onrecord.scoring.taught import after_codings, coded_once, coded_twice, condition_scores, sure_scores

    coder, every = Coder.load(model), list[StanceCase]()
    if perspectrum:
        cases, labels, rule = perspectrum_cases(perspectrum, part or "test"), ["support", "oppose"], f"perspectrum-{part or 'test'}.v1"
    elif codes and articles:
        every = coded_cases(codes, issues, articles_by_digest(articles), part or "held")
        cases, labels, rule = coded_once(every), list(coder.manifest.stances), f"coded-{part or 'held'}.v1"
    elif files:
        cases, labels, rule = [c for f in files for c in yaml_cases(f)], list(coder.manifest.stances), "stances.v1"
    else:
        raise UsageError("no gold", hint="give YAML files, --perspectrum FOLDER, or --codes FILE --articles FILE")
    # Two labels are left to choose from: what the model was shifted by, since most statements are on no issue, says nothing of those.
    probabilities = _probabilities(coder, cases, raw=perspectrum is not None)
    columns = [coder.manifest.stances.index(label) for label in labels]
    found = [labels[int(row[columns].argmax())] for row in probabilities]
    value, each = macro_f1([(c.stance, f) for c, f in zip(cases, found, strict=True)], [k for k in labels if any(c.stance == k for c in cases)])
    out: dict[str, Any] = {"cases": len(cases), "macro_f1": 100 * value, "accuracy": 100 * _right(cases, found), "labels": _shown(each)}
    if not perspectrum:
        out["sure"] = sure_scores(cases, probabilities, labels)
    if coders := coded_twice(every):
        out["coders"] = coders
    if told := condition_scores(cases, found):
        out["conditions"] = told
    if taught:
        out["taught"] = after_codings(coder, cases)
    out["signature"] = _signature(rule, cases, coder)
    _tell(out, as_json=as_json)
    for c, f in zip(cases, found, strict=True) if errors else ():
        if c.stance != f:
            typer.echo(f"{c.name}: found {f}, gold {c.stance}: {c.content[:160]!r}")
    _check(100 * value, floor)


def acts(
    files: _Sets = None,
    plover: Annotated[
        Path | None, typer.Option(metavar="FILE", help="plover-gsr.json: even-numbered records of six verbal events.", show_default=False)
    ] = None,
    *,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right. Not for what is held aside.")] = False,
) -> None:
    """Score acts of statements, or the PLOVER events that they are mapped to."""
    from onrecord.positions import PLOVER, Act
    from onrecord.positions.coder import Coder
    from onrecord.scoring.stances import macro_f1, plover_cases, yaml_cases
    from onrecord.text import stable_id

    coder = Coder.load(model)
    if plover:
        events = ("AGREE", "DEMAND", "DISAPPROVE", "REJECT", "SUPPORT", "THREATEN")
        rows = plover_cases(plover, events)
        found = [PLOVER[Act(a)] for a in coder.acts([(text, "") for text, _ in rows])]
        pairs, texts, rule = [(event, f) for (_, event), f in zip(rows, found, strict=True)], [t for t, _ in rows], "plover-even.v1"
    elif files:
        cases = [c for f in files for c in yaml_cases(f) if c.act]
        pairs = [(c.act or "", f) for c, f in zip(cases, coder.acts([(c.said, c.before) for c in cases]), strict=True)]
        texts, rule = [c.said for c in cases], "acts.v1"
    else:
        raise UsageError("no gold", hint="give YAML files or --plover FILE")
    value, each = macro_f1(pairs)
    right = sum(g == f for g, f in pairs) / max(1, len(pairs))
    digest = stable_id("g1", *sorted(texts)).removeprefix("g1:")
    sign = f"cases:{len(pairs)}|sha:{digest}|match:{rule}|{_maker(coder)}"
    _tell({"cases": len(pairs), "macro_f1": 100 * value, "accuracy": 100 * right, "labels": _shown(each), "signature": sign}, as_json=as_json)
    for text, (gold, f) in zip(texts, pairs, strict=True) if errors else ():
        if gold != f:
            typer.echo(f"found {f}, gold {gold}: {text[:160]!r}")
    _check(100 * value, floor)


def matrix(
    codes: Annotated[Path, typer.Option(metavar="FILE", help="Codes as offsets.")] = Path("training/positions_data/matrix.jsonl"),
    articles: Annotated[Path | None, typer.Option(metavar="FILE", help="What they are offsets of: news.jsonl.xz.", show_default=False)] = None,
    *,
    part: Annotated[str, typer.Option(help="dev or held.")] = "held",
    unweighed: Annotated[bool, typer.Option("--unweighed", help="As the network alone has it.")] = False,
    model: _Model = None,
    as_json: _Json = False,
    floor: Annotated[float, typer.Option(min=0, max=100, help="Leave with 1 if fewer of a hundred positions told are right.")] = 0.0,
) -> None:
    """Score whole matrices: every statement of an article beside every issue that an analyst would follow in it."""
    from onrecord.positions.coder import Coder
    from onrecord.positions.shifts import LEAST
    from onrecord.scoring.matrix import Told, coded_articles, matrix_scores
    from onrecord.scoring.stances import digest_of

    if articles is None:
        raise UsageError("no articles", hint="give --articles FILE, what the codes are offsets of")
    gold, coder = coded_articles(codes, articles, part), Coder.load(model, weighed=not unweighed)
    each: list[Told] = []
    with counting() as advance:
        for _, told in matrix_scores(coder, gold):
            each.append(told)
            advance(len(each), len(gold))
    every = Told(*(sum(getattr(t, name) for t in each) for name in ("pairs", "gold", "told", "right", "opposite", "unspoken")))
    rule = f"matrix-{part}.v1" + ("|unweighed" if unweighed else "")
    sign = f"articles:{len(gold)}|sha:{digest_of(c for a in gold for row in a.cases for c in row)}|match:{rule}|{_maker(coder)}"
    out = {"articles": len(gold), "least": LEAST, **asdict(every), "precision": every.precision, "recall": every.recall, "signature": sign}
    if as_json:
        typer.echo(json.dumps(out, indent=2))
    else:
        typer.echo(f"{len(gold)} articles, {every.pairs:,} statements beside issues, {every.gold} of them positions")
        typer.echo(f"scored {LEAST} or more: {every.told} told, {every.right} right, {every.opposite} of the other side, {every.unspoken} where none is taken")
        typer.echo(f"precision {every.precision:.1f}   recall {every.recall:.1f}\n{sign}")
    _check(every.precision, floor)


def _probabilities(coder: Coder, cases: Sequence[StanceCase], *, raw: bool = False) -> np.ndarray[Any, np.dtype[np.float32]]:
    parts = []
    with counting() as advance:
        for n in range(0, len(cases), _BATCH):
            advance(n, len(cases))
            rows = [(c.issue, c.said, c.before) for c in cases[n : n + _BATCH]]
            parts.append(coder.logits(rows) if raw else coder.stances(rows))
    return np.concatenate(parts)


def _right(cases: Sequence[StanceCase], found: Sequence[str]) -> float:
    return sum(c.stance == f for c, f in zip(cases, found, strict=True)) / max(1, len(cases))


def _shown(each: Sequence[F1]) -> dict[str, Any]:
    return {f.label: {"f1": 100 * f.value, "right": f.right, "found": f.found, "gold": f.wanted} for f in each}


def _tell(out: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(out, indent=2))
        return
    typer.echo(f"macro-F1 {out['macro_f1']:.1f}   accuracy {out['accuracy']:.1f}   {out['cases']} cases")
    for label, row in out["labels"].items():
        typer.echo(f"  {label:<16} F1 {row['f1']:5.1f}   right {row['right']:>4} of {row['gold']:>4}, found {row['found']:>4}")
    if "coders" in out:
        c = out["coders"]
        figures = ", ".join(f"{what} alpha {c[what]['alpha']:.3f}, the same {c[what]['same']:.1f}%" for what in ("stance", "act"))
        typer.echo(f"{c['statements']} coded by two: {figures}")
    if "sure" in out:
        p = out["sure"]
        typer.echo(f"scored {p['least']} or more: {p['told']} positions told, of which {p['right']} are right")
    if "conditions" in out:
        c = out["conditions"]
        typer.echo(f"conditions: stance found {c['stance_found']} of {c['cases']}; clause exact {c['exact']}, words in common {c['word_f1']:.1f}")
    if "taught" in out:
        t = out["taught"]
        typer.echo(f"on {t['statements']} statements that were not coded (refits used: {t['refits_used']}):")
        for name, key in (("macro-F1", ""), ("accuracy", "accuracy_")):
            typer.echo(f"  {name} {t[key + 'zero_shot']:.1f} zero-shot, {t[key + 'after_20']:.1f} after 20 codings")
    typer.echo(out["signature"])


def _signature(rule: str, cases: Sequence[StanceCase], coder: Coder) -> str:
    from onrecord.scoring.stances import digest_of

    return f"cases:{len(cases)}|issues:{len({c.issue.id for c in cases})}|sha:{digest_of(cases)}|match:{rule}|{_maker(coder)}"


def _maker(coder: Coder) -> str:
    return f"coder:{coder.name}|model:{coder.manifest.digest}|form:{coder.manifest.form}|onrecord:{version('onrecord')}"


def _check(value: float, floor: float) -> None:
    if value < floor:
        Console(stderr=True).print(f"below the floor: {value:.1f} < {floor:.1f}", markup=False, highlight=False)
        raise typer.Exit(1)

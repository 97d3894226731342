"""`onrecord score speakers`, `coreference`, `mentions` and `dates`: who, what they are, and when, against gold."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from onrecord.cli.screen import counting
from onrecord.errors import NotFoundError, UsageError
from onrecord.reading import Reader
from onrecord.text import stable_id

if TYPE_CHECKING:
    from onrecord.scoring.speakers import Case

__all__ = ["coreference", "dates", "mentions", "speakers"]

_Model = Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
_Floor = Annotated[float, typer.Option(min=0, max=100, help="Leave with 1 if the first figure is below this.")]


def speakers(
    gum: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder with gum.dep.tar.xz, gum.xml.tar.xz, ontogum.coref.tar.xz.", show_default=False)
    ] = None,
    documents: Annotated[str, typer.Option(help="Names of GUM documents, with commas, or a file of them; default: news and interviews of the dev part.")] = "",
    polnear: Annotated[Path | None, typer.Option(metavar="FILE", help="polnear.dev.jsonl.gz", show_default=False)] = None,
    judgements: Annotated[Path, typer.Option(metavar="FILE", help="Hand-judged speakers, as offsets into it.")] = Path(
        "tests/actors/polnear-dev-speakers.jsonl"
    ),
    *,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right.")] = False,
) -> None:
    """Score who said it: the statements are given, the speaker is found."""
    from onrecord.scoring.speakers import Judged, SpeakerScore, judge

    reader = Reader.load(model)
    jobs = _speaker_jobs(gum, documents, polnear, judgements)
    judged: list[Judged] = []
    with counting() as advance:
        for done, (text, cases) in enumerate(jobs.values()):
            advance(done, len(jobs))
            judged += judge(text, cases, reader) if cases else ()
    score = SpeakerScore(tuple(judged))
    rows = {"all": score.rates(), **{form: score.rates((form,)) for form in ("name", "pronoun", "description")}}
    sign = _signature("gum-speakers.v1" if gum is not None else "judged-speakers.v1", jobs, reader)
    if as_json:
        typer.echo(json.dumps({"rates": rows, "signature": sign}, indent=2))
    else:
        for name, rates in rows.items():
            shares = "   ".join(f"{key} {100 * rates[key]:5.1f}" for key in ("right", "answered", "precision"))
            typer.echo(f"{name:<14}{rates['cases']:>5.0f} cases   {shares}")
        typer.echo(sign)
    for j in judged if errors else ():
        if not j.right:
            source = jobs[j.case.document][0][slice(*j.case.source)]
            others = ", ".join(f"{c.name} {c.score:.2f}" for c in j.speaker.candidates[:3])
            gold = " | ".join(dict.fromkeys(j.case.names))[:80]
            typer.echo(f"{j.case.document} {j.case.source[0]} {source!r}: {j.speaker.name!r} ({j.speaker.type}), gold {gold!r}; {others}")
    _check(100 * rows["all"]["right"], floor)


def _speaker_jobs(gum: Path | None, documents: str, polnear: Path | None, judgements: Path) -> dict[str, tuple[str, list[Case]]]:
    """Text and cases of each document."""
    from onrecord.scoring.gum import load
    from onrecord.scoring.speakers import gum_cases, judged_cases

    if gum is not None:
        listed = Path(documents).read_text(encoding="utf-8") if documents and Path(documents).is_file() else documents
        wanted = set(listed.replace("\n", ",").split(",")) - {""}
        usual = {"news", "interview"}
        chosen = [d for d in load(gum) if d.name in wanted or (not wanted and d.partition == "dev" and d.genre in usual)]
        return {d.name: (d.text, list(gum_cases(d))) for d in chosen}
    if polnear is None:
        raise UsageError("no gold", hint="give --gum FOLDER or --polnear FILE")
    texts = {name: record["text"] for name, record in _polnear(polnear).items()}
    grouped: dict[str, list[Case]] = defaultdict(list)
    for name, case in judged_cases(judgements, texts):
        grouped[name].append(case)
    return {name: (texts[name], cases) for name, cases in grouped.items()}


def coreference(
    gum: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with gum.dep.tar.xz, gum.xml.tar.xz, ontogum.coref.tar.xz.")],
    *,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
) -> None:
    """Score coreference of whole texts on OntoGUM's dev documents: MUC, B-cubed, CEAF-e, CoNLL F1."""
    from onrecord.scoring.coreference import ClusterCounts
    from onrecord.scoring.gum import load
    from onrecord.scoring.links import score_links

    reader = Reader.load(model)
    chosen = [d for d in load(gum) if d.partition == "dev"]
    total = ClusterCounts()
    with counting() as advance:
        for done, document in enumerate(chosen):
            advance(done, len(chosen))
            total = total + score_links([document], reader)
    f1 = {name: 100 * ClusterCounts.f1(getattr(total, name)) for name in ("muc", "b_cubed", "ceaf", "mentions")}
    sign = _signature("conll-2012", {d.name: (d.text, []) for d in chosen}, reader)
    if as_json:
        typer.echo(json.dumps({"conll": 100 * total.conll, **f1, "signature": sign}, indent=2))
    else:
        typer.echo(f"CoNLL F1 {100 * total.conll:.1f}   " + "   ".join(f"{name.replace('_', '-')} {value:.1f}" for name, value in f1.items()))
        typer.echo(sign)
    _check(100 * total.conll, floor)


def mentions(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sets of mentions in YAML, see tests/actors/README.md.")],
    *,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right. Not for the held half.")] = False,
) -> None:
    """Score role, country, organization, type and use of mentions on hand-made sets; the floor is for the lower of role and country."""
    from onrecord.actors.resolve import names_in
    from onrecord.scoring.descriptions import rates, score_mentions
    from onrecord.scoring.given import plain_article

    reader = Reader.load(model)

    def names_of(text: str) -> Any:  # noqa: ANN401 - names, in order
        return names_in(text, reader.read(plain_article(text)))

    verdicts = [v for f in files for v in score_mentions(f, names_of)]
    found = {field: (right, all_) for field, (right, all_) in rates(verdicts).items() if all_}
    sign = _signature("mentions.v1", {f.stem: (f.read_text(encoding="utf-8"), []) for f in files}, reader)
    if as_json:
        typer.echo(json.dumps({**{field: {"right": r, "of": n} for field, (r, n) in found.items()}, "signature": sign}, indent=2))
    else:
        for field, (right, of) in found.items():
            typer.echo(f"{field:<15}{right:>4} of {of:<4} {100 * right / of:5.1f}")
        typer.echo(sign)
    for v in verdicts if errors else ():
        if not v.right:
            typer.echo(f"{v.field}: {v.mention!r}: found {v.found!r}, gold {v.gold!r}")
    _check(min((100 * found[f][0] / found[f][1] for f in ("role", "country") if f in found), default=100.0), floor)


def dates(
    polnear: Annotated[Path, typer.Argument(metavar="FILE", help="polnear.dev.jsonl.gz")],
    judgements: Annotated[Path, typer.Option(metavar="FILE", help="Hand-judged dates, as offsets into it.")] = Path(
        "tests/occasions/polnear-dev-said-on.jsonl"
    ),
    *,
    model: _Model = None,
    as_json: _Json = False,
    floor: _Floor = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="List what was not right.")] = False,
) -> None:
    """Score when statements were made: right is exactly the judged date, or none where the text does not say."""
    from onrecord.scoring.dates import judge_dates

    reader = Reader.load(model)
    corpus = _polnear(polnear)
    with counting() as advance:
        found = judge_dates(judgements, corpus, reader, progress=advance)
    groups = {
        "all": found,
        "dated": [d for d in found if d.gold is not None],
        "not stated": [d for d in found if d.gold is None],
        "answered": [d for d in found if d.found is not None],
    }
    rows = {name: {"cases": len(g), "right": sum(d.right for d in g), "defensible": sum(d.defensible for d in g)} for name, g in groups.items()}
    sign = _signature("said-on.v1", {d.document: (corpus[d.document]["text"], []) for d in found}, reader)
    if as_json:
        typer.echo(json.dumps({**rows, "signature": sign}, indent=2))
    else:
        for name, row in rows.items():
            of = max(1, row["cases"])
            typer.echo(f"{name:<12}{row['cases']:>4} cases   right {100 * row['right'] / of:5.1f}   right or defensible {100 * row['defensible'] / of:5.1f}")
        typer.echo(sign)
    for d in found if errors else ():
        if not d.right:
            typer.echo(f"{d.document} {d.start}: found {d.found}, gold {d.gold}{' or ' + str(d.also) if d.also else ''} ({d.stratum}): {d.reason}")
    _check(100 * rows["all"]["right"] / max(1, rows["all"]["cases"]), floor)


def _polnear(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return {record["id"]: record for record in map(json.loads, lines)}
    except FileNotFoundError:
        raise NotFoundError("there is no such file", item=str(path), hint="PolNeAR's dev part as JSON lines, compressed") from None
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"no PolNeAR: {error}", item=str(path), hint="JSON lines with id, text, publication_date, attributions") from None


def _signature(rule: str, documents: Mapping[str, tuple[str, Any]], reader: Reader) -> str:
    digest = stable_id("g1", *sorted(text for text, _ in documents.values())).removeprefix("g1:")
    manifest = reader.manifest
    model = f"{manifest.digest}+{manifest.files.get('branch.onnx', '')[:12]}"
    maker = f"reader:{reader.name}|model:{model}|engine:{reader.engine} {manifest.form}|onrecord:{version('onrecord')}"
    return f"docs:{len(documents)}|sha:{digest}|match:{rule}|{maker}"


def _check(value: float, floor: float) -> None:
    if value < floor:
        Console(stderr=True).print(f"below the floor: {value:.1f} < {floor:.1f}", markup=False, highlight=False)
        raise typer.Exit(1)

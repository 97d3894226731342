"""How well stances and acts are coded: the statement and the issue are given, the stance is found.

Gold comes in three forms: sets in YAML (issues with statements on them), Perspectrum (Chen et al. 2019), and codes of statements as offsets into articles
that do not travel with the project. F1 is macro-averaged over the labels that the gold has (Opitz and Burst 2019, the mean of F1 scores).
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from onrecord.errors import UsageError
from onrecord.positions import Issue
from onrecord.text import Span, stable_id

__all__ = [
    "F1",
    "NONE",
    "StanceCase",
    "article_digest",
    "articles_by_digest",
    "coded_cases",
    "digest_of",
    "macro_f1",
    "perspectrum_cases",
    "plover_cases",
    "words_at",
    "yaml_cases",
]

#: The label of a statement that is not on the issue.
NONE = "none"
#: Words before a statement that coders saw and the coder sees.
_BEFORE = 300
_KEYS = ("issue", "source", "cue", "content", "before", "stance", "condition", "act")


@dataclass(frozen=True, slots=True)
class StanceCase:
    """A statement, an issue, and what a person says of both."""

    issue: Issue
    #: For the model, see `onrecord.positions.inputs.said_of`.
    said: str
    before: str
    content: str
    #: `none`, or a stance.
    stance: str
    #: The condition's words; None where there is none.
    condition: str | None = None
    act: str | None = None
    #: Who coded it, where several did.
    coder: str = ""
    #: What it is called.
    name: str = ""


@dataclass(frozen=True, slots=True)
class F1:
    """Right, found and wanted of one label."""

    label: str
    right: int
    found: int
    wanted: int

    @property
    def value(self) -> float:
        """0 to 1."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


def macro_f1(pairs: Iterable[tuple[str, str]], labels: Sequence[str] | None = None) -> tuple[float, tuple[F1, ...]]:
    """The mean of F1 over labels.

    Args:
        pairs: (gold, found).
        labels: Those that count; default: all that the gold has.

    Example:
        >>> round(macro_f1([("a", "a"), ("a", "b"), ("b", "b")])[0], 3)
        0.667
    """
    rows = list(pairs)
    wanted = list(labels) if labels is not None else sorted({g for g, _ in rows})
    each = tuple(F1(k, sum(g == f == k for g, f in rows), sum(f == k for _, f in rows), sum(g == k for g, _ in rows)) for k in wanted)
    return (sum(f.value for f in each) / len(each) if each else 0.0), each


def digest_of(cases: Iterable[StanceCase]) -> str:
    """Name a set by what is in it, whatever its order."""
    return stable_id("g1", *sorted("\0".join((c.issue.digest, c.said, c.before, c.stance, c.condition or "", c.act or "")) for c in cases)).removeprefix("g1:")


def yaml_cases(path: Path) -> list[StanceCase]:
    """A set in YAML, see tests/positions/README.md.

    Raises:
        UsageError: It is none; the message says where.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        issues = {i.id: i for i in (Issue.of(row) for row in data["issues"])}
        rows = list(data["statements"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UsageError(f"no set of stances: {error}", item=str(path), hint="a YAML file with issues and statements") from error
    out = []
    for n, row in enumerate(rows, 1):
        unknown = sorted(set(row) - set(_KEYS))
        if unknown or row.get("issue") not in issues or not row.get("content"):
            raise UsageError(f"statement {n} is wrong: {', '.join(unknown) or row.get('issue')}", item=str(path), hint=f"keys: {', '.join(_KEYS)}")
        content, cue = " ".join(row["content"].split()), row.get("cue") or ""
        said = f"{cue}: {content}" if cue else content
        condition, before = row.get("condition"), row.get("before") or ""
        out.append(StanceCase(issues[row["issue"]], said, before, content, row["stance"], condition, row.get("act"), name=f"{path.stem} {n}"))
    return out


def perspectrum_cases(folder: Path, part: str = "test") -> list[StanceCase]:
    """Perspectives on the claims of one part, in every wording of each cluster: support or oppose, as voted (`stance_label_3`).

    Args:
        folder: With the three files of Perspectrum 1.0.
        part: train, dev or test.

    Raises:
        UsageError: The files are missing or others.
    """
    try:
        pool = {p["pId"]: p["text"] for p in json.loads((folder / "perspective_pool_v1.0.json").read_text(encoding="utf-8"))}
        split = json.loads((folder / "dataset_split_v1.0.json").read_text(encoding="utf-8"))
        claims = json.loads((folder / "perspectrum_with_answers_v1.0.json").read_text(encoding="utf-8"))
        labels = {"SUPPORT": "support", "UNDERMINE": "oppose"}
        out = []
        for c in claims:
            for q in c["perspectives"] if split[str(c["cId"])] == part else ():
                if q["stance_label_3"] in labels:
                    issue, stance = Issue(f"claim-{c['cId']}", c["text"].strip().rstrip(".")), labels[q["stance_label_3"]]
                    out += [StanceCase(issue, pool[pid], "", pool[pid], stance, name=f"{c['cId']} {pid}") for pid in q["pids"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"no Perspectrum: {error}", item=str(folder), hint="a folder with the three files of Perspectrum v1.0") from error
    return out


def plover_cases(path: Path, events: Sequence[str], *, train: bool = False) -> list[tuple[str, str]]:
    """(sentence, event) of PLOVER's gold records. The trained model saw the odd numbers of each event; the even ones are held aside.

    Args:
        path: plover-gsr.json.
        events: Those that count.
        train: The odd numbers instead.

    Raises:
        UsageError: It is another file.
    """
    try:
        rows = [(r["text"], r["event"], int(r["id"].rsplit("-", 1)[1])) for r in json.loads(path.read_text(encoding="utf-8")) if r["event"] in events]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"no PLOVER records: {error}", item=str(path), hint="plover-gsr.json") from error
    return [(text, event) for text, event, number in rows if (number % 2 == 1) == train]


def article_digest(text: str) -> str:
    """What an article is called in a file of codes, which holds no text."""
    return sha256(text.encode()).hexdigest()[:16]


def articles_by_digest(path: Path) -> dict[str, str]:
    """The texts that codes are offsets of.

    Args:
        path: JSON lines with `text`, compressed by xz.

    Raises:
        UsageError: It is another file.
    """
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            return {article_digest(text): text for text in (json.loads(line)["text"] for line in lines)}
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"no articles: {type(error).__name__}: {error}", item=str(path), hint="JSON lines with text, compressed by xz") from error


def coded_cases(codes: Path, issues: Path, texts: Mapping[str, str], part: str) -> list[StanceCase]:
    """Statements coded by hand, as offsets into articles.

    Args:
        codes: JSON lines with `issue`, `number`, `article`, `spans`, `stance`, `condition`, `act`, `coder`.
        issues: YAML with `issues`, each with its `part`.
        texts: The articles, see `articles_by_digest`.
        part: train, dev or held.

    Raises:
        UsageError: A file is missing or another.
    """
    try:
        spec = {i["id"]: i for i in yaml.safe_load(issues.read_text(encoding="utf-8"))["issues"]}
        rows = [json.loads(line) for line in codes.read_text(encoding="utf-8").splitlines()]
        return [_coded(r, spec[r["issue"]], texts[r["article"]]) for r in rows if spec[r["issue"]]["part"] == part]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise UsageError(f"no codes: {type(error).__name__}: {error}", item=str(codes), hint="give the articles that the offsets are of") from error


def words_at(text: str, spans: Mapping[str, Sequence[Sequence[int]]]) -> tuple[str, str, str]:
    """What was said as the coder reads it, the words before, and the content.

    Args:
        text: The article's.
        spans: Where the parts of `content`, `cue` and `source` stand in it.
    """
    content, cue = (" ".join(Span.of(text, a, b).exact for a, b in spans[role]) for role in ("content", "cue"))
    start = min(a for parts in spans.values() for a, _ in parts)
    return f"{cue}: {content}" if cue else content, text[max(0, start - _BEFORE) : start], content


def _coded(row: Mapping[str, Any], issue: Mapping[str, Any], text: str) -> StanceCase:
    said, before, content = words_at(text, row["spans"])
    known = Issue.of({k: v for k, v in issue.items() if k in ("id", "label", "aliases", "for", "against")})
    condition = Span.of(text, *row["condition"]).exact if row["condition"] else None
    return StanceCase(known, said, before, content, row["stance"], condition, row["act"], row["coder"], f"{row['issue']} {row['number']}")

"""How well libraries, and onrecord around one of them, turn English time expressions into dates.

    python benchmarks/dates.py DATA [--show onrecord] [--format json]

DATA is a folder with `time/timenorm.en.train.tsv` (phrases of TimeML documents with their values, and the documents' dates) and
`entities/gum.xml.tar.xz` (GUM, whose `<date>` elements carry `when`, `notBefore`, `notAfter`, `from`, `to`, and whose texts carry
`dateCreated`). Each contestant gets the phrase alone and the document's date. There is no sentence to say
which way a phrase looks. dateparser is set to look back, where most dates of news lie; of the two values that recognizers gives, the one
that onrecord's own rule would choose counts.

With `attribution/polnear.train.jsonl.gz` in the folder, it also times when and where over gold statements, and says how many get an answer.

Contestants: `dateparser`, `recognizers` (pip install --pre recognizers-text-date-time 'emoji<1.7'), `onrecord`.

Matching rule `days.v1`: gold and answer are taken as a first and a last day. *same* counts answers with the gold's two days, *inside*
those that overlap it and hold it or are held by it; both over all gold. Left out, and counted: durations, sets, vague references
(PRESENT_REF), values with an unknown part (1989-WXX), and dates without a year. Times are of the processor, not the clock, except for imports.
"""

from __future__ import annotations

import argparse
import calendar
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from onrecord.occasions import bounds, find_expressions, said_on, where_said
from onrecord.statements import Attribution, QuoteKind, Statement
from onrecord.text import Span

RULE = "days.v1"
Days = tuple[date, date]
SENTENCE = re.compile(r"(?:[^\n](?!(?<=[.!?\"”’])(?<![A-Z]\.)(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!Sen\.)(?<!Gov\.)(?<!Rep\.)\s+[A-Z\"“‘]))+[^\n]?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, the date of its text, and what it means."""

    words: str
    reference: date
    gold: Days
    kind: str


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data", type=Path)
    p.add_argument("--show", choices=sorted(CONTESTANTS), help="print what this contestant gets wrong")
    p.add_argument("--format", choices=["table", "json"], default="table")
    a = p.parse_args()
    warnings.simplefilter("ignore")
    corpora = {
        "timenorm-train": timenorm(a.data / "time" / "timenorm.en.train.tsv"),
        "gum-dates": gum(a.data / "entities" / "gum.xml.tar.xz"),
    }
    result = {name: [score(name, c, phrases, left, show=a.show == c) for c in CONTESTANTS if installed(c)] for name, (phrases, left) in corpora.items()}
    spent = occasions(a.data / "attribution" / "polnear.train.jsonl.gz")
    costs = {c: cost(c) for c in CONTESTANTS if installed(c)}
    if a.format == "json":
        print(json.dumps({"scores": result, "costs": costs, "occasions": spent}, indent=1))
        return
    for rows in result.values():
        print(f"{'':12} {'same':>7} {'inside':>7} {'answered':>9} {'ms each':>8}")
        for r in rows:
            print(f"{r['contestant']:12} {r['same']:7.1%} {r['inside']:7.1%} {r['answered']:9.1%} {r['ms']:8.2f}   {r['signature']}")
        for kind in rows[0]["kinds"]:
            print(f"  {kind:8} n={rows[0]['kinds'][kind]['n']:4}  " + "  ".join(f"{r['contestant']} {r['kinds'][kind]['same']:.1%}" for r in rows))
    print("  ".join(f"{k} {v:.1f}" if isinstance(v, float) else f"{k} {v}" for k, v in spent.items()))
    for c, (load, first) in costs.items():
        print(f"{c:12} import {load:.0f} ms, first phrase {first:.0f} ms")


def timenorm(path: Path) -> tuple[list[Phrase], int]:
    """Phrases with a value that is a date; blocks are documents, and a block's first line is the document's date."""
    phrases: list[Phrase] = []
    left = 0
    reference: date | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.strip().split("\t")
        if len(cells) != 3:
            reference = None
            continue
        words, kind, value = cells
        if reference is None:
            reference = date.fromisoformat(value[:10])
            continue
        days = timex(value) if kind in {"DATE", "TIME"} else None
        if days is None:
            left += 1
            continue
        phrases.append(Phrase(words, reference, days, granularity(days)))
    return phrases, left


def timex(value: str) -> Days | None:
    """The days of a TIMEX3 value."""
    value = value.split("T", maxsplit=1)[0]
    if m := re.fullmatch(r"(\d{4})-W(\d\d)", value):
        monday = date.fromisocalendar(int(m[1]), int(m[2]), 1)
        return monday, monday + timedelta(days=6)
    if m := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        last = 3 * int(m[2])
        return date(int(m[1]), last - 2, 1), date(int(m[1]), last, calendar.monthrange(int(m[1]), last)[1])
    if m := re.fullmatch(r"(\d{3})X?", value):
        return date(int(m[1]) * 10, 1, 1), date(int(m[1]) * 10 + 9, 12, 31)
    season = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}.get(value[5:])
    try:
        return bounds(f"{value[:4]}-{season}" if season else value)
    except ValueError:
        return None


def gum(path: Path) -> tuple[list[Phrase], int]:
    """The `<date>` elements of texts that say when they were written."""
    phrases: list[Phrase] = []
    left = 0
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            handle = archive.extractfile(member) if member.name.endswith(".xml") else None
            if handle is None:
                continue
            root = etree.fromstring(handle.read())
            try:
                reference = bounds(root.get("dateCreated", ""))[0]
            except ValueError:
                continue
            for element in root.iter("date"):
                days = tei(dict(element.attrib))
                if days is None:
                    left += 1
                else:
                    phrases.append(Phrase(" ".join(tokens(element)), reference, days, granularity(days)))
    return [Phrase(detokenised(p.words), p.reference, p.gold, p.kind) for p in phrases], left


def tei(attributes: dict[str, str]) -> Days | None:
    """The days of a TEI date: `when`, or the first and the last of a range."""
    first = attributes.get("when") or attributes.get("from") or attributes.get("notBefore") or ""
    last = attributes.get("when") or attributes.get("to") or attributes.get("notAfter") or ""
    try:
        return bounds(first)[0], bounds(last)[1]
    except ValueError:
        return None


def tokens(element: Any) -> Iterator[str]:
    """The words of an element; those in `<w>` belong together."""
    together = [[t.split("\t")[0] for t in w.itertext() for t in t.strip().splitlines() if t] for w in element.iter("w")]
    words = [t.split("\t")[0] for block in element.itertext() for t in block.strip().splitlines() if t]
    for group in together:
        for i in range(len(words) - len(group) + 1):
            if len(group) > 1 and words[i : i + len(group)] == group:
                words[i : i + len(group)] = ["".join(group)]
                break
    yield from words


def detokenised(words: str) -> str:
    return re.sub(r" ([,.’';:)%])", r"\1", re.sub(r" ?([-–—/]) ?", r"\1", words)).replace("( ", "(")


def granularity(days: Days) -> str:
    length = (days[1] - days[0]).days + 1
    return (
        "day"
        if length == 1
        else "week"
        if length == 7
        else "month"
        if 28 <= length <= 31
        else "quarter"
        if 89 <= length <= 92
        else "year"
        if 365 <= length <= 366
        else "other"
    )


def ask_dateparser(words: str, reference: date) -> Days | None:
    from dateparser.date import DateDataParser

    base = datetime(reference.year, reference.month, reference.day, 12)  # noqa: DTZ001 - a calendar day
    data = DateDataParser(languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}).get_date_data(words)
    if data.date_obj is None:
        return None
    day = data.date_obj.date()
    match data.period:
        case "week":
            return day - timedelta(days=day.weekday()), day + timedelta(days=6 - day.weekday())
        case "month":
            return bounds(f"{day.year:04d}-{day.month:02d}")
        case "year":
            return bounds(f"{day.year:04d}")
    return day, day


def ask_recognizers(words: str, reference: date) -> Days | None:
    from recognizers_date_time import Culture, recognize_datetime

    base = datetime(reference.year, reference.month, reference.day, 12)  # noqa: DTZ001 - a calendar day
    found: list[Days] = []
    for value in (v for r in recognize_datetime(words, Culture.English, reference=base)[:1] for v in r.resolution["values"]):
        if "value" in value and value["type"] in {"date", "datetime"}:
            day = date.fromisoformat(value["value"][:10])
            found.append((day, day))
        elif "start" in value and value["type"] in {"daterange", "datetimerange"}:
            first = date.fromisoformat(value["start"][:10])
            last = date.fromisoformat(value["end"][:10]) - timedelta(days=value["type"] == "daterange") if "end" in value else first
            found.append((first, max(first, last)))
    # Two values are the last and the next; which of them is meant is decided as onrecord decides it.
    past, coming = [days for days in found if days[0] <= reference], [days for days in found if days[0] > reference]
    if past and coming and max(past)[1] < reference - timedelta(days=270) and min(coming)[0] < reference + timedelta(days=95):
        return min(coming)
    return max(past) if past else found[0] if found else None


def ask_onrecord(words: str, reference: date) -> Days | None:
    base = datetime(reference.year, reference.month, reference.day)  # noqa: DTZ001 - a calendar day
    # Some forms are expressions only after a preposition ("in May", "of 1998"), which the phrase alone lacks.
    for text in (words, f"in {words}"):
        found = find_expressions(text, reference=base)
        if found:
            return bounds(found[0].edtf)
    return None


CONTESTANTS: dict[str, tuple[str, Callable[[str, date], Days | None]]] = {
    "dateparser": ("dateparser", ask_dateparser),
    "recognizers": ("recognizers_date_time", ask_recognizers),
    "onrecord": ("onrecord", ask_onrecord),
}


@cache
def installed(contestant: str) -> bool:
    return find_spec(CONTESTANTS[contestant][0]) is not None


def score(corpus: str, contestant: str, phrases: list[Phrase], left: int, *, show: bool) -> dict[str, Any]:
    ask = CONTESTANTS[contestant][1]
    ask("yesterday", date(2020, 1, 1))
    kinds: dict[str, list[int]] = {}
    same = inside = answered = 0
    start = time.process_time()
    for phrase in phrases:
        try:
            days = ask(phrase.words, phrase.reference)
        except Exception as e:  # noqa: BLE001 - a library that raises has no answer
            days = None
            if show:
                print(f"{phrase.words!r} raised {e!r}")
        right = days == phrase.gold
        same += right
        answered += days is not None
        inside += days is not None and (contains(days, phrase.gold) or contains(phrase.gold, days))
        tally = kinds.setdefault(phrase.kind, [0, 0])
        tally[0] += 1
        tally[1] += right
        if show and not right:
            print(f"{phrase.reference}  {phrase.words!r:40} gold {phrase.gold[0]}/{phrase.gold[1]}  got {days and '/'.join(map(str, days))}")
    n = len(phrases)
    return {
        "contestant": contestant,
        "same": same / n,
        "inside": inside / n,
        "answered": answered / n,
        "ms": 1000 * (time.process_time() - start) / n,
        "kinds": {k: {"n": t[0], "same": t[1] / t[0]} for k, t in sorted(kinds.items())},
        "signature": f"{corpus}|sha:{digest(phrases)}|n:{n}|left-out:{left}|match:{RULE}|by:{version(contestant)}",
    }


def occasions(path: Path, *, articles: int = 300) -> dict[str, Any]:
    """Time `said_on` and `where_said` over gold statements. The sentence of a cue is cut with a rule of thumb; names are left out."""
    if not path.exists():
        return {}
    counts = dict.fromkeys(("statements", "dated", "with a venue"), 0)
    words, spent = 0, {"when": 0.0, "where": 0.0}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, articles):
            document = json.loads(line)
            text, published = document["text"], datetime.fromisoformat(document["publication_date"])
            words += len(text.split())
            cut = [(m.start(), m.end()) for m in SENTENCE.finditer(text)]
            for gold in document["attributions"]:
                content, cue, source = (tuple(Span.of(text, *pair) for pair in gold.get(role) or ()) for role in ("content", "cue", "source"))
                around = next(((a, b) for a, b in cut if cue and a <= cue[0].start < b), None)
                if around is None:
                    continue
                statement = Statement("r1:gold", content, cue, source, QuoteKind.INDIRECT, Attribution.CUE, (), (), "body", 1.0, "gold")
                sentence = Span.of(text, *around)
                start = time.process_time()
                when = said_on(text, statement, sentence=sentence, published=published)
                middle = time.process_time()
                where = where_said(text, statement, sentence=sentence)
                spent["when"] += middle - start
                spent["where"] += time.process_time() - middle
                counts["statements"] += 1
                counts["dated"] += when.edtf is not None
                counts["with a venue"] += where.venue is not None
    return {"polnear-train articles": articles, **counts, **{f"ms per 940 words, {k}": 940_000 * v / words for k, v in spent.items()}}


def contains(outer: Days, inner: Days) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def digest(phrases: list[Phrase]) -> str:
    lines = "\n".join(f"{p.words}\t{p.reference}\t{p.gold[0]}\t{p.gold[1]}" for p in phrases)
    return hashlib.blake2b(lines.encode(), digest_size=10).hexdigest()


def version(contestant: str) -> str:
    if contestant == "recognizers":
        return f"recognizers-text-date-time {metadata.version('recognizers-text-date-time')}"
    return f"{contestant} {metadata.version(contestant)}" + (f"+dateparser {metadata.version('dateparser')}" if contestant == "onrecord" else "")


def cost(contestant: str) -> tuple[float, float]:
    """Milliseconds to import and to answer a first phrase, in a process of its own; the least of three."""
    name, ask = CONTESTANTS[contestant][0], CONTESTANTS[contestant][1].__name__
    code = (
        f"import sys, time; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import dates, datetime, warnings; warnings.simplefilter('ignore'); t = time.perf_counter()\n"
        f"import {'dateparser' if name == 'onrecord' else name}; u = time.perf_counter(); dates.{ask}('last Tuesday', datetime.date(2020, 1, 1))\n"
        "print(u - t, time.perf_counter() - u)"
    )
    runs = [
        tuple(1000 * float(x) for x in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
        for _ in range(3)
    ]
    return min(r[0] for r in runs), min(r[1] for r in runs)


if __name__ == "__main__":
    main()

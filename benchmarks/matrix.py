"""How fast the ledger says where actors stand: matrix, timeline, shifts and splits over a million statements.

    python benchmarks/matrix.py [--statements 1000000] [--issues 20] [--actors 2000] [--rounds 5] [--folder DIR] [--format json]

Seven statements in ten show a position. Speakers and issues follow Zipf's law; each speaker has a side on each issue, mostly says it again, at times
wavers, and a few change sides; scores, countries, organizations, and what others report are drawn likewise, all from one seed. Rows are put into the
tables directly, so that what is timed is asking alone: filing is timed by `ledger.py`.

Rivals, in turns with the matrix in the same process, since these machines are noisy and a ratio is not:

- the same question to the database without the index that the matrix is made from;
- reading every position in plain Python out of the entries of the statements, as a program does that keeps one JSON a line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from onrecord.ledger import Ledger, PositionQuery, RowsBy, matrix
from onrecord.ledger.bulk import insert_rows
from onrecord.ledger.fulltext import index_rows
from onrecord.ledger.keys import DAY
from onrecord.ledger.tables import actor_names, actor_words, actors, affiliations, articles, documents, outlets, positions, readings, revisions, statements
from onrecord.positions import Issue, Stance
from onrecord.text import stable_id

FIRST = date(2023, 1, 2)
DAYS = 730
#: Statements in one transaction.
BATCH = 20_000
COUNTRIES = ("GB", "FR", "DE", "PL", "UA", "TR", "CN", "IN", "BR", "ZA")
STANCES = [str(s) for s in Stance]
STAMP = "2026-01-01T00:00:00.000000+00:00"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--statements", type=int, default=1_000_000)
    p.add_argument("--issues", type=int, default=20)
    p.add_argument("--actors", type=int, default=2000)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--folder", type=Path, help="where the ledger is made; default: a temporary folder, thrown away afterwards")
    p.add_argument("--ledger", help="a database URL instead of a SQLite file")
    p.add_argument("--format", choices=["table", "json"], default="table")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        where = a.ledger or str((a.folder or Path(temporary)) / "matrix.db")
        start = time.perf_counter()
        with Ledger.open(where, create=True) as ledger:
            count = fill(ledger, a.statements, a.issues, a.actors)
            print(f"made in {time.perf_counter() - start:.0f} s: {count} positions", file=sys.stderr, flush=True)
        with Ledger.open(where) as ledger:
            row = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "statements": a.statements, "positions": count, **asked(ledger, a.rounds)}
    if a.format == "json":
        print(json.dumps(row, indent=2))
        return
    for key, value in row.items():
        print(f"{key:52} {value}")


# Making it --------------------------------------------------------------------------------------------------------------------------


def fill(ledger: Ledger, count: int, issues: int, people: int) -> int:
    """Put in so many statements, and the positions that they show."""
    rng = random.Random(1)  # noqa: S311 - chance that is repeated is the point
    for n in range(issues):
        ledger.add_issue(Issue(f"issue-{n}", f"Question number {n}"), by="benchmark", on=datetime(2026, 1, 1, tzinfo=UTC))
    news = Sides(rng, people, issues)
    placed = 0
    with ledger.database.writing() as connection:
        frame(connection, news)
    for start in range(0, count, BATCH):
        some = range(start, min(start + BATCH, count))
        said = [news.statement(n, count) for n in some]
        with ledger.database.writing() as connection:
            insert_rows(connection, statements, [s for s, _ in said])
            index_rows(connection, statements, (s["key"] for s, _ in said))
            insert_rows(connection, positions, [p for _, p in said if p])
        placed += sum(1 for _, p in said if p)
    return placed


def frame(connection: Any, news: Sides) -> None:
    """What statements point at: one text, and everybody who speaks."""
    moment = {"fetched": None, "added": STAMP}
    insert_rows(connection, documents, [{"key": 1, "id": "d1:benchmark", "name": "benchmark", "size": 1, "headers": None, **moment}])
    insert_rows(connection, outlets, [{"key": 1, "name": "The Benchmark"}])
    insert_rows(connection, articles, [{"key": 1, "id": "n1:benchmark", "source": "benchmark", "outlet_key": 1, "revision_key": 1, "story": None}])
    revision = {"key": 1, "id": "r1:benchmark", "article_key": 1, "number": 1, "cause": "found", "document_key": 1, "part": 0}
    insert_rows(connection, revisions, [revision | {"paragraphs": "[]", "text": news.text, "seen": STAMP}])
    reading = {"key": 1, "revision_key": 1, "reader": "benchmark", "digest": "m1:benchmark", "made": STAMP, "superseded_by": None}
    insert_rows(connection, readings, [reading])
    rows = [{"key": n + 1, "id": stable_id("a1", str(n)), "name": name, "type": "person", "country": news.country(n)} for n, name in enumerate(news.people)]
    insert_rows(connection, actors, rows)
    insert_rows(connection, actor_names, [{"actor_key": r["key"], "name": r["name"]} for r in rows])
    insert_rows(connection, actor_words, [{"word": w, "actor_key": r["key"]} for r in rows for w in r["name"].lower().split()])
    organizations = [{"key": n + 1, "country": c, "organization": o} for n, (c, o) in enumerate(news.affiliations)]
    insert_rows(connection, affiliations, organizations)


class Sides:
    """Who says what on which question."""

    def __init__(self, rng: random.Random, people: int, issues: int) -> None:
        self.rng = rng
        self.people = [f"Speaker{n} Number{n}" for n in range(people)]
        self._people, self._issues = zipf(people), zipf(issues)
        self.affiliations = [(c, o) for c in COUNTRIES for o in (None, *(f"ministry {n}" for n in range(20)))]
        self._spoken_for = [rng.randrange(len(self.affiliations)) for _ in range(people)]
        self._sides: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self.text = "“We shall see what comes of it,” the speaker said."
        who = {"type": "person", "mention": "name", "score": 0.9}
        self._entry = json.dumps({"c": [[0, 33]], "u": [[46, 50]], "s": [[34, 45]], "a": "cue", "p": "body", "f": 0.9, "t": [None, None], "w": who})
        self._used: dict[int, int] = defaultdict(int)

    def country(self, person: int) -> str | None:
        """Whom somebody speaks for."""
        return self.affiliations[self._spoken_for[person]][0]

    def side(self, person: int, issue: int, day: int) -> str:
        """Mostly what they said before."""
        rng, pair = self.rng, (person, issue)
        if pair not in self._sides:
            first = rng.choices(STANCES, weights=(4, 4, 2, 1))[0]
            self._sides[pair] = [(0, first)]
            if rng.random() < 0.08:
                self._sides[pair].append((rng.randrange(DAYS), rng.choice(STANCES[:3])))
        said = next(s for d, s in reversed(self._sides[pair]) if d <= day)
        return said if rng.random() < 0.97 else rng.choice(STANCES)

    def statement(self, number: int, count: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Rows of a statement, and of the position that it shows."""
        rng = self.rng
        day = number * DAYS // count
        key = (FIRST.toordinal() + day) * DAY + self._next(day)
        person = bisect(self._people, rng.random())
        named = rng.random() < 0.85
        actor = person + 1 if named else None
        shown = rng.random() < 0.95
        found = None
        entry = json.loads(self._entry)
        if rng.random() < 0.7:
            issue = bisect(self._issues, rng.random())
            found = self._position(key, day, person=person, issue=issue, actor=actor, shown=shown)
            entry["o"] = [[f"issue-{issue}", found["stance"], found["score"], [], None, "benchmark"]]
        row = {
            "key": key, "id": stable_id("s1", str(number)), "revision_key": 1, "reading_key": 1, "outlet_key": 1, "actor_key": actor, "speaker_key": actor,
            "speaker": self.people[person] if named else None, "speaker_type": "person" if named else "unnamed", "country": self.country(person),
            "kind": "direct", "content": self.text[:33], "said_on": None, "score": 0.9, "shown": shown, "verdict": None, "quotation_key": None,
            "entry": json.dumps(entry),
        }  # fmt: skip
        return row, found

    def _position(self, key: int, day: int, *, person: int, issue: int, actor: int | None, shown: bool) -> dict[str, Any]:
        rng = self.rng
        stance, score, reported = self.side(person, issue, day), round(rng.betavariate(5, 2), 4), rng.random() < 0.04
        return {
            "key": key, "statement_key": key, "coding_key": None, "issue_key": issue + 1, "holder": "x" if reported else None, "actor_key": actor,
            "affiliation_key": self._spoken_for[person] + 1, "day": date.fromordinal(key // DAY).isoformat(), "stance": stance, "score": score,
            "coder": "benchmark", "made": STAMP, "superseded": False, "stands": stance, "sure": score, "by_hand": False, "reported": reported, "counts": shown,
        }  # fmt: skip

    def _next(self, day: int) -> int:
        self._used[day] += 1
        return self._used[day]


def zipf(count: int) -> list[float]:
    """Chances that add up to one: the first most."""
    added = list(accumulate(1 / (n + 2) for n in range(count)))
    return [a / added[-1] for a in added[:-1]]


# Asking ------------------------------------------------------------------------------------------------------------------------------


def asked(ledger: Ledger, rounds: int) -> dict[str, Any]:
    """Medians of seconds; the rivals in turns with the matrix."""
    whole = PositionQuery()
    questions: dict[str, Callable[[], Any]] = {
        "matrix": lambda: ledger.matrix(whole),
        "matrix of one issue": lambda: ledger.matrix(whole.but(issues=("issue-3",))),
        "matrix of a camp": lambda: ledger.matrix(whole.but(camp="FR")),
        "matrix of a quarter of a year": lambda: ledger.matrix(whole.but(since=date(2024, 1, 1), until=date(2024, 3, 31))),
        "matrix by country": lambda: ledger.matrix(whole.but(rows=RowsBy.COUNTRY)),
        "matrix by month": lambda: ledger.matrix(whole.but(every="month")),
        "timeline of an issue": lambda: list(ledger.timeline("issue-3")),
        "shifts: the newest twenty of all": lambda: list(islice(ledger.shifts(whole), 20)),
        "shifts of an issue: the newest twenty": lambda: list(islice(ledger.shifts(whole.but(issues=("issue-3",))), 20)),
        "shifts of an actor": lambda: list(ledger.shifts(whole.but(actors=("Number7",)))),
        "split of a camp": lambda: ledger.split("FR"),
        "what the matrix asks of the database": lambda: with_index(ledger),
        "rival: the same question without the index": lambda: without_index(ledger),
        "rival: every entry read in Python": lambda: by_scan(ledger),
    }
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, ask in questions.items():
            start = time.perf_counter()
            ask()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(some) for name, some in times.items()}
    out: dict[str, Any] = {f"{name}, s": round(m, 3) for name, m in medians.items()}
    found = ledger.matrix(whole)
    out["cells"], out["rows"] = len(found.cells), len(found.rows)
    mine, theirs = ({s: n for s, n in some.items() if n} for some in (totals(found), by_scan(ledger)))
    out["the scan counts the same"] = mine == theirs
    out["matrix, first of a fresh connection, s"] = round(first_ask(ledger), 3)
    question = medians["rival: the same question without the index"] / medians["what the matrix asks of the database"]
    out["the question with the index against without, times"] = round(question, 1)
    out["matrix against every entry read in Python, times"] = round(medians["rival: every entry read in Python"] / medians["matrix"], 1)
    return out


def totals(found: Any) -> dict[str, int]:
    added: dict[str, int] = defaultdict(int)
    for cell in found.cells:
        for stance, n in cell.counts.items():
            added[str(stance)] += n
    return added


def first_ask(ledger: Ledger) -> float:
    ledger.close()
    with Ledger.open(ledger.database.path or ledger.database.url.render_as_string(hide_password=False)) as fresh:
        start = time.perf_counter()
        fresh.matrix()
        return time.perf_counter() - start


def with_index(ledger: Ledger) -> int:
    """The question that the matrix asks, without what is made of the answer."""
    with ledger.database.reading() as connection:
        where = matrix.narrowed(connection, PositionQuery(), matrix.wanted_issues(connection, PositionQuery()))
        return len(matrix._added_up(connection, where, None))


def without_index(ledger: Ledger) -> int:
    """The question that the matrix asks, where the index cannot be used."""
    unary = "+" if ledger.database.is_sqlite else ""
    query = f"""
        SELECT {unary}issue_key, actor_key, reported, affiliation_key, stands, count(*), min(key), max(key) FROM positions
        WHERE {unary}key > 0 AND superseded IS NOT NULL AND (counts OR stance = '') AND sure >= 0.5 GROUP BY 1, 2, 3, 4, 5
    """
    with ledger.database.reading() as connection:
        return len(connection.execute(text(query)).all())


def by_scan(ledger: Ledger) -> dict[str, int]:
    """What a program does that keeps a line of JSON for each statement: read them all, and count; holders reported by others are told by the table."""
    added: dict[str, int] = defaultdict(int)
    cells: dict[tuple[Any, str], dict[str, list[int]]] = defaultdict(dict)
    for key, actor, entry in entries(ledger):
        for issue, stance, score, *_ in json.loads(entry).get("o", ()):
            if score >= 0.5:
                cells[actor, issue].setdefault(stance, []).append(key)
                added[stance] += 1
    return added


def entries(ledger: Ledger) -> Iterator[tuple[int, int | None, str]]:
    query = """
        SELECT s.key, s.speaker_key, s.entry FROM statements s LEFT JOIN positions p ON p.statement_key = s.key
        WHERE s.shown AND NOT coalesce(p.reported, s.key < 0)
    """
    with ledger.database.reading() as connection:
        yield from (tuple(row) for row in connection.execute(text(query)))


if __name__ == "__main__":
    main()

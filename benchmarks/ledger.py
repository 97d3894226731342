"""How fast the ledger files, finds and grows, at 10,000, 100,000 and 1,000,000 statements.

    python benchmarks/ledger.py [--statements 10000 100000 1000000] [--folder DIR] [--ledger URL] [--format json]

Articles are invented (tests/ledger/invented.py): words, speakers and outlets follow Zipf's law, one in eight is a copy of another outlet's text,
one quotation in twelve is carried by several. They are made and read beforehand, in another process, so that what is timed is filing alone:
rows, full text, actors, quotations, copies, in transactions of 256 documents.

Queries are drawn from what is in the ledger: words by how often they are used, one to three of them, phrases, speakers, outlets, days, and several
at a time; each asks for the first 20 and the count of all, as `onrecord search` does, from a cold process with a warm file. A plain scan of the same
file with LIKE is the rival, run in turns with the search, since these machines are noisy and a ratio is not.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "ledger"))

from invented import FIRST_DAY, News

from onrecord.ledger import Filing, Ledger, Query, Sort

BATCH = 256
EACH = 10


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--statements", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], help="where to stop and measure")
    p.add_argument("--marks-until", type=int, default=10**9, help="statements beyond which copies and quotations are not looked for: a large ledger sooner")
    p.add_argument("--queries", type=int, default=200, help="of each sort")
    p.add_argument("--folder", type=Path, help="where the ledger is made; default: a temporary folder, thrown away afterwards")
    p.add_argument("--ledger", help="a database URL instead of a SQLite file")
    p.add_argument("--format", choices=["table", "json"], default="table")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        where = a.ledger or str((a.folder or Path(temporary)) / "ledger.db")
        rows = []
        for row in grow(where, sorted(a.statements), a.queries, a.marks_until // EACH):
            rows.append(row)
            print(f"at {row['statements']} statements: {row['articles filed a second']} articles a second", file=sys.stderr, flush=True)
    if a.format == "json":
        print(json.dumps({"machine": f"{platform.machine()}, {os.cpu_count()} cores", "points": rows}, indent=2))
        return
    for row in rows:
        print()
        for key, value in row.items():
            print(f"{key:36} {json.dumps(value) if isinstance(value, dict) else value}")


def grow(where: str, stops: list[int], queries: int, marked: int) -> Iterator[dict[str, Any]]:
    """File until each stop, and measure there."""
    articles = stops[-1] // EACH
    with multiprocessing.get_context("spawn").Pool(1) as pool, Ledger.open(where, create=True) as ledger:
        waiting = threading.BoundedSemaphore(4)
        tasks = ((n, min(BATCH, articles - n), articles, n < marked) for n in range(0, articles, BATCH) if waiting.acquire())
        batches = pool.imap(made, tasks)
        filed = said = 0
        spent = used = 0.0
        recent: list[float] = []
        for stop in stops:
            while said < stop and filed < articles:
                batch = next(batches)
                waiting.release()
                start, busy = time.perf_counter(), time.process_time()
                ledger.write(batch)
                took = time.perf_counter() - start
                used += time.process_time() - busy
                spent += took
                recent.append(len(batch) / took)
                filed += len(batch)
                said += sum(len(part.entries) for f in batch for part in f.parts)
            yield {
                "statements": said,
                "articles": filed,
                "articles filed a second": round(filed / spent),
                "… in the last tenth (median)": round(statistics.median(recent[-max(1, len(recent) // 10) :])),
                "bytes a statement": size(ledger) // said if size(ledger) else None,
                "bytes": size(ledger),
                "… in processor time": round(filed / used),
                "peak memory, MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "articles filed a second without copies and quotations": bare() if stop == stops[0] else None,
                **asked(where, queries),
            }


def bare() -> int:
    """How fast articles are filed if copies and quotations are not looked for: rows and full text alone."""
    some = list(News(2, statements=EACH).filings(4 * BATCH, marks=False))
    with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder) / "bare.db", create=True) as ledger:
        start = time.perf_counter()
        for n in range(0, len(some), BATCH):
            ledger.write(some[n : n + BATCH])
        return round(len(some) / (time.perf_counter() - start))


def made(task: tuple[int, int, int, bool]) -> list[Filing]:
    """Some articles, ready to be filed; in another process."""
    first, count, of, marks = task
    global _NEWS  # noqa: PLW0603 - the process makes one stream of news
    if _NEWS is None:
        _NEWS = News(1, statements=EACH)
    days = 730
    return [_NEWS.filing(moment=FIRST_DAY + timedelta(days=days * (first + n) / of), marks=marks) for n in range(count)]


_NEWS: News | None = None


def size(ledger: Ledger) -> int | None:
    status = ledger.status()
    if status.size is not None:
        return status.size
    return int(ledger.sql("SELECT pg_database_size(current_database())").rows[0][0])


def asked(where: str, number: int) -> dict[str, Any]:
    """Latencies in milliseconds, of each sort of question, from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(latencies, (where, number))


def latencies(where: str, number: int) -> dict[str, Any]:
    rng = random.Random(7)  # noqa: S311 - questions are no secret
    with Ledger.open(where) as ledger:
        questions = questions_of(ledger, rng, number)
        out: dict[str, Any] = {}
        every: list[float] = []
        for sort, some in questions.items():
            times = sorted(timed(q) for q in some)
            every += times if sort != "scan with LIKE (rival)" else []
            out[f"{sort}, ms"] = quantiles(times)
        out["all questions, ms"] = quantiles(sorted(every))
        fast, slow = (statistics.median(timed(q) for q in questions[s][:10]) for s in ("one word", "scan with LIKE (rival)"))
        out["search against a scan, times"] = round(slow / fast, 1)
        return out


def questions_of(ledger: Ledger, rng: random.Random, number: int) -> dict[str, list[Callable[[], object]]]:
    contents = [r[0] for r in ledger.sql(f"SELECT content FROM statements ORDER BY id LIMIT {number * 4}").rows]
    speakers = [
        r[0]
        for r in ledger.sql(
            f"SELECT a.id FROM (SELECT speaker_key FROM statements ORDER BY id LIMIT {number * 8}) s JOIN actors a ON a.key = s.speaker_key"
        ).rows
    ]
    outlets = [r[0] for r in ledger.sql("SELECT name FROM outlets").rows]

    def words(count: int) -> str:
        return " ".join(rng.choice(rng.choice(contents).split()).strip("“”,.") for _ in range(count))

    def phrase() -> str:
        said = rng.choice(contents).strip("“”,").split()
        at = rng.randrange(max(1, len(said) - 1))
        return f'"{" ".join(said[at : at + 2])}"'

    def days() -> dict[str, Any]:
        start = FIRST_DAY.date() + timedelta(days=rng.randrange(700))
        return {"since": start, "until": start + timedelta(days=rng.choice((7, 30, 180)))}

    def look(**what: Any) -> Callable[[], object]:
        query = Query(**what)
        return lambda: (ledger.count(query), list(ledger.search(query, limit=20)))

    def profile(who: str) -> Callable[[], object]:
        def page() -> object:
            actor = ledger.actor(who)
            return ledger.said_by(actor), list(ledger.search(Query(actors=(actor.id,)), limit=20))

        return page

    def scan(word: str) -> Callable[[], object]:
        among = f"FROM statements WHERE shown AND content LIKE '%{word}%'"
        return lambda: (ledger.sql(f"SELECT count(*) {among}"), ledger.sql(f"SELECT key {among} ORDER BY key DESC", limit=20))

    several = range(number)
    return {
        "one word": [look(words=words(1)) for _ in several],
        "two words": [look(words=words(2)) for _ in several],
        "three, one left out": [look(words=f"{words(2)} -{words(1)}") for _ in several],
        "a phrase": [look(words=phrase()) for _ in several],
        "beginning of a word": [look(words=words(1)[:4] + "*") for _ in several],
        "by relevance": [look(words=words(1), sort=Sort.RELEVANCE) for _ in several],
        "word and speaker": [look(words=words(1), actors=(rng.choice(speakers),)) for _ in several],
        "word, outlet, kind, days": [look(words=words(1), outlets=(rng.choice(outlets),), kinds=("direct",), **days()) for _ in several],
        "speaker and days": [look(actors=(rng.choice(speakers),), **days()) for _ in several],
        "score at least 0.85 and a word": [look(words=words(1), min_score=0.85) for _ in several],
        "an actor's page": [profile(rng.choice(speakers)) for _ in several],
        "scan with LIKE (rival)": [scan(words(1).replace("'", "")) for _ in range(10)],
    }


def timed(question: Callable[[], object]) -> float:
    start = time.perf_counter()
    question()
    return (time.perf_counter() - start) * 1000


def quantiles(times: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(times), 1), "p99": round(times[min(len(times) - 1, int(len(times) * 0.99))], 1), "most": round(times[-1], 1)}


if __name__ == "__main__":
    main()

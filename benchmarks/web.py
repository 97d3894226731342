"""How fast the desk answers in a browser: every page over a large ledger, alone and with 20 clients at once.

    onrecord upgrade --ledger DIR/ledger.db
    python benchmarks/web.py --ledger DIR/ledger.db [--place] [--requests 40] [--clients 20] [--seconds 10] [--processes 2] [--format json]

A real server (`onrecord serve --port 0`) runs as a process of its own on 127.0.0.1, with its limits on how often one address may ask lifted, since all
clients have one address here. Pages are those of the application; ids and words are drawn from the ledger, each request another one, so that what is kept
does not flatter; addresses that take nothing are made different by a query that they do not read. Clients ask again as soon as they are answered. Times
are the server's, from when a request is there until its answer begins, waiting for others included; beside them those that clients see, to the last byte
of the answer, with their own work on the same cores.

`--place` first adds an agenda and a position to each statement, once; a ledger of statements comes from `ledger.py`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from served import served
from sqlalchemy import text

from onrecord.ledger import Ledger
from onrecord.ledger.bulk import insert_rows
from onrecord.ledger.keys import DAY
from onrecord.ledger.tables import positions
from onrecord.positions import Issue, Stance

ISSUES = 24
STAMP = "2026-01-01T00:00:00.000000+00:00"
#: What issue 6 asks for: seconds at the median alone, at the 99th percentile with 20 clients; bytes.
MEDIAN, P99, WEIGHT = 0.2, 0.6, 300_000
#: Seconds that the processes have to work out what Today and the pages of issues show: nothing tells when they are done.
_BEFOREHAND = 15
_SERVER = str(Path(__file__).with_name("timed_server.py"))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--ledger", type=Path, required=True)
    p.add_argument("--place", action="store_true", help="add an agenda and positions first, if there are none")
    p.add_argument("--requests", type=int, default=40, help="requests of each page, one after the other")
    p.add_argument("--clients", type=int, default=20)
    p.add_argument("--seconds", type=float, default=10, help="seconds at most that each part of each page takes")
    p.add_argument("--processes", type=int, default=0, help="processes that make pages beside the desk's own, as `onrecord serve --processes`")
    p.add_argument("--only", help="pages whose name has this in it")
    p.add_argument("--format", choices=["table", "json"], default="table")
    a = p.parse_args()
    with Ledger.open(str(a.ledger)) as ledger:
        if a.place:
            place(ledger)
        drawn = draw(ledger)
    rows = []
    with served(a.ledger, "--processes", str(a.processes), program=(sys.executable, _SERVER)) as address:
        warm(address, a.clients)
        for name, urls in pages(drawn).items():
            if not a.only or a.only in name:
                rows.append(measured(address, name, urls, a))
                print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    report(rows, drawn["size"], a)


def warm(address: str, clients: int) -> None:
    """Wait until what the desk keeps in memory is there, in all of its processes: a desk is opened once and asked all day."""

    def asked(n: int) -> float:
        begun = time.perf_counter()
        httpx.get(f"{address}/issues?_={n}", timeout=120)
        return time.perf_counter() - begun

    # As many at once as keep all processes busy: each has its own to fetch.
    with ThreadPoolExecutor(clients) as pool:
        for n in range(60):
            if max(pool.map(asked, range(n * clients, (n + 1) * clients))) < 1:
                break
            time.sleep(0.5)
    time.sleep(_BEFOREHAND)


def place(ledger: Ledger) -> None:
    """Issues, and a position on one of them for each statement, as `matrix.py` draws them."""
    if list(ledger.agenda(retired=True)):
        return
    rng = random.Random(1)  # noqa: S311 - chance that is repeated is the point
    for n in range(ISSUES):
        ledger.add_issue(Issue(f"issue-{n}", f"Question number {n}"), by="benchmark", on=datetime(2026, 1, 1, tzinfo=UTC))
    with ledger.database.reading() as connection:
        keys = dict(connection.execute(text("SELECT id, key FROM issues")).tuples().all())
    issue_keys = [keys[f"issue-{n}"] for n in range(ISSUES)]
    chances, stances = [1 / (n + 2) for n in range(ISSUES)], [str(s) for s in Stance]
    after = -1
    while True:
        with ledger.database.reading() as connection:
            query = "SELECT key, speaker_key, shown, entry FROM statements WHERE key > :after ORDER BY key LIMIT 20000"
            some = connection.execute(text(query), {"after": after}).all()
        if not some:
            return
        after = some[-1].key
        rows, entries = [], []
        for s, n in zip(some, rng.choices(range(ISSUES), chances, k=len(some)), strict=True):
            stance, score = stances[hash((s.speaker_key, n)) % 4] if rng.random() < 0.95 else rng.choice(stances), round(rng.betavariate(5, 2), 4)
            entries.append({"key": s.key, "entry": json.dumps(json.loads(s.entry) | {"o": [[f"issue-{n}", stance, score, [], None, "benchmark"]]})})
            rows.append({
                "key": s.key, "statement_key": s.key, "coding_key": None, "issue_key": issue_keys[n], "holder": None, "actor_key": s.speaker_key,
                "affiliation_key": None, "day": date.fromordinal(s.key // DAY).isoformat(), "stance": stance, "score": score, "coder": "benchmark",
                "made": STAMP, "superseded": False, "stands": stance, "sure": score, "by_hand": False, "reported": False, "counts": bool(s.shown),
            })  # fmt: skip
        with ledger.database.writing() as connection:
            insert_rows(connection, positions, rows)
            connection.execute(text("UPDATE statements SET entry = :entry WHERE key = :key"), entries)


def draw(ledger: Ledger) -> dict[str, Any]:
    """What addresses are made of, spread over the ledger."""
    with ledger.database.reading() as connection:

        def ids(query: str) -> list[Any]:
            return list(connection.execute(text(query)).scalars())

        size = {t: ids(f"SELECT count(*) FROM {t}")[0] for t in ("statements", "positions", "articles", "actors", "quotations")}
        low, high = connection.execute(text("SELECT min(key), max(key) FROM statements")).one()
        rng, found = random.Random(2), []  # noqa: S311
        for _ in range(600):
            at = {"at": rng.randrange(low, high)}
            query = """SELECT s.id, s.content, n.id AS article, a.id AS actor, q.id AS quotation FROM statements s
                JOIN revisions r ON r.key = s.revision_key JOIN articles n ON n.key = r.article_key LEFT JOIN actors a ON a.key = s.actor_key
                LEFT JOIN quotations q ON q.key = s.quotation_key WHERE s.key >= :at ORDER BY s.key LIMIT 1"""
            found.append(connection.execute(text(query), at).one())
        issues = ids("SELECT DISTINCT id FROM issues ORDER BY id")
    words = sorted({w.strip(".,;:!?\"'“”’") for f in found for w in f.content.lower().split() if len(w) > 4})
    rng.shuffle(words)
    unique = {k: list(dict.fromkeys(getattr(f, k) for f in found if getattr(f, k))) for k in ("article", "actor", "quotation")}
    return {"size": size, "words": words, "issues": issues, **unique}


def pages(drawn: dict[str, Any]) -> dict[str, list[str]]:
    """Addresses of each page."""
    words, some = drawn["words"], {k: drawn[k] for k in ("article", "actor", "quotation")}
    every = {
        "today": ["/"],
        "search, no words": ["/search"],
        "search, a word": [f"/search?q={w}" for w in words],
        "search, two words": [f"/search?q={v}+{w}" for v, w in zip(words[::2], words[1::2], strict=False)],
        "search, an issue": [f"/search?issue={i}" for i in drawn["issues"]],
        "search, an actor": [f"/search?actor={i}" for i in some["actor"]],
        "search as JSON": [f"/api/search?q={w}" for w in reversed(words)],
        "articles": ["/articles"],
        "article": [f"/articles/{i}" for i in some["article"]],
        "changes of an article": [f"/articles/{i}/changes" for i in some["article"]],
        "actors": ["/actors"],
        "actor": [f"/actors/{i}" for i in some["actor"]],
        "issues": ["/issues"],
        "issue": [f"/issues/{i}" for i in drawn["issues"]],
        "suggestions": ["/issues/suggest"],
        "quotation": [f"/quotations/{i}" for i in some["quotation"]],
        "network": ["/network"],
        "network of citations": ["/network/citations"],
        "review": ["/review"],
        "searches": ["/searches"],
        "add": ["/add"],
        "log": ["/log"],
    }
    return {k: v for k, v in every.items() if v}


def different(urls: Sequence[str]) -> Iterator[str]:
    """Addresses without end, no two the same."""
    for n in range(1_000_000):
        url = urls[n % len(urls)]
        yield url if n < len(urls) and len(urls) > 1 else f"{url}{'&' if '?' in url else '?'}_={n}"


def measured(address: str, name: str, urls: Sequence[str], a: argparse.Namespace) -> dict[str, Any]:
    """Times and weights of one page."""
    source = different(urls)
    with httpx.Client(base_url=address, headers={"accept-encoding": "gzip"}, timeout=60, limits=httpx.Limits(max_connections=a.clients)) as client:
        first = client.get(url := next(source))
        if first.status_code == 404:
            return {"page": name, "status": 404}
        weight = len(first.content), int(first.headers.get("content-length", len(gzip.compress(first.content))))
        again = timed(client, url).server
        tag = first.headers.get("etag")
        unchanged = client.get(url, headers={"if-none-match": tag}).status_code if tag else None
        failed: list[int] = []

        def asked(url: str, until: float) -> Times | None:
            if time.perf_counter() > until:
                return None
            times = timed(client, url)
            failed.extend([times.status] if times.status >= 400 else [])
            return times

        until = time.perf_counter() + a.seconds
        alone = [t for t in (asked(next(source), until) for _ in range(a.requests)) if t is not None]
        todo, until = list(zip(range(a.requests * 5), source, strict=False)), time.perf_counter() + a.seconds
        with ThreadPoolExecutor(a.clients) as pool:
            together = [t for t in pool.map(lambda u: asked(u[1], until), todo) if t is not None]
    return {
        "page": name, "status": first.status_code, "n_alone": len(alone), "n_together": len(together), "kept": again,
        **spread("alone", [t.server for t in alone]), **spread("together", [t.server for t in together]), **spread("seen", [t.seen for t in together]),
        "bytes": weight[0], "gzipped": weight[1], "unchanged": unchanged, "errors": len(failed),
    }  # fmt: skip


class Times(NamedTuple):
    """Of one answer: seconds in the server, seconds that the client saw, and its status."""

    server: float
    seen: float
    status: int


def timed(client: httpx.Client, url: str) -> Times:
    begun = time.perf_counter()
    try:
        answer = client.get(url)
    except httpx.TimeoutException:
        # Counts as an answer that took so long, and as an error.
        return Times(seconds := time.perf_counter() - begun, seconds, 599)
    told = float(answer.headers["server-timing"].partition("dur=")[2]) / 1000
    return Times(told, time.perf_counter() - begun, answer.status_code)


def spread(name: str, times: Sequence[float]) -> dict[str, float]:
    return {f"{name}_median": statistics.median(times), f"{name}_p99": percentile(times)}


def percentile(times: Sequence[float], part: float = 0.99) -> float:
    """The smallest time that so large a part of them does not pass."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def report(rows: list[dict[str, Any]], size: dict[str, int], a: argparse.Namespace) -> None:
    """Print them."""
    load = os.getloadavg()[0]
    said = {"onrecord": version("onrecord"), "ledger": size, "machine": f"{platform.machine()}, {os.cpu_count()} cores", "load": round(load, 1)}
    said |= {"clients": a.clients, "processes": a.processes}
    said |= {"requests": a.requests, "seconds": a.seconds, "on": datetime.now(UTC).isoformat(timespec="seconds")}
    signature = hashlib.sha256(json.dumps([said, rows], sort_keys=True).encode()).hexdigest()[:12]
    if a.format == "json":
        print(json.dumps({"signature": signature, **said, "pages": rows}, indent=2))
        return
    print(json.dumps(said))
    print(
        "| page | alone, ms | p99 | with clients, ms | p99 | as they see it | p99 | n | kept, ms | kB | gzipped | 304 | errors | |\n|---|"
        + "---:|" * 12
        + "---|"
    )
    for r in rows:
        if r["status"] == 404:
            print(f"| {r['page']} | not there |")
            continue
        late = [w for w, b in (("slow", r["alone_median"] > MEDIAN), ("p99", r["together_p99"] > P99), ("heavy", r["bytes"] > WEIGHT)) if b]
        ms = [f"{r[k] * 1000:.0f}" for k in ("alone_median", "alone_p99", "together_median", "together_p99", "seen_median", "seen_p99")]
        tail = [f"{r['n_alone']}+{r['n_together']}", f"{r['kept'] * 1000:.1f}", f"{r['bytes'] / 1000:.0f}", f"{r['gzipped'] / 1000:.0f}"]
        print("| " + " | ".join([r["page"], *ms, *tail, str(r["unchanged"]), str(r["errors"]), " ".join(late)]) + " |")
    print(f"signature {signature}")


if __name__ == "__main__":
    main()

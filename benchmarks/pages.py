"""How the pages of the desk load in a real browser, with figures like Lighthouse's.

    python benchmarks/pages.py [--ledger FILE] [--rounds 3] [--device phone|laptop] [--only NAME] [--format json]

A desk is served as users serve it, over the demo ledger if no other is given, and Chromium opens every page with an empty cache. `phone` slows the
processor down four times and the network to 1.6 Mbit/s with 150 ms for each round trip, as Lighthouse does for phones; `laptop` has 10 Mbit/s and 40 ms.

First and largest contentful paint, blocking time (what tasks last beyond 50 ms each after the first paint) and layout shift are what the browser says of
itself (PerformanceObserver). The score puts them on the curves that Lighthouse 10 publishes, with its weights; speed index, a tenth of Lighthouse's score,
is left out and the rest counts for the whole. Accessibility is the number of axe-core's violations of any impact. Each figure is the median of the rounds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from served import served

ROOT = Path(__file__).resolve().parents[1]
#: Bytes a second each way, milliseconds of a round trip, how many times slower the processor is, width and height, by device: as Lighthouse throttles.
DEVICES = {"phone": (1_638_400 / 8, 150, 4, 412, 823), "laptop": (10_240_000 / 8, 40, 1, 1350, 940)}
#: Weight, and the values that give a score of 0.9 and 0.5, by device (https://github.com/GoogleChrome/lighthouse, core/audits/metrics).
CURVES = {
    "phone": {"first_paint": (10, 1800, 3000), "largest_paint": (25, 2500, 4000), "blocking": (30, 200, 600), "shift": (25, 0.1, 0.25)},
    "laptop": {"first_paint": (10, 934, 1600), "largest_paint": (25, 1200, 2400), "blocking": (30, 150, 350), "shift": (25, 0.1, 0.25)},
}
_OBSERVE = """
window.seen = {largest: 0, shift: 0, tasks: []};
new PerformanceObserver(l => l.getEntries().forEach(e => seen.largest = e.startTime)).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => e.hadRecentInput || (seen.shift += e.value))).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => seen.tasks.push([e.startTime, e.duration]))).observe({type: 'longtask', buffered: true});
"""
_TOLD = """() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0], way = performance.getEntriesByType('navigation')[0];
    const all = performance.getEntriesByType('resource'), first = paint ? paint.startTime : 0;
    return {
        first_paint: first, largest_paint: seen.largest || first, shift: seen.shift,
        blocking: seen.tasks.filter(t => t[0] + t[1] > first).reduce((sum, t) => sum + Math.max(0, t[1] - 50), 0),
        server: way.responseStart - way.requestStart, bytes: way.transferSize + all.reduce((sum, e) => sum + e.transferSize, 0),
        requests: 1 + all.length, elements: document.querySelectorAll('*').length,
    };
}"""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--ledger", type=Path, default=ROOT / "out/demo-desk/news.db", help="the demo's, if none is given")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--device", choices=sorted(DEVICES), default="phone")
    p.add_argument("--only", help="pages whose name has this in it")
    p.add_argument("--format", choices=["table", "json"], default="table")
    a = p.parse_args()
    if a.ledger == p.get_default("ledger"):
        subprocess.run([sys.executable, ROOT / "examples/negotiation/build.py", a.ledger], check=True, stdout=subprocess.DEVNULL)
    with opened(a.ledger) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        rows = [measured(browser, home, name, path, a) for name, path in addresses(browser, home).items() if not a.only or a.only in name]
        used = f"chromium {browser.version}"
        browser.close()
    said = {"onrecord": version("onrecord"), "browser": used, "device": a.device, "rounds": a.rounds}
    signature = hashlib.sha256(json.dumps([said, rows], sort_keys=True).encode()).hexdigest()[:12]
    if a.format == "json":
        print(json.dumps({"signature": signature, **said, "pages": rows}, indent=2))
        return
    print(json.dumps(said))
    print("| page | score | first paint, ms | largest, ms | blocking, ms | shift | server, ms | kB | requests | elements | axe |\n|---|" + "---:|" * 10)
    for r in rows:
        ms = [f"{r[k]:.0f}" for k in ("first_paint", "largest_paint", "blocking")]
        tail = [f"{r['shift']:.3f}", f"{r['server']:.0f}", f"{r['bytes'] / 1000:.0f}", *(f"{r[k]:.0f}" for k in ("requests", "elements", "axe"))]
        print("| " + " | ".join([r["page"], f"{r['score']:.0f}", *ms, *tail]) + " |", flush=True)
    print(f"signature {signature}")


@contextmanager
def opened(ledger: Path) -> Iterator[str]:
    """The address of a desk over a copy of a ledger, if that is small, so that opening it changes nothing."""
    with tempfile.TemporaryDirectory() as folder, served(Path(shutil.copy(ledger, folder)) if ledger.stat().st_size < 1 << 28 else ledger) as home:
        yield home


def addresses(browser: Browser, home: str) -> dict[str, str]:
    """Pages, and what each list leads to first."""
    context = browser.new_context(base_url=home)
    page = context.new_page()

    def first(on: str, links: str) -> str | None:
        page.goto(on)
        found = page.locator(f"main a[href*='{links}']:not([href*='agreement'])")
        href = found.first.get_attribute("href") if found.count() else None
        return href.split("#")[0] if href else None

    article, issue = first("/articles", "/articles/n"), (first("/", "/issues/") or "").split("?")[0] or None
    every = {
        "today": "/", "search": "/search?q=the", "articles": "/articles", "article": article, "changes": article and f"{article}/changes",
        "actors": "/actors", "actor": first("/actors", "/actors/a"), "issues": "/issues", "issue": issue,
        "quotations": "/quotations",
        "quotation": first("/quotations", "/quotations/q"), "review": "/review", "coding": issue and issue.replace("/issues/", "/review/"),
        "network": "/network",
        "searches": "/searches", "add": "/add", "log": "/log",
    }  # fmt: skip
    context.close()
    return {name: path for name, path in every.items() if path}


def measured(browser: Browser, home: str, name: str, path: str, a: argparse.Namespace) -> dict[str, Any]:
    """One page."""
    rounds = [once(browser, home + path, a.device) for _ in range(a.rounds)]
    row = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
    weights = CURVES[a.device]
    score = sum(w * scored(row[key], good, middling) for key, (w, good, middling) in weights.items()) / sum(w for w, _, _ in weights.values())
    return {"page": name, "score": round(100 * score, 1), **{k: round(v, 4) for k, v in row.items()}}


def once(browser: Browser, url: str, device: str) -> dict[str, float]:
    """What the browser says of one visit."""
    rate, wait, slower, width, height = DEVICES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(_OBSERVE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": wait, "downloadThroughput": rate, "uploadThroughput": rate})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(500)
    told: dict[str, float] = page.evaluate(_TOLD)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    told["axe"] = _violations(page)
    context.close()
    return told


def _violations(page: Page) -> int:
    return len(Axe().run(page).response["violations"])


def scored(value: float, good: float, middling: float) -> float:
    """Where a value lies on a log-normal curve through 0.9 at `good` and 0.5 at `middling`, as Lighthouse scores it.

    Example:
        >>> round(scored(1800, 1800, 3000), 2), round(scored(3000, 1800, 3000), 2)
        (0.9, 0.5)
    """
    if value <= 0:
        return 1.0
    # The standard normal deviate that 0.9 of all lie below.
    deviate = statistics.NormalDist().inv_cdf(0.9)
    spread = (math.log(middling) - math.log(good)) / deviate
    return 1 - statistics.NormalDist().cdf((math.log(value) - math.log(middling)) / spread)


if __name__ == "__main__":
    main()

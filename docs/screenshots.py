"""Takes the pictures of the desk that README and the docs show: `python docs/screenshots.py [NAME …]`, with `pip install -e '.[dev]'` and Debian's chromium.

A copy of the demo ledger (`make demo-desk` reads it) is served as users serve it, and a real browser goes where each picture says. Nothing is drawn by hand.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
from served import served  # noqa: E402 - stands beside the other scripts that look at a desk from outside

PICTURES = ROOT / "docs/pictures"
DEMO = ROOT / "out/demo-desk/news.db"
SPEAKER, ISSUE, STORY = "Ludmila Sorev", "truce-60d", "https://halyard.example/world/merrow-truce-2026-03-12"


class Picture(NamedTuple):
    """One picture."""

    #: Goes there, from the first page on.
    go: Callable[[Page], object]
    #: What stands at its top: a selector; none, the top of the page.
    top: str | None = None
    height: int = 860
    width: int = 1200
    scheme: str = "light"


def _at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def _actor(page: Page) -> None:
    page.goto("/actors")
    page.get_by_role("link", name=SPEAKER, exact=True).first.click()


def _story(page: Page) -> str:
    """Path of the article that both texts of are known."""
    listed = page.request.get("/api/articles?limit=100").json()["articles"]
    return next(f"/articles/{quote(a['id'])}" for a in listed if (a["url"] or "").startswith(STORY))


def _article(page: Page) -> None:
    page.goto(_story(page))


def _changes(page: Page) -> None:
    page.goto(f"{_story(page)}/changes")


def _quotation(page: Page) -> None:
    page.goto("/quotations")
    page.locator("main a[href*='/quotations/q']").first.click()


#: By the name of their file.
WANTED = {
    "today": Picture(_at("/")),
    "search": Picture(_at("/search?q=ceasefire+OR+truce")),
    "article": Picture(_article),
    "changes": Picture(_changes),
    "actor": Picture(_actor),
    "issues": Picture(_at("/issues")),
    "issue": Picture(_at(f"/issues/{ISSUE}"), height=1000),
    "quotation": Picture(_quotation),
    "review": Picture(_at(f"/review/{ISSUE}")),
    "network": Picture(_at("/network"), height=1000),
    "article-dark": Picture(_article, scheme="dark"),
    "issue-phone": Picture(_at(f"/issues/{ISSUE}"), height=740, width=360),
}


def main() -> None:
    """Take all of them, or those that are named."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("name", nargs="*", help=f"of {', '.join(WANTED)}; all if none is given")
    asked.add_argument("--to", type=Path, default=PICTURES, help="folder that they are written to")
    given = asked.parse_args()
    if unknown := set(given.name) - set(WANTED):
        asked.error(f"there is no picture {', '.join(sorted(unknown))}")
    given.to.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, ROOT / "examples/negotiation/build.py", DEMO], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder, served(Path(shutil.copy(DEMO, folder))) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in given.name or WANTED:
            picture = WANTED[name]
            viewport = {"width": picture.width, "height": picture.height}
            context = browser.new_context(base_url=home, viewport=viewport, color_scheme=picture.scheme, reduced_motion="reduce", locale="en-GB")
            page = context.new_page()
            picture.go(page)
            page.wait_for_load_state("networkidle")
            if picture.top:
                page.locator(picture.top).first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")
            path = given.to / f"{name}.png"
            page.screenshot(path=path)
            print(f"{path}: {page.url.removeprefix(home)}, {path.stat().st_size / 1000:.0f} kB", flush=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()

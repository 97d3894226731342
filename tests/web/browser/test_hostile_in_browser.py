"""Hostile articles before a real browser: nothing of theirs runs, nothing is fetched, no page leads away by itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from desk_in_browser import DESKTOP, Watched, served, watched
from playwright.sync_api import Browser

#: Pages of each kind.
_EACH = 6


@pytest.fixture(scope="module")
def home(poisoned: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(Path(shutil.copy(poisoned, tmp_path_factory.mktemp("hostile") / "news.db"))) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser: Browser, home: str) -> Iterator[Watched]:
    with watched(browser, home, DESKTOP) as made:
        # What a payload calls if it runs; a console error is what the watch tells.
        made.page.add_init_script("window.pwned = () => console.error('pwned');")
        made.page.on("dialog", lambda d: made.wrong.append(f"dialog: {d.message}"))
        yield made


def _addresses(home: str) -> list[str]:
    with httpx.Client(base_url=home, timeout=30) as client:
        statements = client.get("/api/search?limit=100").json()["statements"]
        articles = list(dict.fromkeys(s["article"]["id"] for s in statements))
        actors = [a["id"] for a in client.get("/api/actors").json()["actors"]]
    some = [f"/articles/{i}" for i in articles] + [f"/actors/{i}" for i in actors[:_EACH]] + [f"/quotations/{s['id']}" for s in statements[:_EACH]]
    return ["/", "/search?q=sign", "/search?q=%22%3E%3Cscript%3Epwned()%3C/script%3E", "/issues", "/issues/issue-0", "/searches", "/review", "/log", *some]


def test_nothing_runs(page: Watched, home: str) -> None:
    for path in _addresses(home):
        status = page.open(path)
        # A question that cannot be meant is answered so, and the browser's console tells the status.
        wrong = [w for w in page.wrong if status == 200 or f"status of {status}" not in w]
        assert wrong == [], path
        assert page.page.url == home + path, path
        # What opens on focus, toggling or pressing is opened, too.
        page.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.page.evaluate("document.querySelectorAll('main script, iframe, object, base').length") == 0
        assert [w for w in page.wrong if "pwned" in w] == []

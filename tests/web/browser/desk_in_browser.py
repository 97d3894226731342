"""A desk that is served, and pages that are watched: whatever a page asks of another machine is stopped, and told."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
_FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


@contextmanager
def served(ledger: Path, *more: str) -> Iterator[str]:
    """The address of a desk that is served as users serve it."""
    command = [str(Path(sys.executable).with_name("onrecord")), "serve", "--ledger", str(ledger), "--port", "0", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            told = ""
            for line in server.stdout or ():
                told += line
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    break
            else:
                pytest.fail(f"the desk did not start: {told}")
            yield found[0]
        finally:
            server.terminate()
            server.wait(20)


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    home: str
    wrong: list[str] = field(default_factory=list)
    weight: int = 0

    def open(self, path: str) -> int:
        """Open an address of the desk; its status."""
        self.wrong.clear()
        self.weight = 0
        answer = self.page.goto(self.home + path, wait_until="networkidle")
        assert answer is not None
        return answer.status


@contextmanager
def watched(browser: Browser, home: str, viewport: dict[str, int], scheme: str = "light") -> Iterator[Watched]:
    """A page of a browser whose every step is watched."""
    context: BrowserContext = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    made = Watched(page, home)

    def stop(route: Route) -> None:
        if route.request.url.startswith((home + "/", "data:")):
            route.continue_()
        else:
            made.wrong.append(f"asked of another machine: {route.request.url}")
            route.abort()

    context.route("**/*", stop)
    page.on("console", lambda m: made.wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: made.wrong.append(f"script: {e}"))
    # Bytes of bodies as they were sent, compressed.
    page.on("requestfinished", lambda r: setattr(made, "weight", made.weight + r.sizes()["responseBodySize"]))
    yield made
    context.close()


def assert_whole(watch: Watched, path: str) -> None:
    """Open a page and look at it from all sides."""
    assert watch.open(path) == 200
    assert watch.wrong == []
    assert watch.weight < 300_000
    page = watch.page
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways: {_wide(watch)}"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    bad = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert bad == [], [(v["id"], [(n["html"][:160], n["failureSummary"][:200]) for n in v["nodes"][:3]]) for v in bad]
    assert _unreached(watch) == []


def _wide(watch: Watched) -> list[str]:
    script = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.wide')).slice(0, 4).map(e => e.outerHTML.slice(0, 150))"
    found: list[str] = watch.page.evaluate(script)
    return found


def _unreached(watch: Watched) -> list[str]:
    """Controls that Tab does not come to, of the first hundred and fifty."""
    script = """focusable => {
        const all = [...document.querySelectorAll(focusable)].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0);
        window.waiting = new Set(all.slice(0, 150));
        document.addEventListener('focusin', e => window.waiting.delete(e.target), true);
        document.activeElement.blur();
        window.getSelection().removeAllRanges();
        return window.waiting.size;
    }"""
    for _ in range(watch.page.evaluate(script, _FOCUSABLE) + 2):
        watch.page.keyboard.press("Tab")
    # Of radio buttons of one name, Tab comes to one.
    left: list[str] = watch.page.evaluate("[...window.waiting].filter(e => e.type !== 'radio').map(e => e.outerHTML.slice(0, 160))")
    return left

"""Every page of the desk, found from the application's own routes, at desktop and phone width, light and dark."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from desk_in_browser import DESKTOP, PHONE, Watched, assert_whole, served, watched
from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from playwright.sync_api import Browser

from onrecord.web.app import _MODULES

_ROUTER = APIRouter()
for _module in _MODULES:
    _module.add(_ROUTER)
_HTML = [r for r in _ROUTER.routes if isinstance(r, APIRoute) and "GET" in r.methods and r.response_class is HTMLResponse]
#: The page that asks for a token is looked at where one is asked for: in `test_actions.py`.
ROUTES = {r.path: r for r in _HTML if r.path != "/login"}
#: Pages that no other page leads to.
_BY_HAND = {
    "/logout": "/logout",
    "/tokens": "/tokens",
    "/log": "/log",
    "/add": "/add",
    "/issues/suggest": "/issues/suggest",
    "/network/citations": "/network/citations",
    "/review/agreement": "/review/agreement",
    "/review/{issue}": "/review/truce-60d",
}
#: Addresses of a kind that are looked into for others.
_ENOUGH = 3


@pytest.fixture(scope="module")
def home(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import shutil

    with served(Path(shutil.copy(demo, tmp_path_factory.mktemp("looked-at") / "news.db"))) as address:
        yield address


@pytest.fixture(scope="module")
def addresses(home: str) -> dict[str, str]:
    """An address of every page: found by following links from the first one, as a reader would."""
    found: dict[str, list[str]] = {}
    waiting = ["/", *_BY_HAND.values()]
    seen = set(waiting)
    with httpx.Client(base_url=home, follow_redirects=False, timeout=30) as client:
        pasted = client.post("/api/add/article", json={"text": "A page is read\n\n“We shall read it,” said Nerys Adair-Bello on Monday.\n", "outlet": "Post"})
        if pasted.status_code == 200:
            waiting.append(pasted.json()["page"])
        waiting.append("/statements/" + client.get("/api/search?q=ambush").json()["statements"][0]["id"])
        # One who was made of two, so that there is something to split.
        waiting.append(f"/actors/{client.get('/api/actors?q=Miro+Kastell').json()['actors'][0]['id']}/split")
        while waiting:
            path = waiting.pop(0)
            route = next((p for p, r in ROUTES.items() if r.path_regex.match(urlsplit(path).path)), None)
            if route is None or len(found.get(route, ())) >= _ENOUGH:
                continue
            answer = client.get(path, follow_redirects=route == "/statements/{id}")
            if answer.status_code != 200:
                assert answer.status_code in (303, 307), f"a link leads to {path}, which answers {answer.status_code}"
                continue
            found.setdefault(route, []).append(path)
            for link in re.findall(r'href="(/[^"#]*)', answer.text):
                if (to := unescape(link)) not in seen:
                    seen.add(to)
                    waiting.append(to)
    return {route: paths[-1] if route == "/articles/{id}" else paths[0] for route, paths in found.items()}


@pytest.fixture(scope="module")
def pages(browser: Browser, home: str) -> Iterator[list[Watched]]:
    with watched(browser, home, DESKTOP) as desktop, watched(browser, home, PHONE, "dark") as phone:
        yield [desktop, phone]


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_a_page_is_whole(route: str, addresses: dict[str, str], pages: list[Watched]) -> None:
    assert route in addresses, f"no page leads to {route}: name an address by hand"
    for watch in pages:
        assert_whole(watch, addresses[route])


def test_titles_tell_pages_apart(addresses: dict[str, str], home: str) -> None:
    titles: dict[str, str] = {}
    with httpx.Client(base_url=home, timeout=30) as client:
        for route, path in addresses.items():
            title = re.search(r"<title>(.*?)</title>", client.get(path).text, re.DOTALL)
            assert title, path
            titles.setdefault(title[1], route)
            # An article's page shows one of its statements at an address of its own.
            if {route, titles[title[1]]} != {"/articles/{id}", "/statements/{id}"}:
                assert titles[title[1]] == route, (title[1], route)


def test_the_head_of_a_page_leads_somewhere(home: str) -> None:
    with httpx.Client(base_url=home, timeout=30) as client:
        head = client.get("/").text.partition("<nav")[2].partition("</nav>")[0]
        links = re.findall(r'href="([^"]+)"', head)
        assert links
        assert [to for to in links if client.get(to).status_code != 200] == []

"""Whatever articles and people write into a ledger, no page of the desk holds anything of theirs that could run."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from lxml import html

import onrecord
from onrecord.web import Site, make_app

#: Pages that are looked at, at most.
_MOST = 400
_FORBIDDEN = {"iframe", "object", "embed", "base", "frame", "frameset", "applet", "math", "foreignobject", "animate", "set", "style", "video", "audio"}
_ADDRESSES = {"href", "src", "action", "formaction", "srcdoc", "data", "poster", "background", "xlink:href", "ping"}


@pytest.fixture(scope="module")
def client(poisoned: Path) -> Iterator[TestClient]:
    site = Site(onrecord.open(poisoned, create=False), user="mira <script>pwned()</script>")
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


def faults(text: str) -> list[str]:
    """What in a page could run, or leads where no link of ours leads."""
    found = []
    for element in html.document_fromstring(text).iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.lower()
        if tag in _FORBIDDEN or (tag == "meta" and "http-equiv" in element.attrib and not element.get("content", "").isdecimal()):
            found.append(html.tostring(element, encoding="unicode")[:120])
        if tag == "script" and (not element.get("src", "").startswith("/static/") or (element.text or "").strip()):
            found.append(html.tostring(element, encoding="unicode")[:120])
        for name, value in ((str(n).lower(), v) for n, v in element.attrib.items()):
            outside = name == "href" and value.lower().startswith(("http://", "https://")) and "nofollow" in element.get("rel", "")
            if name.startswith("on") or name == "style" or (name in _ADDRESSES and not outside and not re.match(r"/(?!/)|#|\?", value)):
                found.append(f"{tag} {name}={value[:80]}")
    return found


def test_no_page_holds_anything_that_could_run(client: TestClient) -> None:
    waiting, seen, by_kind = ["/", "/search?q=%3Cscript%3Epwned()%3C/script%3E", "/log", "/tokens", "/add", "/review", "/searches", "/articles"], set(), {}
    looked = 0
    while waiting and looked < _MOST:
        path = waiting.pop(0)
        kind = "/".join(urlsplit(path).path.split("/")[:2])
        if path in seen or by_kind.get(kind, 0) >= 40:
            continue
        seen.add(path)
        by_kind[kind] = by_kind.get(kind, 0) + 1
        answer = client.get(path)
        assert answer.status_code < 500, path
        if "text/html" not in answer.headers.get("content-type", "") or answer.status_code != 200:
            continue
        looked += 1
        assert faults(answer.text) == [], path
        assert not any(c in answer.text for c in "\u202e\u2066\u200f\0"), path
        waiting += [
            unescape(str(e)) for e in html.document_fromstring(answer.text).xpath("//a/@href") if str(e).startswith("/") and not str(e).startswith("//")
        ]
    assert looked > 60
    assert {"/articles", "/actors", "/issues", "/search"} <= by_kind.keys()


def test_feeds_hold_text_alone(client: TestClient) -> None:
    answer = client.get("/search.atom?q=")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "onerror=pwned" not in answer.text.replace("&lt;", "<") or "&lt;" in answer.text


def test_the_check_finds_what_it_looks_for() -> None:
    for bad in (
        "<p onclick=x()>a</p>",
        "<a href='javascript:x()'>a</a>",
        "<script>x()</script>",
        "<svg><animate/></svg>",
        "<p style='x'>a</p>",
        "<a href='//evil.example'>a</a>",
    ):
        assert faults(f"<html><body>{bad}</body></html>")

"""How far coders agree, in the browser: the figures of `onrecord agreement`, and the statements on which people differ."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from levies import ISSUE, fill
from lxml import etree
from typer.testing import CliRunner

from onrecord.cli import app
from onrecord.desk.queue import Draw, Queue
from onrecord.ledger import Ledger
from onrecord.positions import Act, Issue, Stance
from onrecord.web import Site
from onrecord.web.agreements import Asked, agreed
from onrecord.web.charts.interval_bar import interval_bar

OURS = {"sec-fetch-site": "same-origin"}
START = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    with Ledger.open(path, create=True) as ledger:
        fill(ledger)
    return path


def code(ledger: Ledger, coder: str, *said: str, issue: Issue = ISSUE, hour: int = 0, blind: bool = True) -> None:
    """What a coder says of statements, the newest first, or those of mira: a stance, `none` or `unsure`."""
    at = iter(range(1000))
    queue = Queue(ledger, issue, coder, order=Draw.NEW, blind=blind, as_coded_by="mira" if hour else None)
    queue.now = lambda: START + timedelta(hours=hour, seconds=next(at))
    for word in said:
        queue.code(queue.next(), Stance(word) if word in set(Stance) else None, act=Act.ASSERT, unsure=word == "unsure")


def two(ledger: Ledger) -> None:
    code(ledger, "mira", "oppose", "none", "unsure", "conditional", "support")
    code(ledger, "otto", "oppose", "support", "neutral", "conditional", "oppose", hour=1, blind=False)


def test_figures_are_those_of_the_command_line(client: TestClient, site: Site, own: Path) -> None:
    two(site.desk.ledger)
    told = client.get("/api/review/agreement").json()
    result = CliRunner().invoke(app, ["agreement", "--ledger", str(own), "--format", "json"])
    printed = json.loads(result.stdout)
    assert {k: told[k] for k in printed} == printed
    assert told["draws"] == 2000
    page = client.get("/review/agreement").text
    assert ">mira, otto</td><td>stance</td><td>alpha nominal<" in page
    assert ">mira, the machine</td>" in page
    assert "5 of 10 codings were not blind" in page
    assert page.count('<svg class="interval"') == len(told["figures"])


def test_statements_on_which_people_differ(client: TestClient, site: Site) -> None:
    two(site.desk.ledger)
    told = client.get("/api/review/agreement").json()
    assert [[(c["by"], c["stance"]) for c in d["codings"]] for d in told["differing"]] == [
        [("mira", "support"), ("otto", "oppose")],
        [("mira", None), ("otto", "support")],
    ]
    page = client.get("/review/agreement").text
    assert "2 statements, issue by issue" in page
    assert '<li><b>mira</b>: <span class="stance worded no position">no position</span></li>' in page
    assert '<mark class="content">' in page
    assert "<blockquote>Berths 4" in page, "the words around it"
    again = re.findall(r'href="(/review/levy\?statement=[^"]+)">Code it again', page)[0].replace("&amp;", "&")
    assert again == told["differing"][0]["code_again"]
    shown = client.get(again).text
    assert "You coded it before: <" in shown
    assert ">Skip <" not in shown
    found = told["differing"][0]["statement"]
    assert client.get(f"/api{again}").json()["statement"]["id"] == found
    done = client.post("/review/levy/code", headers=OURS, data={"statement": found, "says": "oppose", "again": "true"})
    assert done.headers["location"] == "/review/agreement?issue=levy&done=coded"
    assert [d["statement"] for d in client.get("/api/review/agreement").json()["differing"]] == [told["differing"][1]["statement"]]


def test_filters_narrow_figures_and_statements(client: TestClient, site: Site) -> None:
    ledger = site.desk.ledger
    two(ledger)
    code(ledger, "ann", "oppose", "support", hour=2)
    ferry = replace(ISSUE, id="ferry", label="A ferry")
    ledger.add_issue(ferry, by="mira")
    for coder, stance in (("mira", Stance.SUPPORT), ("otto", Stance.OPPOSE)):
        queue = Queue(ledger, ferry, coder, words="ferry")
        queue.code(queue.next(), stance)
    every = client.get("/api/review/agreement").json()
    assert {f["issue"] for f in every["figures"]} == {None, "levy", "ferry"}
    assert every["figures"][0]["issue"] is None
    assert [d["issue"] for d in every["differing"]] == ["levy", "levy", "ferry"]
    one = client.get("/api/review/agreement?issue=ferry").json()
    assert {f["issue"] for f in one["figures"]} == {"ferry"}
    pair = client.get("/api/review/agreement?coder=ann&coder=mira&issue=&min_score=").json()
    assert {tuple(f["coders"]) for f in pair["figures"] if "machine" not in f["coders"]} == {("ann", "mira")}
    assert pair["filters"] == {"issue": None, "coders": ["ann", "mira"], "min_score": 0.5}
    page = client.get("/review/agreement?coder=ann&coder=mira").text
    assert page.count(" checked") == 2
    assert "All of it" in page
    strict = client.get("/api/review/agreement?min_score=0.99&coder=otto").json()
    assert strict["figures"] != client.get("/api/review/agreement?coder=otto").json()["figures"]
    assert client.get("/review/agreement?min_score=2").status_code == 422


def test_long_lists_go_on_another_page(client: TestClient, site: Site) -> None:
    two(site.desk.ledger)
    for n, name in enumerate(("ann", "bea", "cem")):
        code(site.desk.ledger, name, "oppose", "support", "oppose", hour=2 + n)
    told = client.get("/api/review/agreement?limit=1").json()
    assert len(told["differing"]) == 1
    assert (told["pages"]["total"], told["pages"]["next"]) == (3, "/review/agreement?offset=1&limit=1")
    assert client.get("/api/review/agreement?limit=1&offset=2").json()["pages"]["next"] is None
    page = client.get("/review/agreement?issue=levy").text
    to = re.findall(r'rel="next" href="([^"]*figures_from[^"]*)"', page)[0].replace("&amp;", "&")
    assert to == "/review/agreement?issue=levy&figures_from=40"
    shown = [p.count('<svg class="interval"') for p in (page, client.get(to).text, client.get(to.replace("=40", "=80")).text)]
    assert (shown[:2], sum(shown)) == ([40, 40], len(told["figures"]))


def test_nothing_to_compare_says_what_to_do(client: TestClient, site: Site) -> None:
    page = client.get("/review/agreement")
    assert page.status_code == 200
    assert "Nobody has coded a statement yet." in page.text
    assert "the same statements as" in page.text
    ledger = site.desk.ledger
    ledger.add_issue(replace(ISSUE, id="ferry"), by="mira")
    queue = Queue(ledger, replace(ISSUE, id="ferry"), "mira", words="ferry")
    queue.code(queue.next(), Stance.OPPOSE)
    assert "mira alone has coded statements, and the machine was not asked of them" in client.get("/review/agreement").text
    two(ledger)
    empty = client.get("/review/agreement?issue=nothing")
    assert "there are not two coders of the same issue" in empty.text
    assert client.get("/api/review/agreement?issue=nothing").json()["figures"] == []


def test_an_issue_that_is_called_as_the_page_is_coded_all_the_same(client: TestClient, site: Site) -> None:
    site.desk.ledger.add_issue(replace(ISSUE, id="agreement", label="The agreement of Lund"), by="mira")
    ledger, words = site.desk.ledger, "ferry"
    for coder, stance in (("ann", Stance.SUPPORT), ("otto", Stance.OPPOSE)):
        queue = Queue(ledger, replace(ISSUE, id="agreement"), coder, words=words)
        queue.code(queue.next(), stance)
    assert 'action="/review/=agreement"' in client.get("/review").text
    assert client.get("/api/review/=agreement").json()["issue"]["label"] == "The agreement of Lund"
    differing = client.get("/api/review/agreement").json()["differing"]
    assert differing[0]["code_again"].startswith("/review/=agreement?statement=")
    page = client.get(differing[0]["code_again"])
    assert 'action="/review/=agreement/code"' in page.text
    done = client.post("/review/=agreement/code", headers=OURS, data={"statement": differing[0]["statement"], "says": "support"})
    assert done.headers["location"].startswith("/review/=agreement?order=")
    assert client.get("/review/=nothing").status_code == 404


def test_who_may_not_code_is_not_led_to_it(guarded: tuple[TestClient, dict[str, str]], own: Path) -> None:
    client, tokens = guarded
    with Ledger.open(own) as ledger:
        two(ledger)
    for role, led in (("reader", False), ("coder", True)):
        page = client.get("/review/agreement", headers={"authorization": f"Bearer {tokens[role]}"})
        assert page.status_code == 200
        assert ("Code it again" in page.text) is led


def test_what_was_compared_once_is_kept_until_somebody_codes(site: Site) -> None:
    asked = Asked("", (), 0.5)
    two(site.desk.ledger)
    first = agreed(site, asked)
    assert agreed(site, asked) is first
    code(site.desk.ledger, "ann", "oppose", hour=3)
    assert agreed(site, asked).coders == ("ann", "mira", "otto")


def test_the_bar_stays_in_its_frame() -> None:
    for value, low, high in ((0.5, 0.2, 0.8), (-3.0, -5.0, 1.0), (1.0, None, None), (None, None, None)):
        svg = etree.fromstring(str(interval_bar(value, low, high)))
        places = [float(e.attrib[a]) for e in svg for a in ("x", "cx", "x1", "x2") if a in e.attrib]
        assert all(0 <= p <= 150 for p in places)
        assert bool(svg.findall("circle")) is (value is not None)
        assert bool(svg.findall("rect")) is (low is not None)

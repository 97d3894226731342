"""The network of actors in the browser: picture, tables, files, and the statements behind each tie."""

import csv
import html
import io
import random
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from standing import FERRY, NOW, PIER, Said, filing

import onrecord
from onrecord.positions.congruence import Tie
from onrecord.web import Access, Site, make_app
from onrecord.web.charts.network import Edge, Node, drawn, placed

DAY = datetime(2026, 3, 14, 12, tzinfo=UTC)
SAID = (
    ("Lena Orsk", "pier", "support"), ("Ada Quill", "pier", "support"), ("Tomas Brandt", "pier", "oppose"), ("Ida Vance", "pier", "oppose"),
    ("Lena Orsk", "ferry", "oppose"), ("Ada Quill", "ferry", "oppose"), ("Tomas Brandt", "ferry", "support"), ("Ida Vance", "ferry", "conditional"),
)  # fmt: skip


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(onrecord.open(tmp_path_factory.mktemp("tied") / "news.db"), user="mira", now=lambda: DAY)
    for issue in (PIER, FERRY):
        site.desk.ledger.add_issue(issue, by="editor", on=NOW)
    said = [Said(f"Word {n} of it is said", speaker=who, issue=issue, stance=stance, score=0.9) for n, (who, issue, stance) in enumerate(SAID)]
    site.desk.ledger.write([filing([s], day=date(2026, 2, 1 + n), name=f"r{n}") for n, s in enumerate(said)], now=NOW)
    yield site
    site.close()


@pytest.fixture
def looking(tied: Site) -> TestClient:
    return TestClient(make_app(tied, limits=False), base_url="http://127.0.0.1", follow_redirects=False)


def names(client: TestClient, to: str = "/api/network") -> set[tuple[str, str, str, int]]:
    found = client.get(to).json()
    called = {a["id"]: a["name"].rpartition(" ")[2] for a in found["actors"]}
    return {(*sorted((called[t["one"]], called[t["other"]])), t["tie"], t["issues"]) for t in found["ties"]}


def test_a_network_of_four(looking: TestClient) -> None:
    page = looking.get("/network")
    assert page.status_code == 200
    assert "2 issues. 4 are joined by 2 ties of congruence and 4 ties of conflict. Those who agree fall into 2 camps" in " ".join(page.text.split())
    assert "One of the 2 strongest ties of conflict" in page.text
    assert "The strongest tie of congruence" in page.text
    assert page.text.count('class="congruence" stroke-width') == 2 + 1  # the legend has one
    found = looking.get("/api/network").json()
    assert names(looking) == {
        ("Orsk", "Quill", "congruence", 2), ("Brandt", "Vance", "congruence", 1), ("Brandt", "Orsk", "conflict", 2), ("Brandt", "Quill", "conflict", 2),
        ("Orsk", "Vance", "conflict", 1), ("Quill", "Vance", "conflict", 1),
    }  # fmt: skip
    assert found["counts"] == {"congruence": 2, "conflict": 4, "drawn": 6, "issues": 2}
    assert [len(c["members"]) for c in found["camps"]] == [2, 2]
    assert {(s["issue"], s["stance"], s["members"], s["of"]) for s in found["camps"][0]["sides"] + found["camps"][1]["sides"]} == {
        ("pier", "support", 2, 2), ("pier", "oppose", 2, 2), ("ferry", "oppose", 2, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ties=congruence", {("Orsk", "Quill", "congruence", 2), ("Brandt", "Vance", "congruence", 1)}),
        ("issue=ferry", {("Orsk", "Quill", "congruence", 1), ("Brandt", "Orsk", "conflict", 1), ("Brandt", "Quill", "conflict", 1)}),
        ("least=2", {("Orsk", "Quill", "congruence", 2), ("Brandt", "Orsk", "conflict", 2), ("Brandt", "Quill", "conflict", 2)}),
        ("norm=jaccard&least=0.9&ties=congruence", {("Orsk", "Quill", "congruence", 2)}),
        ("until=2026-02-03&ties=conflict", {("Brandt", "Orsk", "conflict", 1), ("Brandt", "Quill", "conflict", 1)}),
        ("min_score=0.95", set()),
        ("actors=&least=&issue=&ties=&norm=&camp=&min_score=&reported=&ties=congruence&since=2026-03", set()),
    ],
)
def test_it_can_be_narrowed(looking: TestClient, asked: str, expected: set[tuple[str, str, str, int]]) -> None:
    assert names(looking, f"/api/network?{asked}") == expected
    page = looking.get(f"/network?{asked}")
    assert page.status_code == 200
    assert ("No two actors are tied with these filters" in page.text) == (not expected)


def test_only_so_many_actors(looking: TestClient) -> None:
    found = looking.get("/api/network?actors=2").json()
    assert (found["looked_at"], found["all_actors"], len(found["actors"])) == (2, 4, 2)
    assert "the 2 with most statements are looked at" in looking.get("/network?actors=2").text


@pytest.mark.parametrize(
    "asked",
    ["ties=love", "norm=weight", "actors=1", "actors=301", "least=-1", "least=nan", "least=inf", "issue=nothing", "camp=nobody", "since=soon", "ties=%3Cb%3E"],
)
@pytest.mark.parametrize("path", ["/network", "/api/network", "/network.graphml", "/network.gexf", "/network.csv"])
def test_what_cannot_be_meant_is_said(looking: TestClient, path: str, asked: str) -> None:
    answer = looking.get(f"{path}?{asked}")
    assert answer.status_code == 400, answer.text
    assert "<b>" not in answer.text or "json" in answer.headers["content-type"]


def test_each_tie_leads_to_what_shows_it(looking: TestClient) -> None:
    text = looking.get("/network?since=2026-01").text
    to = {html.unescape(x) for x in re.findall(r'href="(/network/edge[^"]+)"', text)}
    assert len(to) == 6
    assert all("since=2026-01" in x for x in to)
    for address in to:
        page = looking.get(address)
        assert page.status_code == 200
        found = looking.get("/api" + address).json()
        assert sum(found["counts"].values()) > 0
        for issue in found["issues"]:
            for side, who in (("a", found["a"]), ("b", found["b"])):
                assert issue[side]["statements"] == len(issue[side]["positions"]) == 1
                position = issue[side]["positions"][0]
                assert position["who"]["id"] == who["id"]
                assert position["issue"] == issue["issue"]
                assert html.escape(position["words"]) in page.text


def test_a_tie_says_what_it_is_made_of(looking: TestClient) -> None:
    ids = {a["name"]: a["id"] for a in looking.get("/api/network").json()["actors"]}
    to = f"/network/edge?a={ids['Lena Orsk']}&b={ids['Tomas Brandt']}"
    page = looking.get(to)
    assert "the same on 0, opposite ones on 2" in page.text
    assert ": opposite sides</h2>" in page.text
    assert [i["ties"] for i in looking.get(f"/api{to}").json()["issues"]] == [["conflict"], ["conflict"]]
    assert looking.get(f"/api{to}&limit=1").json()["pages"]["next"].startswith("/network/edge?")
    assert "There is no issue on which both take a side with these filters" in looking.get(f"{to}&until=2020").text
    assert looking.get(f"/network/edge?a={ids['Lena Orsk']}&b={ids['Lena Orsk']}").status_code == 400
    assert looking.get(f"/network/edge?a={ids['Lena Orsk']}&b=a1:nobody").status_code == 404
    assert looking.get(f"/api/network/edge?a=%00&b={ids['Lena Orsk']}").status_code == 400
    assert looking.get("/network/edge").status_code == 422


def test_files_can_be_read_back(looking: TestClient) -> None:
    found = looking.get("/api/network").json()
    expected = sorted((t["one"], t["other"], t["tie"], t["weight"]) for t in found["ties"])
    for kind, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        answer = looking.get(f"/network.{kind}")
        assert f'filename="network.{kind}"' in answer.headers["content-disposition"]
        graph = read(io.BytesIO(answer.content))
        assert {(n, d["label"]) for n, d in graph.nodes(data=True)} == {(a["id"], a["name"]) for a in found["actors"]}
        assert sorted((*sorted((a, b)), d["tie"], float(d["weight"])) for a, b, d in graph.edges(data=True)) == expected
    rows = list(csv.DictReader(io.StringIO(looking.get("/network.csv").text)))
    assert sorted((r["one_id"], r["other_id"], r["tie"], float(r["weight"])) for r in rows) == expected
    assert len(list(csv.DictReader(io.StringIO(looking.get("/network.csv?ties=congruence").text)))) == 2


def test_an_empty_ledger(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "none.db"), user="mira", now=lambda: DAY)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        assert "No two actors have taken a side of one issue yet" in client.get("/network").text
        assert client.get("/api/network").json()["ties"] == []
        assert client.get("/network/edge?a=x&b=y").status_code == 404
        for kind in ("graphml", "gexf", "csv"):
            assert client.get(f"/network.{kind}").status_code == 200
    site.close()


def test_only_who_may(own: Path) -> None:
    site = Site(onrecord.open(own, create=False), access=Access.TOKEN, hosts=frozenset({"desk.example"}), now=lambda: DAY)
    with TestClient(make_app(site), base_url="https://desk.example", follow_redirects=False) as client:
        for path in ("/network", "/api/network", "/network/edge?a=x&b=y", "/network.csv", "/network.gexf", "/network.graphml"):
            assert client.get(path).status_code in (303, 401), path
    site.close()


def test_names_that_mean_harm(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "harm.db"), user="mira", now=lambda: DAY)
    bad = ("<script>alert(1)</script>", '" onload="x', "=cmd()|' /C'!A0", "\u202eevil\u0007\ufffe", "]]><x>&amp;")
    site.desk.ledger.add_issue(PIER, by="editor", on=NOW)
    said = [Said(f"Word {n} of it is said", speaker=who, stance="support", score=0.9) for n, who in enumerate(bad)]
    site.desk.ledger.write([filing([s], day=date(2026, 2, 1 + n), name=f"r{n}") for n, s in enumerate(said)], now=NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        found = client.get("/api/network").json()
        assert len(found["actors"]) > 2
        edge = client.get("/network/edge?a={one}&b={other}".format(**found["ties"][0])).text
        for text in (client.get("/network").text, edge):
            assert "<script>alert" not in text
            assert '" onload="x' not in text
            assert "\u202e" not in text
            assert "style=" not in text
        for kind, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
            assert len(read(io.BytesIO(client.get(f"/network.{kind}").content))) == len(found["actors"])
        assert not [c for row in csv.reader(io.StringIO(client.get("/network.csv").text)) for c in row if c.startswith(("=", "@", "+", "-"))]
    site.close()


def test_three_hundred_actors_are_one_light_page(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "many.db"), user="mira", now=lambda: DAY)
    for issue in (PIER, FERRY):
        site.desk.ledger.add_issue(issue, by="editor", on=NOW)
    chance, said = random.Random(6), []
    for n in range(320):
        who = f"{'ABCDEFGHKLMNOPRSTUVW'[n % 20]}{'aeiou'[n // 20 % 5]}ra {'BDFGKLMNPRSTVZWX'[n // 20]}orlington{'abcdefghijklmnopqrst'[n % 20]}"
        said += [Said(f"Word {n} {i} is said", speaker=who, issue=i, stance=chance.choice(("support", "oppose")), score=0.9) for i in ("pier", "ferry")]
    site.desk.ledger.write([filing([s], day=date(2026, 2, 1 + n % 28), name=f"r{n}") for n, s in enumerate(said)], now=NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        client.get("/issues")
        start = time.perf_counter()
        page = client.get("/network?actors=300")
        first, start = time.perf_counter() - start, time.perf_counter()
        client.get("/network?actors=300&offset=50")
        again = time.perf_counter() - start
        assert client.get("/api/network?actors=300").json()["looked_at"] == 300
        assert len(page.content) < 300_000
        assert again < max(1.0, first)
        assert "Drawn are the strongest ties of each actor" in page.text
        assert page.text.count("<circle") == 300
        # However much is asked, the addresses of lines do not make it heavy.
        asked = "actors=300&min_score=0.123456&since=2026-02-01&until=2026-02-28&issue=pier&issue=ferry"
        assert len(client.get(f"/network?{asked}").content) < 300_000
    site.close()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_circles_stay_apart_and_inside_the_same_each_time(count: int, seed: int) -> None:
    chance = random.Random(seed)
    radii = [chance.uniform(8, 14) for _ in range(count)]
    pull = [Edge(a, b, Tie.CONGRUENCE, 1, chance.uniform(0.1, 3)) for a in range(count) for b in range(a) if chance.random() < 0.1]
    place = placed(radii, pull, [chance.randrange(4) for _ in range(count)])
    assert np.isfinite(place).all()
    assert (place >= 14).all()
    assert (place[:, 0] <= 946).all()
    assert (place[:, 1] <= 626).all()
    apart = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2)) - np.add.outer(radii, radii)
    assert apart[~np.eye(count, dtype=bool)].min(initial=1) > 0


def test_a_picture_is_the_same_each_time() -> None:
    nodes = [Node(f"a{n}", f"Actor {n}", n % 3, 2, 1.0 + n) for n in range(40)]
    edges = [Edge(n, (n * 7 + 1) % 40, Tie.CONFLICT if n % 2 else Tie.CONGRUENCE, 1, 1.0) for n in range(40) if n != (n * 7 + 1) % 40]
    assert drawn(nodes, edges, edges, {}).svg == drawn(nodes, edges, edges, {}).svg
    assert drawn([], [], [], {}).svg == ""

"""Who cites whom in the browser: picture, table, files, and the statements behind each tie."""

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import networkx as nx
import pytest
from fastapi.testclient import TestClient
from standing import NOW, PIER, Said, filing

import onrecord
from onrecord.actors import ActorType, Intermediary
from onrecord.ledger import Ledger
from onrecord.text import Span
from onrecord.web import Access, Site, make_app

DAY = datetime(2026, 3, 14, 12, tzinfo=UTC)
PERSON, ORGANIZATION = ActorType.PERSON, ActorType.ORGANIZATION
Told = tuple[str, Sequence[tuple[str, ActorType]]]
TOLD: tuple[Told, ...] = (
    ("Lena Orsk", [("Halyard Wire", ORGANIZATION)]),
    ("Lena Orsk", [("Halyard Wire", ORGANIZATION), ("Tomas Brandt", PERSON)]),
    ("Tomas Brandt", [("Halyard Wire", ORGANIZATION)]),
    ("Tomas Brandt", [("Lena Orsk", PERSON)]),
    ("Ada Quill", [("Tomas Brandt", PERSON)]),
)


def through(ledger: Ledger, told: Told, n: int) -> None:
    made = filing([Said(f"Word {n} of it is said", speaker=told[0])], day=date(2026, 2, 1 + n % 27), name=f"r{n}")
    part = made.parts[0]
    entry, text = part.entries[0], part.article.revision.text
    chain = tuple(Intermediary(name, type_, Span.of(text, 0, 5)) for name, type_ in told[1])
    ledger.write([replace(made, parts=(replace(part, entries=(replace(entry, voice=replace(entry.voice, chain=chain)),)),))], now=NOW)


@pytest.fixture(scope="module")
def citing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(onrecord.open(tmp_path_factory.mktemp("citing") / "news.db"), user="mira", now=lambda: DAY)
    site.desk.ledger.add_issue(PIER, by="editor", on=NOW)
    for n, told in enumerate(TOLD):
        through(site.desk.ledger, told, n)
    said = Said("Lena Orsk will hear of no pier", speaker="Ada Quill", stance="oppose", holder=(site.desk.ledger.actor("Lena Orsk").id, "Lena Orsk", "person"))
    site.desk.ledger.write([filing([said], day=date(2026, 2, 20), name="told")], now=NOW)
    yield site
    site.close()


@pytest.fixture
def looking(citing: Site) -> TestClient:
    return TestClient(make_app(citing, limits=False), base_url="http://127.0.0.1", follow_redirects=False)


def ties(client: TestClient, to: str = "") -> dict[tuple[str, str], int]:
    found = client.get(f"/api/network/citations{to}").json()
    called = {p["id"]: p["name"] for p in found["parties"]}
    return {(called[t["one"]], called[t["other"]]): t["count"] for t in found["ties"]}


ALL = {
    ("Halyard Wire", "Lena Orsk"): 2, ("Tomas Brandt", "Lena Orsk"): 1, ("Halyard Wire", "Tomas Brandt"): 1,
    ("Lena Orsk", "Tomas Brandt"): 1, ("Tomas Brandt", "Ada Quill"): 1, ("Ada Quill", "Lena Orsk"): 1,
}  # fmt: skip


def test_the_page_says_who_cites_whom(looking: TestClient) -> None:
    page = looking.get("/network/citations")
    assert page.status_code == 200
    text = " ".join(page.text.split())
    assert "4 actors and outlets are joined by 6 ties, made of 6 statements" in text
    assert "A sample" not in text
    assert ties(looking) == ALL
    assert page.text.count('<path class="citation"') == 6
    assert page.text.count('<rect class="medium"') == 2  # one in the legend
    found = looking.get("/api/network/citations").json()
    assert found["counts"] == {"ties": 6, "drawn": 6, "statements": 6, "unnamed": 0}
    assert found["sample"] == {"statements": 6, "whole": True, "since": "2026-02-01"}
    wire = next(p for p in found["parties"] if p["name"] == "Halyard Wire")
    assert (wire["cites"], wire["cited"], wire["ties"], wire["medium"], wire["actor"]) == (3, 0, 2, True, None)


def test_the_kinds_of_network_lead_to_each_other(looking: TestClient) -> None:
    for here, there in (("/network", "/network/citations"), ("/network/citations", "/network")):
        head = looking.get(here).text.partition('<nav class="kinds"')[2].partition("</nav>")[0]
        assert f'<a href="{here}" aria-current="page">' in head
        assert f'<a href="{there}">' in head


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("no_outlets=true", {k: n for k, n in ALL.items() if "Halyard Wire" not in k}),
        ("least=2", {("Halyard Wire", "Lena Orsk"): 2}),
        ("since=2026-02-05&until=2026-02-10", {("Tomas Brandt", "Ada Quill"): 1}),
        ("actors=2", {("Tomas Brandt", "Lena Orsk"): 1, ("Lena Orsk", "Tomas Brandt"): 1}),
        ("since=2027", {}),
        ("since=&until=&least=&actors=&no_outlets=", ALL),
    ],
)
def test_it_can_be_narrowed(looking: TestClient, asked: str, expected: dict[tuple[str, str], int]) -> None:
    assert ties(looking, f"?{asked}") == expected
    page = looking.get(f"/network/citations?{asked}")
    assert ("Nobody cites anybody with these filters" in page.text) == (not expected)


@pytest.mark.parametrize("asked", ["actors=1", "actors=301", "least=-1", "least=nan", "since=soon", "until=2026-13"])
@pytest.mark.parametrize("path", ["/network/citations", "/api/network/citations", "/network/citations.graphml", "/network/citations.csv"])
def test_what_cannot_be_meant_is_said(looking: TestClient, path: str, asked: str) -> None:
    assert looking.get(f"{path}?{asked}").status_code == 400


def test_each_tie_leads_to_its_statements(looking: TestClient) -> None:
    text = looking.get("/network/citations?since=2026-01").text
    to = {html.unescape(x) for x in re.findall(r'href="(/network/citations/edge[^"]+)"', text)}
    assert len(to) == 6
    for address in to:
        page, found = looking.get(address), looking.get("/api" + address).json()
        assert page.status_code == 200
        assert len(found["statements"]) == found["counts"]["count"] > 0
        for statement in found["statements"]:
            names = {c["name"] for c in statement["chain"]}
            assert (found["a"]["name"] in names and statement["actor"]["name"] == found["b"]["name"]) or statement["actor"]["name"] == found["a"]["name"]
            assert quote(statement["id"]) in page.text


def test_a_tie_says_what_it_is_made_of(looking: TestClient) -> None:
    found = looking.get("/api/network/citations").json()
    ids = {p["name"]: p["id"] for p in found["parties"]}
    to = f"/network/citations/edge?a={ids['Ada Quill']}&b={ids['Lena Orsk']}"
    assert looking.get("/api" + to).json()["counts"] == {"count": 1, "carried": 0, "told": 1}
    assert "1 in which" in looking.get(to).text
    both = f"/network/citations/edge?a={ids['Tomas Brandt']}&b={ids['Lena Orsk']}"
    assert looking.get("/api" + both).json()["mutual"] is True
    assert "Lena Orsk cites Tomas Brandt" in looking.get(both).text
    wire = f"/network/citations/edge?a={ids['Halyard Wire']}&b={ids['Lena Orsk']}"
    assert looking.get(f"/api{wire}&limit=1").json()["pages"]["next"].startswith("/network/citations/edge?")
    # Nobody cites the wire; and it has no page.
    none = looking.get(f"/network/citations/edge?a={ids['Lena Orsk']}&b={ids['Halyard Wire']}")
    assert "Not in this ledger" in none.text
    assert f'href="/actors/{ids["Halyard Wire"]}' not in none.text
    assert looking.get(f"/network/citations/edge?a={ids['Lena Orsk']}&b={ids['Lena Orsk']}").status_code == 400
    assert looking.get(f"/network/citations/edge?a={ids['Lena Orsk']}&b=o1:nobody").status_code == 404
    assert looking.get("/network/citations/edge").status_code == 422


def test_files_can_be_read_back(looking: TestClient) -> None:
    found = looking.get("/api/network/citations").json()
    expected = sorted((t["one"], t["other"], t["count"]) for t in found["ties"])
    for kind, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        answer = looking.get(f"/network/citations.{kind}")
        assert f'filename="network-citations.{kind}"' in answer.headers["content-disposition"]
        graph = read(io.BytesIO(answer.content))
        assert graph.is_directed()
        assert {(n, d["label"]) for n, d in graph.nodes(data=True)} == {(p["id"], p["name"]) for p in found["parties"]}
        assert sorted((a, b, int(d["weight"])) for a, b, d in graph.edges(data=True)) == expected
    rows = list(csv.DictReader(io.StringIO(looking.get("/network/citations.csv").text)))
    assert sorted((r["one_id"], r["other_id"], int(r["weight"])) for r in rows) == expected
    assert all(r["statements"].startswith("s1:") for r in rows)


def test_an_empty_ledger(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "none.db"), user="mira", now=lambda: DAY)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        assert "Nobody cites anybody yet" in client.get("/network/citations").text
        for kind in ("graphml", "gexf", "csv"):
            assert client.get(f"/network/citations.{kind}").status_code == 200
        # What is written is seen.
        through(site.desk.ledger, TOLD[0], 0)
        assert ties(client) == {("Halyard Wire", "Lena Orsk"): 1}
    site.close()


def test_only_who_may(own: Path) -> None:
    site = Site(onrecord.open(own, create=False), access=Access.TOKEN, hosts=frozenset({"desk.example"}), now=lambda: DAY)
    with TestClient(make_app(site), base_url="https://desk.example", follow_redirects=False) as client:
        for path in ("/network/citations", "/api/network/citations", "/network/citations/edge?a=x&b=y", "/network/citations.csv"):
            assert client.get(path).status_code in (303, 401), path
    site.close()


def test_names_that_mean_harm(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "harm.db"), user="mira", now=lambda: DAY)
    for n, bad in enumerate(("<script>alert(1)</script>", '" onload="x', "=cmd()|' /C'!A0", "\u202eevil\u0007\ufffe", "]]><x>&amp;")):
        through(site.desk.ledger, ("Lena Orsk", [(bad, ORGANIZATION)]), n)
        through(site.desk.ledger, (bad, [("Halyard Wire", ORGANIZATION)]), n + 10)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        found = client.get("/api/network/citations").json()
        assert len(found["parties"]) > 5
        pages = [client.get("/network/citations").text, *(client.get(html.unescape(t["evidence"])).text for t in found["ties"])]
        for text in pages:
            assert "<script>alert" not in text
            assert '" onload="x' not in text
            assert "\u202e" not in text
            assert "style=" not in text
        for kind, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
            assert len(read(io.BytesIO(client.get(f"/network/citations.{kind}").content))) == len(found["parties"])
        assert not [c for row in csv.reader(io.StringIO(client.get("/network/citations.csv").text)) for c in row if c.startswith(("=", "@", "+", "-"))]
    site.close()


def test_three_hundred_are_one_light_page(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "many.db"), user="mira", now=lambda: DAY)
    names = [
        f"{'ABCDEFGHKLMNOPRSTUVW'[n % 20]}{'aeiou'[n // 20 % 5]}ra {'BDFGKLMNPRSTVZWX'[n // 20]}orlington{'abcdefghijklmnopqrst'[n % 20]}" for n in range(310)
    ]
    for n, name in enumerate(names):
        through(site.desk.ledger, (name, [(names[(n * k + 7) % 310], PERSON) for k in (3, 5, 11)]), n)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        page = client.get("/network/citations?actors=300")
        assert client.get("/api/network/citations?actors=300").json()["looked_at"] == 300
        assert len(page.content) < 300_000
        assert page.text.count("<circle") > 250
        assert "Drawn are the strongest ties of each" in page.text
    site.close()

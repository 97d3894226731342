"""Issues in the browser: the agenda and the matrix, one issue with its evidence, forms and their undoing, suggestions."""

import html
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import onrecord
from onrecord.ledger import Hit
from onrecord.ledger.coding import Coding
from onrecord.positions import Stance
from onrecord.text import Span
from onrecord.web import Site
from onrecord.web.charts.stance_bar import stance_bar
from onrecord.web.condition import cut

FORM = {"sec-fetch-site": "same-origin"}
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def code(site: Site, hit: Hit, issue: str, stance: str, by: str, note: str | None = None) -> None:
    """Somebody codes a statement."""
    site.desk.ledger.code(Coding(hit.where.article, hit.id, hit.content, issue, Stance(stance), by, NOW, note=note))


@pytest.fixture
def coded(site: Site) -> Site:
    """A desk with positions: some that a machine found, some coded by hand, a shift, and a dispute."""
    hits = [h for h in site.desk.search(limit=40) if h.actor]
    by_actor: dict[str, list[Any]] = {}
    for hit in hits:
        by_actor.setdefault(hit.actor[0], []).append(hit)
    several = next(v for v in by_actor.values() if len({h.where.day for h in v}) > 1 or len(v) > 1)
    others = [h for h in hits if h not in several]
    told = [(several[0], "support"), (several[-1], "oppose"), (others[0], "conditional"), (others[1], "oppose"), (others[2], "support")]
    for hit, stance in told:
        code(site, hit, "truce-60d", stance, "ana")
    code(site, others[3], "truce-60d", "support", "ana")
    code(site, others[3], "truce-60d", "oppose", "ben")
    return site


def links_of(text: str) -> set[str]:
    return {html.unescape(x) for x in re.findall(r'href="([^"]+)"', text)}


# The agenda and the matrix ----------------------------------------------------------------------------------------------------------


def test_the_agenda_and_the_matrix(client: TestClient, coded: Site) -> None:
    page = client.get("/issues")
    assert page.status_code == 200
    assert "<h1>Issues</h1>" in page.text
    assert 'class="stance-bar" role="img"' in page.text
    twin = client.get("/api/issues").json()
    assert [i["id"] for i in twin["issues"]] == [i.id for i in coded.desk.agenda()]
    whole = coded.desk.matrix()
    assert twin["matrix"]["total"] == len(whole.rows)
    mine = {(c["who"]["id"], c["who"]["country"], c["issue"]): c for c in twin["matrix"]["cells"]}
    for cell in whole.cells:
        assert mine[cell.who.id, cell.who.country, cell.issue] == cell.to_json()
    truce = next(i for i in twin["issues"] if i["id"] == "truce-60d")
    assert truce["actors"]["support"] >= 1


def test_every_cell_opens_into_its_statements(client: TestClient, coded: Site) -> None:
    page = client.get("/issues")
    cells = [x for x in links_of(page.text) if re.match(r"/issues/[^/?]+\?(actor|camp)=", x) and x.endswith("#evidence")]
    assert cells
    for to in cells:
        found = client.get("/api" + to.partition("#")[0]).json()
        assert found["positions"], to


@pytest.mark.parametrize(
    "query",
    ["rows=country", "rows=organization", "every=week", "every=month&rows=country", "camp=&since=&until=&min_score=&every=", "min_score=0.9", "reported=true",
     "since=2026-03&until=2026-03-31", "retired=true", "offset=1&limit=1"],
)  # fmt: skip
def test_the_matrix_is_narrowed(client: TestClient, coded: Site, query: str) -> None:
    assert client.get(f"/issues?{query}").status_code == 200
    assert client.get(f"/api/issues?{query}").status_code == 200


@pytest.mark.parametrize(("query", "status"), [("since=someday", 400), ("camp=Atlantis", 400), ("min_score=7", 422), ("rows=planet", 422), ("every=day", 422)])
def test_what_cannot_be_meant_is_said(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/issues?{query}").status_code == status


def test_what_changes_is_seen_at_once(client: TestClient, coded: Site) -> None:
    before = client.get("/api/issues/truce-60d").json()["pages"]["total"]
    hit = next(h for h in coded.desk.search(limit=60) if h.actor and not coded.desk.ledger.evidence_of(h.id, "coal-passage"))
    code(coded, hit, "truce-60d", "neutral", "zoe")
    assert client.get("/api/issues/truce-60d").json()["pages"]["total"] in (before, before + 1)
    assert any(c["by"] == "zoe" for p in client.get("/api/issues/truce-60d?limit=200").json()["positions"] for c in p["codings"])


def test_an_empty_ledger(tmp_path: Path) -> None:
    from onrecord.web import make_app

    site = Site(onrecord.open(tmp_path / "empty.db"))
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        assert "No issue is followed yet." in client.get("/issues").text
        assert client.get("/api/issues").json()["matrix"]["rows"] == []
        site.desk.add_issue("pier", "Closing the pier", by="mira")
        assert "No positions yet" in client.get("/issues/pier").text
        assert client.get("/api/issues/pier").json()["positions"] == []
        assert client.get("/issues/suggest").status_code == 200


# One issue --------------------------------------------------------------------------------------------------------------------------


def test_an_issue(client: TestClient, coded: Site) -> None:
    page = client.get("/issues/truce-60d")
    assert page.status_code == 200
    for heading in ("Where everybody stands", "Through time", "Shifts", "On what condition", "All statements", "Versions"):
        assert f">{heading}</h2>" in page.text
    twin = client.get("/api/issues/truce-60d?limit=200").json()
    slow = list(coded.desk.positions(issue="truce-60d"))
    assert [p["key"] for p in twin["positions"]] == [e.key for e in slow]
    assert twin["positions"][0] == slow[0].to_json()
    assert [s["after"]["key"] for s in twin["shifts"]] == [m.after.key for m in coded.desk.shifts(issue="truce-60d")][:5]
    assert {p["evidence"] for p in twin["timeline"]["points"]} == {p.evidence for p in coded.desk.timeline("truce-60d")}
    assert any(p["disputed"] for p in twin["positions"])
    assert "Disputed" in page.text
    assert twin["versions"][0]["by"] == "mira"
    assert page.text.count('id="s1:') == 0


def test_the_timeline_is_a_picture_and_words(client: TestClient, coded: Site) -> None:
    page = client.get("/issues/truce-60d").text
    picture = page[page.index('<svg class="timeline"') : page.index("</svg>", page.index('<svg class="timeline"'))]
    assert "<title id=" in picture
    assert "<desc id=" in picture
    assert "style=" not in picture
    marks = re.findall(r'<a href="(/issues/truce-60d/positions/[^"]+)" aria-label="([^"]+)"', picture)
    points = list(coded.desk.timeline("truce-60d"))
    assert len(marks) == len(points)
    for to, words in marks:
        assert client.get(to).status_code == 200
        assert words.partition(": ")[2] in page[page.index("The same in words") :]
    assert "ring" in picture or not list(coded.desk.shifts(issue="truce-60d"))


@pytest.mark.parametrize(
    "query",
    ["stance=oppose", "by_hand=true", "by_hand=false", "stance=", "actor=", "lanes=1", "shifts=1", "conditions=1", "offset=2&limit=2", "reported=true&camp="],
)
def test_statements_are_narrowed(client: TestClient, coded: Site, query: str) -> None:
    assert client.get(f"/issues/truce-60d?{query}").status_code == 200
    found = client.get(f"/api/issues/truce-60d?{query}&limit=100").json()["positions"] if "limit" not in query else []
    if query == "stance=oppose":
        assert {p["stance"] for p in found} == {"oppose"}
    if query == "by_hand=true":
        assert {p["by_hand"] for p in found} == {True}


def test_a_position_alone(client: TestClient, coded: Site) -> None:
    for e in coded.desk.positions(issue="truce-60d"):
        assert client.get(f"/api/issues/truce-60d/positions/{e.key}").json() == e.to_json()
        assert client.get(f"/issues/truce-60d/positions/{e.key}").status_code == 200
    for path in (f"gull-ring/positions/{e.key}", "truce-60d/positions/1", f"none/positions/{e.key}"):
        assert client.get(f"/issues/{path}").status_code == 404
    assert client.get("/issues/truce-60d/positions/x").status_code == 422


@pytest.mark.parametrize("path", ["/issues/none", "/issues/none/edit", "/issues/%3Cscript%3E"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(f"/api{path}").status_code == 404
    assert "<script>" not in client.get(path).text.replace("<script src", "")


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=4), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=3))
def test_cutting_changes_no_words(places: list[tuple[int, int]], marks: list[tuple[int, int]]) -> None:
    text = "".join(chr(0x61 + n % 26) for n in range(80))
    content, at = [], 0
    for gap, length in places:
        start = min(at + gap % 9, 70)
        end = min(start + length, 80)
        if start < end:
            content.append(Span.of(text, start, end))
            at = end + 1
        if at > 70:
            break
    marked = [Span.of(text, s, min(s + n, 80)) for s, n in marks]
    parts = cut(content, marked)
    assert "".join(w for w, _ in parts) == " … ".join(s.exact for s in content)
    inside = {c for w, m in parts if m for c in w}
    assert inside <= {c for s in marked for c in s.exact}


def test_a_bar_says_itself_in_words() -> None:
    bar = stance_bar({Stance.SUPPORT: 3, None: 1})
    assert "<title>3 support, 1 mixed or disputed</title>" in bar
    assert "<title>nobody</title>" in stance_bar({})


# What people do ---------------------------------------------------------------------------------------------------------------------


def test_following_saying_otherwise_and_taking_back(client: TestClient, site: Site) -> None:
    form = {"label": "A <b>second</b> ferry", "aliases": "the new boat\n\nferry two", "pro": "building it", "contra": "", "id": "", "note": "asked for"}
    done = client.post("/issues/new", data=form, headers=FORM)
    assert (done.status_code, done.headers["location"]) == (303, "/issues/second-ferry?done=issue-followed") or done.status_code == 303
    to = done.headers["location"].partition("?")[0]
    name = to.rpartition("/")[2]
    page = client.get(done.headers["location"])
    assert "A &lt;b&gt;second&lt;/b&gt; ferry" in page.text
    assert "The issue is followed." in page.text
    assert site.desk.issue(name)[-1].issue.aliases == ("the new boat", "ferry two")
    assert client.get(f"{to}/edit").status_code == 200
    assert (
        client.post(f"{to}/edit", data={"label": "Another ferry", "aliases": "", "whole": "true"}, headers=FORM).headers["location"]
        == f"{to}?done=issue-edited#versions"
    )
    assert site.desk.issue(name)[-1].issue.label == "Another ferry"
    assert site.desk.issue(name)[-1].issue.aliases == ()
    assert client.post(f"/api{to}/edit", json={"label": "Another ferry"}).json()["done"] == "issue-same"
    assert client.post(f"{to}/version", data={"number": 1}, headers=FORM).status_code == 303
    assert site.desk.issue(name)[-1].issue.label == "A <b>second</b> ferry"
    assert client.post(f"{to}/retire", data={}, headers=FORM).status_code == 303
    assert site.desk.agenda().get(name) is None
    assert "Followed no more" in client.get(to).text
    assert "followed no more" in client.get("/issues").text
    assert client.get(f"{to}/edit").status_code == 404
    assert client.post(f"{to}/follow", data={}, headers=FORM).status_code == 303
    assert site.desk.agenda().get(name) is not None
    assert [v.by for v in site.desk.issue(name)] == ["mira"] * 5


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [("new", {"label": "  "}, 400), ("new", {"label": "x", "id": "No Good"}, 400), ("new", {"label": "x", "id": "truce-60d"}, 400),
     ("new", {"label": "x", "id": "new"}, 400), ("new", {}, 422), ("none/edit", {"label": "x"}, 404), ("none/retire", {}, 404), ("none/examine", {}, 404),
     ("truce-60d/version", {"number": 9}, 404), ("truce-60d/edit", {"label": " "}, 400), ("suggest/accept", {"suggestion": "none"}, 400),
     ("suggest/refuse", {"suggestion": "none"}, 400), ("suggest/reopen", {"suggestion": "none"}, 400), ("suggest/look", {"since": "someday"}, 400)],
)  # fmt: skip
def test_what_cannot_be_done(client: TestClient, path: str, given: dict[str, Any], status: int) -> None:
    assert client.post(f"/api/issues/{path}", json=given).status_code == status


def test_a_label_of_signs_alone_gets_some_short_name(client: TestClient) -> None:
    assert client.post("/api/issues/new", json={"label": "※"}).status_code in (200, 400)


def over(client: TestClient, path: str) -> dict[str, Any]:
    for _ in range(200):
        found = client.get(path).json()
        if found["job"] is None or found["job"]["state"] in ("done", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_looking_for_positions_beside_the_pages(client: TestClient, site: Site) -> None:
    site.desk.add_issue("frigates", "Frigates in the strait", by="mira")
    done = client.post("/issues/frigates/examine", data={}, headers=FORM)
    assert done.status_code == 303
    to = done.headers["location"]
    found = over(client, "/api" + to)
    assert found["job"]["state"] == "done", found["job"]
    page = client.get(to)
    assert page.headers["cache-control"] == "no-store"
    assert "texts examined" in page.text


def test_suggestions_are_followed_refused_and_suggested_again(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from onrecord.positions import Act, Issue
    from onrecord.positions.suggesting import Candidate, Suggestion

    hits = list(site.desk.search(limit=3))
    some = tuple(
        Candidate(h.id, h.content + "<img src=x>", act, 0.9, None, "Somebody", None, date(2026, 3, 1))
        for h, act in zip(hits, (Act.DEMAND, Act.REJECT, Act.DEMAND), strict=True)
    )

    def made(label: str, name: str) -> Suggestion:
        return Suggestion(Issue(name, label, ("other words",)), some, some[:2], some[0], some[1], 1, 1, 3, 1, 1, 1.0)

    monkeypatch.setattr(type(site.desk), "suggestions", lambda _self, **_: [made("Tolls & <i>dues</i>", "tolls"), made("A second light", "light")])
    assert "Look for issues" in client.get("/issues/suggest").text
    assert client.post("/issues/suggest/look", data={"since": "", "until": ""}, headers=FORM).headers["location"] == "/issues/suggest?done=begun"
    found = over(client, "/api/issues/suggest")
    assert [s["issue"]["label"] for s in found["suggestions"]] == ["Tolls & <i>dues</i>", "A second light"]
    page = client.get("/issues/suggest")
    assert page.headers["cache-control"] == "no-store"
    assert "<i>dues" not in page.text
    assert "<img" not in page.text
    assert client.post("/issues/suggest/refuse", data={"suggestion": "A second light"}, headers=FORM).status_code == 303
    assert [r["label"] for r in client.get("/api/issues/suggest").json()["refused"]] == ["A second light"]
    assert client.post("/issues/suggest/reopen", data={"suggestion": "A second light"}, headers=FORM).status_code == 303
    assert client.get("/api/issues/suggest").json()["refused"] == []
    done = client.post("/issues/suggest/accept", data={"suggestion": "Tolls & <i>dues</i>", "id": "tolls-2", "label": "Tolls", "drafts": "true"}, headers=FORM)
    assert done.headers["location"] == "/issues/tolls-2?done=issue-followed"
    issue = site.desk.issue("tolls-2")[-1].issue
    assert (issue.label, issue.pro, issue.contra) == ("Tolls", some[0].content, some[1].content)
    assert client.get("/api/issues/suggest").json()["suggestions"] == []


def test_roles(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    reader, coder = ({"authorization": f"Bearer {tokens[r]}"} for r in ("reader", "coder"))
    assert client.get("/issues", headers=reader).status_code == 200
    assert client.get("/issues/truce-60d", headers=reader).status_code == 200
    assert "Follow it no more" not in client.get("/issues/truce-60d", headers=reader).text
    assert "Follow it no more" in client.get("/issues/truce-60d", headers=coder).text
    for path in ("/issues/new", "/issues/suggest", "/issues/truce-60d/edit"):
        assert client.get(path, headers=reader).status_code == 403
        assert client.get(path, headers=coder).status_code == 200
    for path in (
        "new",
        "truce-60d/edit",
        "truce-60d/retire",
        "truce-60d/follow",
        "truce-60d/version",
        "truce-60d/examine",
        "suggest/look",
        "suggest/accept",
        "suggest/refuse",
        "suggest/reopen",
    ):
        given = {"label": "x", "number": 1, "suggestion": "x"}
        assert client.post(f"/api/issues/{path}", json=given, headers=reader).status_code == 403
    assert client.post("/api/issues/truce-60d/retire", json={}, headers=coder).json()["issue"]["by"] == "coder 1"


def test_hostile_words_are_words(client: TestClient, site: Site) -> None:
    site.desk.add_issue("hostile", "<script>alert(1)</script>\u202e pier", aliases=['" onmouseover="x'], pro="<svg onload=x>", by="mira")
    hit = next(h for h in site.desk.search(limit=20) if h.actor)
    code(site, hit, "hostile", "support", "ana", note="<img src=x onerror=x>")
    for path in ("/issues", "/issues/hostile", "/issues/hostile/edit"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<svg onload" not in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert '" onmouseover="x"' not in text

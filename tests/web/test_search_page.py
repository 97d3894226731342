"""*Search*: what is found is what the ledger finds; what cannot be meant is said at its field; bars narrow; nothing from an article runs."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import compose, filing_of

import onrecord
from onrecord.errors import UsageError
from onrecord.ledger import Histogram, Period, histogram
from onrecord.ledger.words import parse
from onrecord.sources import Document
from onrecord.web import Site, make_app
from onrecord.web.charts.histogram import bars_of, named
from onrecord.web.pages.search import cut
from onrecord.web.search_form import Asked

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def ids(client: TestClient, **query: object) -> list[str]:
    return [s["id"] for s in client.get("/api/search", params=query).json()["statements"]]


@pytest.mark.parametrize(
    "query",
    [
        {}, {"q": "ceasefire OR truce"}, {"q": "truce", "kind": "direct"}, {"actor": "Sorev"}, {"outlet": "Halyard"}, {"type": ["unknown", "unnamed"]},
        {"since": "2026-03-12", "until": "2026-03-12"}, {"min_score": "0.9"}, {"act": "reject"}, {"all": "1", "q": "truce"}, {"sort": "oldest"},
        {"q": "truce", "sort": "relevance"}, {"since": "2026-03"}, {"kind": "", "actor": "", "since": "", "min_score": ""},
    ],
)  # fmt: skip
def test_the_page_finds_what_the_ledger_finds(client: TestClient, site: Site, query: dict[str, str]) -> None:
    asked = Asked.of(**query).query()  # type: ignore[arg-type]
    twin = client.get("/api/search", params=query).json()
    wanted = [h.to_json() for h in site.desk.ledger.search(asked, limit=20)]
    assert twin["statements"] == wanted
    assert twin["total"] == site.desk.ledger.count(asked) == sum(p["count"] for p in twin["histogram"]["periods"])
    assert twin["exact"]
    page = client.get("/search", params=query)
    assert page.status_code == 200
    assert all(f'id="{s["id"]}"' in page.text for s in wanted)


def test_an_issue_narrows_to_statements_with_a_position_on_it(client: TestClient, site: Site) -> None:
    issue = next(i for i in site.desk.agenda() if site.desk.count(issue=i.id))
    assert ids(client, issue=issue.id) == [h.id for h in site.desk.search(issue=issue.id, limit=20)]
    page = client.get("/search", params={"issue": issue.id}).text
    assert f'<option value="{issue.id}" selected>' in page


def test_words_are_marked_and_stand_in_context(client: TestClient) -> None:
    page = client.get("/search?q=ceasefire").text
    assert "<mark>ceasefire</mark>" in page
    assert 'class="around"' in page


def test_pages_lead_on_and_back(client: TestClient, site: Site) -> None:
    seen, to = [], "/search?limit=7"
    while to:
        page = client.get("/api" + to).json()
        seen += [s["id"] for s in page["statements"]]
        to = page["pages"]["next"]
    assert seen == [h.id for h in site.desk.search()]
    second = client.get("/search?offset=20").text
    assert 'rel="prev" href="/search"' in second
    assert client.get("/search?offset=100000").status_code == 200


WRONG = [
    ({"q": '"—"'}, "q"), ({"q": "-x"}, "q"), ({"q": "a " * 65}, "q"), ({"actor": "Nobody Atall"}, "actor"), ({"outlet": "No Such Paper"}, "outlet"), ({"issue": "nothing"}, "issue"),
    ({"kind": "shouted"}, "kind"), ({"act": "dance"}, "act"), ({"type": "robot"}, "type"), ({"country": "Ruritania"}, "country"), ({"since": "yesterday"}, "since"), ({"until": "2026-13"}, "until"),
    ({"since": "2026-03-14", "until": "2026-03-13"}, "until"), ({"min_score": "high"}, "min_score"), ({"min_score": "nan"}, "min_score"), ({"min_score": "1.5"}, "min_score"), ({"sort": "random"}, "sort"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "field"), WRONG)
def test_what_cannot_be_meant_is_said_at_its_field_and_the_form_is_kept(client: TestClient, query: dict[str, str], field: str) -> None:
    query = {"q": "truce", **query}
    page = client.get("/search", params=query)
    assert page.status_code == 400
    assert f'id="wrong-{field}"' in page.text
    assert f'aria-describedby="wrong-{field}"' in page.text
    assert f'value="{query["q"].strip()}"' in unescape(page.text)
    twin = client.get("/api/search", params=query)
    assert twin.status_code == 400
    assert twin.json()["field"] == field
    assert twin.json()["error"]


def test_an_outlet_s_name_that_is_typed_as_a_speaker_is_wrong_there(client: TestClient) -> None:
    twin = client.get("/api/search", params={"actor": "Xyzzy", "outlet": "Xyzzy"}).json()
    assert twin["field"] == "actor"


def test_filters_can_be_taken_away_one_by_one(client: TestClient, site: Site) -> None:
    actor = next(h.actor for h in site.desk.search("truce") if h.actor)
    page = client.get("/search", params={"q": "truce", "actor": actor[0], "kind": ["direct", "mixed"], "sort": "oldest"}).text
    shown = page[page.index('class="narrowed"') :].partition("</ul>")[0]
    links = [unescape(a) for a in re.findall(r'<a href="([^"]+)"', shown)]
    assert actor[1] in unescape(shown)
    assert parse_qs(urlsplit(links[1]).query) == {"q": ["truce"], "kind": ["direct", "mixed"], "sort": ["oldest"]}
    assert parse_qs(urlsplit(links[2]).query)["kind"] == ["mixed"]
    assert all(client.get(link).status_code == 200 for link in links)


def test_nothing_found_says_what_to_try(client: TestClient) -> None:
    page = client.get("/search", params={"q": '"ceasefire balloon"', "since": "2026-03"}).text
    assert "No statements" in page
    shown = page[page.index('class="instead"') :].partition("</ul>")[0]
    links = [unescape(a) for a in re.findall(r'<a href="([^"]+)"', shown)]
    assert len(links) >= 4
    assert all(client.get(link).status_code == 200 for link in links)
    assert any(ids_of := client.get("/api" + link).json()["statements"] for link in links), ids_of


# Bars -------------------------------------------------------------------------------------------------------------------------------


def test_each_bar_leads_to_its_days(client: TestClient, site: Site) -> None:
    page = client.get("/search?q=the&until=2026-03-12").text
    svg = page[page.index('<svg class="bars"') : page.index("</svg>")]
    bars = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', svg)
    twin = client.get("/api/search?q=the&until=2026-03-12").json()
    assert len(bars) == len(twin["histogram"]["periods"]) > 1
    for (to, label), period in zip(bars, twin["histogram"]["periods"], strict=True):
        assert f"{period['count']} statement" in label
        narrowed = client.get("/api" + unescape(to)).json()
        assert narrowed["total"] == period["count"]
    assert svg.count("<title") == len(bars) + 1
    assert "style=" not in svg
    # The same in words.
    assert page.count('<th scope="row">') == len(bars)


def test_estimates_say_that_they_are(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histogram, "COUNTED", 10)
    page = client.get("/search?q=the&min_score=0.01").text
    assert re.search(r"About [\d,]+ statements", page)
    assert "estimates from a sample" in page


def test_periods_are_named_as_people_name_them() -> None:
    week = Period(date(2026, 3, 2), date(2026, 3, 8), 1)
    assert named(week, "week") == "2 March 2026 to 8 March 2026"
    assert named(week, "day") == "2 March 2026"
    assert named(Period(date(2026, 1, 1), date(2026, 3, 31), 1), "quarter") == "January to March 2026"
    assert named(Period(date(2020, 1, 1), date(2029, 12, 31), 1), "decade") == "2020 to 2029"
    assert named(week, "year") == "2026"
    assert bars_of(Histogram("day", (week,), 1, exact=True), str, brush="") is None


# Hostile words ----------------------------------------------------------------------------------------------------------------------

EVIL = "the treaty <script>alert(1)</script> <img src=x onerror=alert(2)> \u202eesrever\u202c &lt;b&gt; javascript:alert(3)"


@pytest.fixture
def evil(tmp_path: Path) -> TestClient:
    desk = onrecord.open(tmp_path / "evil.db")
    said = [("direct", EVIL, '"><svg onload=alert(4)>', "GB", "<h1>It rained</h1>")]
    article, entries = compose(
        "<b>Talks</b>", said, url="https://lantern.example/?q=<script>", outlet='<i>Lantern</i>" onmouseover="x', published=datetime(2026, 3, 1, tzinfo=UTC)
    )
    desk.ledger.write([filing_of(Document(b"evil", "https://lantern.example/e", url="https://lantern.example/e"), article, entries, marks=False)], now=NOW)
    return TestClient(make_app(Site(desk, now=lambda: NOW), limits=False), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    "path", ["/", "/search?q=treaty", "/search?q=%3Cscript%3E&actor=%22%3E%3Cscript%3E&since=%22%3E%3Csvg+onload%3D1%3E", "/searches", "/add"]
)
def test_nothing_from_an_article_or_an_address_is_markup(evil: TestClient, path: str) -> None:
    with evil as client:
        page = client.get(path).text
        assert client.get("/api/search?q=treaty").json()["total"] == 1
    scripts = re.findall(r"<script[^>]*>", page)
    assert all(re.fullmatch(r'<script src="/static/[0-9a-f]+/\w+\.js" defer>', s) for s in scripts), scripts
    assert not re.search(r"<(img|h1>It|svg onload|i>Lantern|b>Talks)", page)
    assert not re.search(r'(onerror|onload|onmouseover)="', re.sub(r"&[^;]+;", "", page).replace("=&", "="))
    assert "\u202e" not in page


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_parts_put_together_are_the_text(text: str, words: list[str]) -> None:
    try:
        terms = parse(" ".join(words))
    except UsageError:
        terms = None
    parts = cut(text, terms)
    assert "".join(p for p, _ in parts) == text
    assert all(p for p, _ in parts)


_values = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("q", "since", "until", "min_score", "all", "sort"), _values)
        | {n: st.lists(_values, max_size=3) for n in ("actor", "kind", "issue")},
    )
)
def test_a_search_comes_out_of_its_address_as_it_went_in(values: dict[str, str | list[str]]) -> None:
    asked = Asked.of(**values)
    again = Asked.of_address(asked.address)
    assert again.address == asked.address
    assert again == (asked if asked.sort != "date" else asked.but(sort=""))


def test_an_address_with_anything_else_in_it_is_taken_for_what_it_has() -> None:
    assert Asked.of_address("?" + urlencode({"q": "truce", "offset": 20, "done": "x", "limit": 5})) == Asked(q="truce")
    assert Asked.of_address("%ff&&=&q") == Asked()


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\0", "9" * 400, "-", '"', "*", "%", "nan", "inf", "-0", "2026-00", "0000", "9999", "10000-01-01", "a1:", "OR"]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from([*Asked.__dataclass_fields__, "limit", "offset", "done", "x"]), ODD, max_size=5),
    st.sampled_from(["/search", "/api/search", "/search.atom", "/search.json"]),
)
def test_whatever_is_asked_there_is_an_answer(client: TestClient, query: dict[str, str], path: str) -> None:
    assert client.get(path, params=query).status_code in (200, 400, 422)

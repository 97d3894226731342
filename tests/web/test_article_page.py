"""The article's page: the text, its statements, its other texts; what is judged there, corrected, and taken back."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import onrecord
from onrecord.articles.article import Kind, Paragraph
from onrecord.export.pieces import Mark, cut
from onrecord.web import Site, make_app
from onrecord.web.pages.article import _runs, line_of
from onrecord.web.slices import parts_of

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOSTILE = """Mayor says <script>alert(1)</script> is \u202etxt.exe

"We will <b onclick=x()>never</b> sign \u2066this\u2069 {{ 7 * 7 }}," said Ilsa Brandt, the harbour master.

<svg onload=alert(1)>, Brandt said the survey would be repeated in June.
"""


@pytest.fixture
def first(client: TestClient) -> dict[str, Any]:
    """The JSON of an article with statements and two texts."""
    every = [client.get(f"/api/articles/{a['id']}").json() for a in client.get("/api/articles?limit=200").json()["articles"]]
    return next(a for a in every if len(a["revisions"]) > 1 and len(a["statements"]) > 3)


@pytest.fixture
def said(first: dict[str, Any]) -> dict[str, Any]:
    """Its first statement."""
    return first["statements"][0]


def opened(client: TestClient, statement: str) -> dict[str, Any]:
    return client.get(f"/api/statements/{statement}").json()["statements"][0]


def test_the_list_of_articles(client: TestClient) -> None:
    page, twin = client.get("/articles"), client.get("/api/articles").json()
    assert page.status_code == 200
    assert all(f"/articles/{a['id'].replace(':', '%3A')}" in page.text for a in twin["articles"])
    some = client.get("/api/articles?limit=2").json()
    assert some["pages"]["next"] == "/articles?offset=2&limit=2"
    rest = client.get("/api/articles?limit=2&offset=2").json()["articles"]
    assert [a["id"] for a in twin["articles"]][:4] == [a["id"] for a in (*some["articles"], *rest)]


def test_the_list_is_narrowed_by_words_and_outlet(client: TestClient) -> None:
    every = client.get("/api/articles").json()["articles"]
    outlet = next(a["outlet"] for a in every if a["outlet"])
    found = client.get("/api/articles", params={"outlet": outlet}).json()["articles"]
    assert found
    assert {a["outlet"] for a in found} == {outlet}
    assert client.get("/api/articles", params={"q": "Merrow"}).json()["articles"]
    assert client.get("/articles", params={"q": "zzzyx"}).text.count("No article is like that") == 1
    assert client.get("/articles", params={"outlet": "Nowhere Gazette"}).status_code == 400


def test_an_address_leads_to_its_article(client: TestClient, first: dict[str, Any]) -> None:
    for prefix in ("", "/api"):
        there = client.get(f"{prefix}/articles", params={"url": first["source"]})
        assert (there.status_code, there.headers["location"]) == (303, f"{prefix}/articles/{first['id'].replace(':', '%3A')}")
    assert client.get("/articles", params={"url": "https://nowhere.example/"}).status_code == 400


def test_the_text_stands_as_it_was_read(client: TestClient, first: dict[str, Any]) -> None:
    page = client.get(f"/articles/{first['id']}").text
    for statement in first["statements"]:
        assert f'id="{statement["id"]}"' in page
        assert statement["speaker"]["name"] is None or statement["context"] is not None
    assert len(page) < 300_000
    assert page.count("<h1>") == 1
    assert 'class="para caption"' in "".join(client.get(f"/articles/{a['id']}").text for a in client.get("/api/articles").json()["articles"])


def test_what_is_not_there_is_not_found(client: TestClient, first: dict[str, Any], said: dict[str, Any]) -> None:
    at = f"/articles/{first['id']}"
    paths = ["/articles/n1:00", "/statements/s1:00", f"{at}?revision=r1:00", f"{at}?statement=s1:00", f"{at}?part=99", "/articles/n1:00/changes"]
    for path in [*paths, f"{at}/changes?from=r1:00", f"{at}/changes?part=99", f"{at}?revision=r1:00&statement={said['id']}"]:
        assert client.get(path).status_code == 404, path
        assert client.get(f"/api{path}").json()["error"]
    assert client.post("/api/statements/s1:00/judge", json={"verdict": "right"}).status_code == 404


def test_a_statement_leads_to_its_article(client: TestClient, said: dict[str, Any]) -> None:
    there = client.get(f"/statements/{said['id']}")
    assert there.status_code == 303
    page = client.get(there.headers["location"])
    assert page.status_code == 200
    assert re.search(rf'id="{said["id"]}"[^>]*>\s*<details open>', page.text)


def test_confirm_reject_and_take_back(client: TestClient, said: dict[str, Any]) -> None:
    at = f"/statements/{said['id']}"
    done = client.post(f"{at}/judge", data={"verdict": "wrong"})
    assert done.status_code == 303
    page = client.get(done.headers["location"]).text
    assert "The statement is rejected" in page
    assert "Rejected" in page
    wrong = opened(client, said["id"])
    assert (wrong["verdict"], wrong["shown"], wrong["judgements"][0]["by"]) == ("wrong", False, "mira")
    back = client.post(f"{at}/undo", data={"judgement": wrong["judgements"][0]["id"]})
    assert "Taken back by mira" in client.get(back.headers["location"]).text
    after = opened(client, said["id"])
    assert (after["verdict"], after["shown"], after["judgements"][0]["stands"]) == (None, True, False)
    assert client.post(f"/api{at}/undo", json={"judgement": wrong["judgements"][0]["id"]}).status_code == 400
    again = client.post(f"/api{at}/undo", json={"judgement": after["judgements"][0]["taken_back"]["id"]}).json()
    assert again["done"] == "judgement-given-back"
    assert opened(client, said["id"])["verdict"] == "wrong"
    assert client.post(f"/api{at}/judge", json={"verdict": "right"}).json()["verdict"] == "right"
    assert opened(client, said["id"])["verdict"] == "right"


def test_another_speaker(client: TestClient, first: dict[str, Any], said: dict[str, Any]) -> None:
    other = next(s["actor"] for s in first["statements"] if s["actor"] and s["actor"] != said["actor"])
    assert client.post(f"/statements/{said['id']}/judge", data={"verdict": "speaker", "speaker": other["id"]}).status_code == 303
    after = opened(client, said["id"])
    assert (after["actor"], after["verdict"], after["speaker"]) == (other, "speaker", said["speaker"])
    for wrong in ({"verdict": "speaker"}, {"verdict": "right", "speaker": other["id"]}, {"verdict": "speaker", "speaker": "Nobody Atall"}):
        assert client.post(f"/api/statements/{said['id']}/judge", json=wrong).status_code == 400


def form(client: TestClient, statement: str) -> dict[str, str]:
    """The fields of the form to correct a statement, as a browser would send them back."""
    import html

    page = client.get(client.get(f"/statements/{statement}").headers["location"]).text
    part = page[page.index('id="correct"') :].split("</form>")[0]
    fields = {n: html.unescape(v) for n, v in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', part, re.DOTALL)}
    fields["kind"] = re.search(r"<option selected>(\w+)", part)[1]
    fields["said_on"] = re.search(r'name="said_on" value="([^"]*)"', part)[1]
    return fields | {"whole": "true", "note": ""}


def test_a_form_sent_back_as_it_was_corrects_nothing(client: TestClient, first: dict[str, Any]) -> None:
    for statement in first["statements"]:
        done = client.post(f"/statements/{statement['id']}/correct", data=form(client, statement["id"]))
        assert done.status_code == 400, statement["id"]
        assert "A correction of nothing" in done.text


def test_words_kind_and_day_are_corrected_in_place(client: TestClient, said: dict[str, Any]) -> None:
    start = said["content"][0]["start"]
    kind = "mixed" if said["kind"] != "mixed" else "direct"
    given = form(client, said["id"]) | {"content": f"{start}:{start + 7}", "kind": kind, "said_on": "2026-03-01", "cue": "", "note": "heard it"}
    done = client.post(f"/statements/{said['id']}/correct", data=given)
    page = client.get(done.headers["location"]).text
    assert "The statement is corrected" in page
    assert "The reader has" in page
    assert "1 March 2026" in page
    after = opened(client, said["id"])
    words = said["content"][0]["exact"][:7]
    assert after["corrected"]["content"] == [{"start": start, "end": start + 7, "exact": words}]
    assert (after["corrected"]["kind"], after["corrected"]["said_on"]) == (kind, "2026-03-01")
    assert after["corrected"].get("cue", []) == []
    assert {n: after[n] for n in ("content", "kind", "said_on")} == {n: said[n] for n in ("content", "kind", "said_on")}
    assert (after["judgements"][0]["by"], after["judgements"][0]["note"]) == ("mira", "heard it")
    client.post(f"/statements/{said['id']}/undo", data={"judgement": after["judgements"][0]["id"]})
    assert opened(client, said["id"])["corrected"] is None


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"content": "the"},
        {"content": "no such words there"},
        {"content": "5:2"},
        {"content": "0:99999999"},
        {"content": "-"},
        {"said_on": "2026-02-31"},
        {"said_on": "\0"},
    ],
)
def test_what_cannot_be_meant_is_refused(client: TestClient, said: dict[str, Any], given: dict[str, str]) -> None:
    done = client.post(f"/api/statements/{said['id']}/correct", json=given)
    assert done.status_code == 400
    assert done.json()["error"]
    assert opened(client, said["id"])["judgements"] == []


def test_a_stance_is_coded_and_taken_back(client: TestClient, said: dict[str, Any], site: Site) -> None:
    issue = next(iter(site.desk.agenda())).id
    at = f"/statements/{said['id']}"
    done = client.post(f"{at}/code", data={"issue": issue, "stance": "oppose", "act": "reject", "note": "clear"})
    assert "Coded" in client.get(done.headers["location"]).text
    (coded,) = opened(client, said["id"])["judgements"]
    assert (coded["verdict"], coded["value"]["stance"], coded["by"]) == ("coded", "oppose", "mira")
    assert opened(client, said["id"])["act_stands"] == "reject"
    assert client.post(f"{at}/undo", data={"judgement": coded["id"]}).status_code == 303
    assert opened(client, said["id"])["judgements"][0]["taken_back"]["by"] == "mira"
    assert client.post(f"/api{at}/code", json={"issue": "no-such-issue", "stance": "oppose"}).status_code == 400


def test_only_coders_judge_and_readers_see_no_forms(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    client.headers["authorization"] = f"Bearer {tokens['reader']}"
    article = next(a for a in client.get("/api/articles").json()["articles"] if a["statements"])
    found = client.get(f"/api/articles/{article['id']}").json()["statements"][0]["id"]
    page = client.get(f"/articles/{article['id']}?statement={found}").text
    assert "<form" not in page.split("<main")[1]
    for action, fields in (
        ("judge", {"verdict": "right"}),
        ("correct", {"kind": "mixed"}),
        ("code", {"issue": "x", "stance": "none"}),
        ("undo", {"judgement": "j1:0"}),
    ):
        assert client.post(f"/api/statements/{found}/{action}", json=fields).status_code == 403
    client.headers["authorization"] = f"Bearer {tokens['coder']}"
    assert client.post(f"/api/statements/{found}/judge", json={"verdict": "right"}).status_code == 200
    assert client.get(f"/api/statements/{found}").json()["statements"][0]["judgements"][0]["by"].startswith("coder")


def test_changes_between_two_texts(client: TestClient, first: dict[str, Any]) -> None:
    at = f"/articles/{first['id']}/changes"
    page, twin = client.get(at), client.get(f"/api{at}").json()
    assert "<del>" in page.text
    assert "<ins>" in page.text
    assert twin["edits"][0]["old_start"] == 0
    assert twin["from"]["number"] < twin["to"]["number"]
    assert sum(twin["counts"].values()) >= len(twin["changes"])
    one = twin["to"]["revision"]
    assert "These are the same text" in client.get(f"{at}?from={one}&to={one}").text


def test_an_earlier_text_is_shown_as_such(client: TestClient, first: dict[str, Any]) -> None:
    old = next(r["revision"] for r in first["revisions"] if not r["current"])
    page = client.get(f"/articles/{first['id']}?revision={old}")
    assert "it was replaced" in page.text
    statement = client.get(f"/api/articles/{first['id']}?revision={old}").json()["statements"][0]["id"]
    assert client.get(client.get(f"/statements/{statement}").headers["location"]).status_code == 200


def made(tmp_path: Path, text: str) -> Iterator[TestClient]:
    source = tmp_path / "article.txt"
    source.write_text(text)
    with onrecord.open(tmp_path / "made.db") as desk:
        desk.add(source)
    site = Site(onrecord.open(tmp_path / "made.db", create=False), user="mira", now=lambda: NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client
    site.close()


def test_hostile_words_are_words(tmp_path: Path) -> None:
    for client in made(tmp_path, HOSTILE):
        (article,) = client.get("/api/articles").json()["articles"]
        pages = [client.get("/articles").text, client.get(f"/articles/{article['id']}").text]
        every = client.get(f"/api/articles/{article['id']}").json()["statements"]
        pages += [client.get(f"/articles/{article['id']}?statement={statement['id']}").text for statement in every]
        for page in pages:
            assert not re.search(r"<(svg|b) on|<script>|\u202e|\u2066", page)
        assert "[U+202E]" in pages[1]
        assert "{{ 7 * 7 }}" in pages[1]


def test_a_long_article_is_shown_in_parts(tmp_path: Path) -> None:
    lines = [f'"The pier number {n} is safe and will stay open for all the boats of the town," said Ilsa Brandt.' for n in range(150)]
    for client in made(tmp_path, "The piers are safe\n\n" + "\n\n".join(lines) + "\n"):
        (article,) = client.get("/api/articles").json()["articles"]
        one = client.get(f"/api/articles/{article['id']}").json()
        assert one["part"]["of"] > 2
        seen: list[str] = []
        for part in range(1, one["part"]["of"] + 1):
            page = client.get(f"/articles/{article['id']}?part={part}")
            assert len(page.content) < 300_000
            seen += [s["id"] for s in client.get(f"/api/articles/{article['id']}?part={part}").json()["statements"]]
        assert len(seen) == len(set(seen)) == one["total"]
        there = client.get(client.get(f"/statements/{seen[-1]}").headers["location"])
        assert f'id="{seen[-1]}"' in there.text
        assert len(there.content) < 300_000


def test_an_empty_ledger(tmp_path: Path) -> None:
    onrecord.open(tmp_path / "empty.db").close()
    site = Site(onrecord.open(tmp_path / "empty.db", create=False), user="mira")
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        assert "No article is in this ledger yet" in client.get("/articles").text
        assert client.get("/api/articles").json()["articles"] == []
    site.close()


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(1, 4), st.sampled_from(["content", "cue", "source"])), max_size=8)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), SPANS)
def test_pieces_are_the_text_and_say_whose_each_is(lengths: list[int], spans: list[tuple[int, int, int, str]]) -> None:
    stretches, at = [], 0
    for length in lengths:
        stretches.append((at, at + length))
        at += length + 1
    # Spans of one statement and role never overlap.
    marks = list({(n, role): Mark(s, s + length, n, role) for s, length, n, role in spans}.values())
    for (start, end), pieces in zip(stretches, cut(stretches, marks), strict=True):
        assert [p.start for p in pieces] == [start, *(p.end for p in pieces[:-1])]
        assert pieces[-1].end == end
        for piece in pieces:
            for at in range(piece.start, piece.end):
                assert set(piece.of) == {(m.number, m.role) for m in marks if m.start <= at < m.end}


@given(st.lists(st.text(alphabet="ab \u202e", min_size=1, max_size=60), min_size=1, max_size=12), st.data())
def test_parts_are_the_whole_text(words: list[str], data: st.DataObject) -> None:
    text, paragraphs = "", []
    for one in words:
        paragraphs.append(Paragraph(len(text), len(text) + len(one), Kind.BODY))
        text += one + "\n"
    starts = sorted(data.draw(st.lists(st.integers(0, len(text) - 1), max_size=20)))
    parts = parts_of(text, paragraphs, starts, characters=40, statements=3)
    covered = [n for p in parts for s in p.stretches for n in range(s.start, s.end)]
    assert covered == [n for p in paragraphs for n in range(p.start, p.end)]
    for part in parts:
        assert sum(s.end - s.start for s in part.stretches) <= 40
        assert len({s for s in starts if part.start <= s < part.end and any(x.start <= s < x.end for x in part.stretches)}) <= 20


@given(st.text(alphabet="a \u202e\u2066\0", max_size=30))
def test_runs_are_the_piece(text: str) -> None:
    runs = list(_runs(text, 0, len(text)))
    assert "".join(text[a:b] for a, b in runs) == text


@given(st.text(min_size=1, max_size=30))
def test_a_line_of_the_form_is_the_piece(text: str) -> None:
    from onrecord.text import Span
    from onrecord.web.actions.judging import places_of

    span = Span.of(f"x{text}", 1, 1 + len(text))
    assert places_of(line_of(span)) in ([text], [(span.start, span.end)])
    assert json.dumps(line_of(span))

import csv
import io
import json
import time

import lxml.html
from hypothesis import given
from hypothesis import strategies as st
from marked import reading_of

import onrecord
from onrecord.actors import ActorType, MentionForm, Speaker, Voice
from onrecord.articles import Article, Kind, Paragraph, Revision
from onrecord.entry import Entry, entries_of
from onrecord.export import COLUMNS, to_csv, to_fragment, to_html, to_json, to_jsonl
from onrecord.occasions import Occasion, When, Where
from onrecord.statements import Attribution, QuoteKind, Statement, find_statements
from onrecord.text import Span

NOBODY = Speaker(None, None, ActorType.UNKNOWN, None, MentionForm.IMPLICIT, 0.0)
MARKED = '{t1:"We <b>will</b> not sign,"} {s1:the mayor} {c1:said}. {s2:Her deputy} {c2:warned} {t2:that ice was coming}.'


def record(marked: str = MARKED) -> tuple[Article, tuple[Entry, ...]]:
    article, reading = reading_of(marked)
    return article, entries_of(article, reading, find_statements(article, reading))


def made(text: str, spans: list[tuple[int, int]]) -> tuple[Article, tuple[Entry, ...]]:
    revision = Revision(text, (Paragraph(0, len(text), Kind.BODY),))
    statements = tuple(
        Statement(revision.id, (Span.of(text, s, e),), (), (), QuoteKind.DIRECT, Attribution.NONE, (), (), "body", 0.5, "made-0") for s, e in spans
    )  # fmt: skip
    return Article(revision, source="x"), tuple(Entry(s, Voice(NOBODY), Occasion(When(None, None, ""), Where())) for s in statements)


def test_json_holds_text_and_statements() -> None:
    article, entries = record()
    data = json.loads(json.dumps(to_json(article, entries)))
    for s in data["statements"]:
        for span in s["content"] + s["cue"] + s["source"]:
            assert data["article"]["text"][span["start"] : span["end"]] == span["exact"]


def test_jsonl_is_one_statement_a_line() -> None:
    _, entries = record()
    lines = to_jsonl(entries).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [e.id for e in entries]


def test_csv_has_one_row_a_statement_and_no_formulas() -> None:
    article, entries = record('{t1:"=2+3"} {s1:the clerk} {c1:said}.\n\n{t2:-4 degrees}, {s2:he} {c2:added}.')
    rows = list(csv.DictReader(io.StringIO(to_csv(article, entries))))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["speaker"], r["mention"]) for r in rows] == [("the clerk", "the clerk"), ("", "he")]
    assert rows[1]["content"] == "'-4 degrees"


def test_the_page_shows_every_character_and_runs_no_script() -> None:
    article, entries = record()
    page = lxml.html.document_fromstring(to_html(article, entries))
    assert article.revision.text in page.find(".//main").text_content()
    assert not page.xpath("//script | //img | //link | //iframe | //b | //@onclick")
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_every_link_in_the_page_has_its_target() -> None:
    article, entries = record()
    page = lxml.html.document_fromstring(to_html(article, entries))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in page.xpath("//a/@href") if h.startswith("#")} <= set(ids)
    assert {"w1", "w2", "r1", "r2"} <= set(ids)


@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cf"]), min_size=8, max_size=60),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8)), max_size=6),
)
def test_nested_and_overlapping_spans_lose_no_character(text: str, raw: list[tuple[int, int]]) -> None:
    spans = [(s, e) for s, e in raw if s < e]
    page = lxml.html.document_fromstring(to_html(*made(text, spans)))
    shown = page.find(".//main").text_content()
    assert shown.strip("\n") == text or shown.split() == text.split()


def test_a_notebook_gets_a_fragment() -> None:
    assert to_fragment(*record()).lstrip().startswith("<div")
    assert "<html" not in to_fragment(*record())


def test_many_statements_cost_in_proportion() -> None:
    text = "abcdefghi " * 40_000
    few, many = made(text[:100_000], [(i * 50, i * 50 + 9) for i in range(2000)]), made(text, [(i * 50, i * 50 + 9) for i in range(8000)])
    cost = []
    for case in (few, many):
        began = time.process_time()
        to_html(*case)
        cost.append(time.process_time() - began)
    assert cost[1] < 16 * max(cost[0], 0.05)


def test_characters_that_turn_a_page_around_are_shown_and_not_obeyed() -> None:
    page = onrecord.read('"We will \u202enot\u202c sign\0 the deal\ud800," the mayor of Tarn said on Tuesday.').to_html()
    assert not set(page) & {"\u202e", "\u202c", "\0", "\ud800"}
    assert "[U+202E]" in page

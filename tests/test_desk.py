import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.errors import ArticleError, NotFoundError, UsageError
from onrecord.sources import expand

EXAMPLES = Path(__file__).parents[1] / "examples" / "articles"
STORY = '"We will not sign the ferry deal," the mayor of Tarn said on Tuesday.\n\nHer deputy warned that the ice would come early.'


def test_a_string_is_the_text_itself() -> None:
    record = onrecord.read(STORY)
    assert record.article.revision.text == STORY
    assert [s.mention for s in record.statements] == ["the mayor of Tarn", "Her deputy"]
    assert [str(s.kind) for s in record.statements] == ["direct", "indirect"]


def test_a_path_bytes_and_a_string_agree(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    found = {tuple(s.id for s in onrecord.read(x).statements) for x in (STORY, STORY.encode(), tmp_path / "a.txt")}
    assert len(found) == 1


def test_what_the_caller_knows_wins() -> None:
    record = onrecord.read(STORY, url="https://beacon.example/1", published=date(2026, 2, 3), outlet="Beacon")
    data = record.to_json()["article"]
    assert (data["url"], data["outlet"], data["published"][:10]) == ("https://beacon.example/1", "Beacon", "2026-02-03")


def test_what_is_not_english_is_kept_and_unread() -> None:
    record = onrecord.read(EXAMPLES / "le-phare.html")
    assert record.statements == ()
    assert "not English" in record.article.notes[0]


def test_a_notebook_shows_a_page() -> None:
    assert "<table" in onrecord.read(STORY)._repr_html_()


@pytest.mark.parametrize("source", ["", " \n", "\0", "...", "“", "a" * 10_000])
def test_hardly_any_text(source: str) -> None:
    record = onrecord.read(source)
    assert json.loads(json.dumps(record.to_json()))["statements"] == []


@settings(max_examples=15)
@given(
    st.lists(
        st.sampled_from(
            ["“No,” ", "she said", ".", "\n\n", "👩‍👩‍👧", "e\u0301", "\0", "\r\n", "'tis ", "The mayor ", "warned that ice comes", "\ud800", "<b>"]
        ),
        max_size=25,
    ).map("".join)
)
def test_every_span_holds_what_it_says(text: str) -> None:
    record = onrecord.read(text)
    stored = record.article.revision.text
    for s in record.statements:
        s.check(stored)
        for span in s.content + s.cue + s.source + s.verbatim + s.insertions:
            assert stored[span.start : span.end] == span.exact


def test_a_line_of_200_000_characters() -> None:
    # What stands between is no statement: coding each of those takes longer than reading all of it.
    between = "The harbour was quiet, the boats stayed in, and the lanterns along the quay were lit at four, as they are in winter. "
    text = ("The mayor said that nothing would change and the ferry would sail. " + between) * 1_100
    assert len(text) > 200_000
    record = onrecord.read(text)
    assert len(record.statements) > 1000


@pytest.mark.parametrize(("source", "error"), [(Path("nowhere.txt"), NotFoundError), (b"%PDF-1.4", ArticleError), (42, UsageError)])
def test_what_cannot_be_read(source: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        onrecord.read(source)


def test_a_moment_that_is_none() -> None:
    with pytest.raises(UsageError, match="2026-03-12"):
        onrecord.read(STORY, published="yesterday")


def test_errors_pickle_whole() -> None:
    error = NotFoundError("no such file", item="x", hint="look again")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_one_item_s_failure_does_not_stop_the_rest() -> None:
    outcomes = list(onrecord.read_many(expand(["nowhere.txt", str(EXAMPLES / "daily-lantern.txt")])))
    assert [type(o.error) for o in outcomes] == [NotFoundError, type(None)]
    assert outcomes[1].records[0].statements


def test_a_process_pool_gives_the_same() -> None:
    from multiprocessing import get_context

    items = expand([str(EXAMPLES / "halyard-wire.html"), str(EXAMPLES / "daily-lantern.txt")])
    alone = [r.to_json() for o in onrecord.read_many(items) for r in o.records]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        together = [r.to_json() for o in onrecord.read_many(items, map=pool.map) for r in o.records]
    assert [a["statements"] for a in alone] == [t["statements"] for t in together]

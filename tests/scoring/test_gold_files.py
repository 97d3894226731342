from __future__ import annotations

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NotFoundError, OnrecordError, UsageError
from onrecord.scoring.corpora import read_gold
from onrecord.scoring.signature import corpus_digest

POLNEAR = {
    "id": "a1",
    "text": "The ferry union said it would strike. No ships sailed, it added.",
    "attributions": [{"source": [[0, 15]], "cue": [[16, 20]], "content": [[21, 36]]}, {"content": [[38, 53]], "source": [[55, 57]]}],
}
COFENET = {
    "id": "b1",
    "tokens": ["``", "No", "deal", ",", "''", "said", "the", "envoy", "-LRB-", "left", "-RRB-", "."],
    "labels": ["B-content", "I-content", "I-content", "I-content", "I-content", "B-cue", "B-source", "I-source", "I-source", "I-source", "I-source", "O"],
}


def lines(path, *records, pack=False):
    data = "".join(json.dumps(r) + "\n" for r in records).encode()
    path.write_bytes(gzip.compress(data) if pack else data)
    return path


def test_polnear_lines_packed_or_not(tmp_path):
    plain = read_gold(lines(tmp_path / "p.dev.jsonl", POLNEAR))
    packed = read_gold(lines(tmp_path / "q.dev.jsonl.gz", POLNEAR, pack=True))
    assert (plain.name, packed.name) == ("p.dev", "q.dev")
    assert plain.articles == packed.articles
    (article,) = plain.articles
    assert article.linked
    assert [article.text[s:e] for s, e in article.spans("source")] == ["The ferry union", "it"]
    assert article.attributions[1].cue == ()


def test_cofenet_lines(tmp_path):
    corpus = read_gold(lines(tmp_path / "c.jsonl", COFENET, COFENET))
    first, second = corpus.articles
    assert (first.id, second.id, first.story, second.story) == ("b1#1", "b1#2", "b1", "b1")
    assert not first.linked
    assert first.text == "“ No deal , ” said the envoy ( left ) ."
    assert [first.text[s:e] for role in ("content", "cue", "source") for s, e in first.spans(role)] == ["“ No deal , ”", "said", "the envoy ( left )"]


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=4), st.sampled_from(["O", "B-cue", "I-cue", "B-source", "I-source"]))
    )
)
def test_cofenet_labels_are_read_as_conlleval_reads_them(tmp_path_factory, pairs):
    path = tmp_path_factory.getbasetemp() / "labels.jsonl"
    (article,) = read_gold(lines(path, {"id": "x", "tokens": [t for t, _ in pairs], "labels": [label for _, label in pairs]})).articles
    opened = sum(
        label != "O" and (label[0] == "B" or before[2:] != label[2:])
        for before, label in zip(["O", *(p[1] for p in pairs)], (p[1] for p in pairs), strict=False)
    )
    assert len(article.attributions) == opened


def test_a_folder_of_marked_files(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.gold").write_text("id: two\n---\n⟦q1 No⟧", encoding="utf-8")
    (tmp_path / "deep" / "a.gold").write_text("---\nNothing.", encoding="utf-8")
    (tmp_path / "note.txt").write_text("not gold", encoding="utf-8")
    corpus = read_gold(tmp_path)
    assert corpus.name == tmp_path.name
    assert [a.id for a in corpus.articles] == ["two", "a"]
    assert read_gold(tmp_path / "b.gold").articles[0].id == "two"


def test_several_files_are_one_corpus(tmp_path):
    for name in ("held-a", "held-b", "dev-a"):
        (tmp_path / f"{name}.gold").write_text(f"id: {name}\n---\n{name}", encoding="utf-8")
    held = read_gold(*sorted(tmp_path.glob("held-*.gold")))
    assert held.name == f"{tmp_path.name}/held"
    assert [a.id for a in held.articles] == ["held-a", "held-b"]
    assert read_gold(*tmp_path.glob("*.gold")).name == tmp_path.name
    with pytest.raises(UsageError, match="two articles have the id 'held-a'"):
        read_gold(tmp_path, tmp_path / "held-a.gold")


def test_the_digest_is_of_texts_and_spans_alone(tmp_path):
    other = POLNEAR | {"id": "a2", "text": "Nothing was said."[:17], "attributions": []}
    one = read_gold(lines(tmp_path / "one.jsonl", POLNEAR, other))
    shuffled = {"attributions": POLNEAR["attributions"][::-1], "text": POLNEAR["text"], "id": "renamed", "publisher": "x"}
    two = read_gold(lines(tmp_path / "two.jsonl.gz", other, shuffled, pack=True))
    assert corpus_digest(one.articles) == corpus_digest(two.articles)
    moved = POLNEAR | {"attributions": [POLNEAR["attributions"][0], {"content": [[38, 52]], "source": [[55, 57]]}]}
    assert corpus_digest(read_gold(lines(tmp_path / "three.jsonl", moved, other)).articles) != corpus_digest(one.articles)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\x1f\x8bnot gzip", "damaged"),
        (gzip.compress(b"x" * 1000)[:20], "damaged"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "line 1: not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"a": 1}', "unknown keys"),
        (json.dumps(POLNEAR).encode() + b"\n" + json.dumps(POLNEAR).encode(), "two articles have the id"),
        (b'{"text": "ab", "attributions": [{"cue": [[1, 3]]}]}', r"\[1, 3\] is no \[start, end\]"),
        (b'{"text": "ab", "attributions": [{"cue": 7}]}', "7 is no"),
        (b'{"text": "ab", "attributions": [{"cue": [[true, 2]]}]}', "is no"),
        (b'{"text": "ab", "attributions": 3}', "not a list of objects"),
        (b'{"tokens": ["a"], "labels": []}', "of one length"),
        (b'{"tokens": ["a"], "labels": ["B-verb"]}', "unknown label 'B-verb'"),
        (b'{"tokens": ["a"], "labels": ["X"]}', "unknown label 'X'"),
    ],
)
def test_damaged_files_give_one_clear_error(tmp_path, content, part):
    path = tmp_path / "g.jsonl"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=part) as caught:
        read_gold(path)
    assert "g.jsonl" in str(caught.value)


@given(st.binary(max_size=60))
def test_any_bytes_give_gold_or_one_clear_error(tmp_path_factory, content):
    for name in ("any.jsonl", "any.gold"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(content)
        with suppress(OnrecordError):
            read_gold(path)


def test_missing_and_empty(tmp_path):
    with pytest.raises(NotFoundError):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match=r"holds no \*.gold file"):
        read_gold(tmp_path)

from __future__ import annotations

import json

import pytest
from gold_strategies import sides
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import ArticleError, ModelError
from onrecord.scoring.counts import PRF
from onrecord.scoring.gold import GoldArticle, parse_marked
from onrecord.scoring.measure import MEASURES, count_article, score
from onrecord.scoring.signature import Maker
from onrecord.scoring.spans import Attributed
from onrecord.scoring.variants import VARIANTS, single_quotes
from onrecord.statements.statement import Attribution, QuoteKind, Statement
from onrecord.text import Span

FERRY = parse_marked("id: ferry\n---\n⟦s1 The ferry union⟧ ⟦c1 said⟧ ⟦q1 “no ship will sail”⟧ today.")
MINE = parse_marked("id: mine\n---\n⟦q1 “We are waiting,”⟧ ⟦s1 a miner⟧ ⟦c1 said⟧. ⟦q2 “Still.”⟧ The pit is wet.")
ANSWERS = {a.text: a.attributions for a in (FERRY, MINE)}


def statement(text, *, content, cue=(), source=(), attribution=Attribution.CUE):
    return Statement(
        revision="r1:0",
        content=tuple(Span.of(text, *s) for s in content),
        cue=tuple(Span.of(text, *s) for s in cue),
        source=tuple(Span.of(text, *s) for s in source),
        kind=QuoteKind.DIRECT,
        attribution=attribution,
        verbatim=(),
        insertions=(),
        paragraph="body",
        score=1.0,
        reader="test-1",
    )


def test_a_perfect_reader_scores_one_on_everything():
    result = score([FERRY, MINE], lambda text: ANSWERS[text], corpus="two", maker=lambda: Maker("gold 1", "0", "none", "0.1.0"))
    assert list(result.totals) == list(MEASURES)
    assert all(prf.f1 == 1 for prf in result.totals.values())
    assert result.totals["joined"] == PRF(3, 3, 3)
    assert result.totals["cue"] == PRF(2, 2, 2)
    assert result.signature.startswith("two|docs:2|sha:")
    assert result.signature.endswith("|variant:plain|match:exact-span.v1+joined.v1|reader:gold 1|model:0|engine:none|onrecord:0.1.0")


@given(sides(), sides())
def test_the_total_is_the_sum_over_articles(one, other):
    cases = {f"{number}{text}": (tuple(gold), predicted) for number, (text, gold, predicted) in enumerate((one, other))}
    articles = [GoldArticle(text, text, gold) for text, (gold, _) in cases.items()]
    result = score(articles, lambda text: cases[text][1])
    for measure, total in result.totals.items():
        assert total == sum((count_article(a, cases[a.text][1])[measure] for a in articles), PRF())


def test_a_statement_without_a_cue_counts_as_content_and_joined_but_not_as_cue():
    text = MINE.text
    (first, second) = MINE.attributions
    said = statement(text, content=first.content, cue=first.cue, source=first.source)
    carried = statement(text, content=second.content, cue=first.cue, source=first.source, attribution=Attribution.CONTINUATION)
    result = score([MINE], lambda _: [Attributed.of(said), Attributed.of(carried)])
    assert result.totals["cue"] == PRF(1, 1, 1)
    assert result.totals["content"] == PRF(2, 2, 2)
    assert result.totals["joined"] == PRF(2, 2, 1)


def test_flat_gold_has_no_joined_measures():
    result = score([GoldArticle("p", "He left.", (Attributed(source=((0, 2),)),), linked=False)], lambda _: [])
    assert list(result.totals) == ["source", "cue", "content"]
    assert result.without_content == 0


def test_gold_without_content_is_left_out_and_said():
    result = score([GoldArticle("p", "He spoke.", (Attributed(source=((0, 2),), cue=((3, 8),)),))], lambda _: [])
    assert result.without_content == 1
    assert result.totals["joined"] == PRF()
    assert result.totals["cue"] == PRF(1, 0, 0)


def test_a_text_that_cannot_be_read_counts_as_empty_and_is_named():
    def read(text):
        if text == FERRY.text:
            raise ArticleError("only links", item="ferry")
        return ANSWERS[text]

    result = score([FERRY, MINE], read)
    assert result.failures == (("ferry", "ferry: only links"),)
    assert result.totals["content"] == PRF(3, 2, 2)


def test_a_missing_model_is_no_score():
    def read(_):
        raise ModelError("no model file in the package")

    with pytest.raises(ModelError):
        score([FERRY], read)


def test_the_variant_is_read_and_the_digest_stays():
    seen = []
    plain = score([FERRY], lambda text: seen.append(text) or ())
    single = score([FERRY], lambda text: seen.append(text) or (), variant="single-quotes")
    assert seen == [FERRY.text, "The ferry union said ‘no ship will sail’ today."]
    assert plain.digest == single.digest
    assert "|variant:single-quotes|" in single.signature


@given(st.text(st.sampled_from("“”\"‘’'«»„a \n")))
def test_single_quotes_moves_nothing(text):
    single = single_quotes(text)
    assert len(single) == len(text)
    assert not set(single) & set('“”"')
    assert all(b == a or (a, b) in {("“", "‘"), ("”", "’"), ('"', "'")} for a, b in zip(text, single, strict=True))
    assert all(len(change(text)) == len(text) for change in VARIANTS.values())


def test_passages_of_one_article_are_drawn_together():
    one, other = (GoldArticle(f"p{n}", "He left.", (Attributed(content=((0, 2),)),), story="s") for n in range(2))
    answers = iter([[Attributed(content=((0, 2),))], []])
    result = score([one, other], lambda _: next(answers))
    interval = result.interval("content")
    assert interval.low == interval.high == result.totals["content"].f1


def test_the_json_form_is_json():
    data = json.loads(json.dumps(score([FERRY, MINE], lambda _: []).to_json()))
    assert data["texts"] == 2
    assert data["measures"]["content"]["gold"] == 3
    assert data["measures"]["content"]["f1"] == 0
    assert data["signature"].count("|") == 8


def test_a_signature_keeps_its_shape_whatever_the_names():
    result = score([FERRY], lambda _: [], corpus="a|b\nc", maker=lambda: Maker(reader="x|y"))
    assert result.signature.startswith("a/b c|docs:1|")
    assert "|reader:x/y|model:?|engine:?|onrecord:?" in result.signature

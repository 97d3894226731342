"""Mentions from outside, pairs of them, and the stretches that can be one."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.mentions import FORMS, Setting, describe_mentions, form_of, head_of, words_of
from onrecord.actors.pairs import PAIR_FEATURES, pair_features
from onrecord.actors.spans import LONGEST, candidate_spans, width_bucket
from onrecord.reading.sentences import Sentences, find_sentences


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("He", "he"), ("their", "they"), ("which", "this"), ("Ana Sousa", "name"), ("the foreign minister", "definite"), ("a source", "indefinite"),
        ("officials", "bare"), ("his wife", "definite"), ("Putin's ambassador to London, Andrey Kelin", "name"), ("2,000 people", "indefinite"), ("", "bare"), ("—", "bare"),
    ],
)  # fmt: skip
def test_the_form_of_a_mention(words: str, form: str) -> None:
    assert FORMS[form_of(words)] == form


def test_the_head_stands_before_what_it_is_of() -> None:
    assert head_of(words_of("the minister of health")) == "minister"
    assert head_of(words_of("Ana Sousa")) == "Sousa"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Hale met Gen. Orsk in the U.S. on Monday. It rained.", ["Mr. Hale met Gen. Orsk in the U.S. on Monday.", "It rained."]),
        ('"Why?" she asked. "No."', ['"Why?" she asked.', '"No."']),
        ("It cost 3.5 million. Really?! Yes", ["It cost 3.5 million.", "Really?!", "Yes"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    spans = [(0, len(text))] if text else []
    assert [text[s:e] for s, e in find_sentences(text, spans)] == sentences


TEXTS = st.text(st.sampled_from("aB é.'’\"?!,\n-$1 "), max_size=60)


@given(TEXTS)
def test_sentences_cover_every_character_but_white_space(text: str) -> None:
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S", text)]
    covered = np.zeros(len(text), dtype=bool)
    for s, e in find_sentences(text, spans):
        assert not covered[s:e].any()
        covered[s:e] = True
    for s, e in spans:
        assert all(covered[k] or text[k].isspace() for k in range(s, e))


@given(TEXTS)
def test_any_text_has_candidates_and_pairs_in_their_buckets(text: str) -> None:
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S", text)]
    pieces = np.array([(m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)], dtype=np.int64).reshape(-1, 2)
    sentences = Sentences(text, spans)
    candidates = candidate_spans(text, pieces, sentences)
    assert ((candidates[:, 1] - candidates[:, 0] >= 1) & (candidates[:, 1] - candidates[:, 0] <= LONGEST)).all()
    assert ((width_bucket(candidates) >= 0) & (width_bucket(candidates) < 8)).all()
    offsets = np.stack([pieces[candidates[:, 0], 0], pieces[candidates[:, 1] - 1, 1]], axis=1) if len(candidates) else np.zeros((0, 2), dtype=np.int64)
    m = describe_mentions(text, offsets, Setting(sentences, [s for s, _ in spans], [], [([(0, 5)], [(6, 9)])]))
    features = pair_features(m, np.arange(len(m)), np.arange(len(m)))
    assert features.shape == (len(m), len(m), len(PAIR_FEATURES))
    for k, size in enumerate(PAIR_FEATURES.values()):
        assert (features[..., k] >= 0).all()
        assert (features[..., k] < size).all()


def test_pairs_know_speakers_and_shared_words() -> None:
    text = '"I saw it," said Ana Sousa. Sousa left.'
    offsets = np.array([(text.index(w), text.index(w) + len(w)) for w in ("I saw", "Ana Sousa")] + [(text.rindex("Sousa"), text.rindex("Sousa") + 5)])
    offsets[0, 1] = offsets[0, 0] + 1
    setting = Setting(Sentences(text, [(0, len(text))]), [0], [(0, 11)], [([(0, 11)], [(17, 26)])])
    m = describe_mentions(text, offsets, setting)
    names = list(PAIR_FEATURES)
    pair = pair_features(m, np.array([1]), np.array([0]))[0, 0]
    assert pair[names.index("statements")] // len(FORMS) == 2
    pair = pair_features(m, np.array([2]), np.array([1]))[0, 0]
    assert pair[names.index("words")] // 4 == 2

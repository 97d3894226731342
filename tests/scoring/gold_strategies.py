"""Random texts and attributions, for the tests of scoring."""

from __future__ import annotations

from hypothesis import strategies as st

from onrecord.scoring.gold import GoldArticle
from onrecord.scoring.spans import Attributed

texts = st.text(st.characters(exclude_characters="⟦⟧", exclude_categories=("Cs",)) | st.sampled_from(" \n“”\"'‘’.aé👩‍"), min_size=1, max_size=60)


@st.composite
def offsets(draw, length):
    start = draw(st.integers(0, length - 1))
    return start, draw(st.integers(start + 1, length))


def attributions(length, *, least_content=0):
    few = st.lists(offsets(length), max_size=2).map(tuple)
    return st.builds(Attributed, source=few, cue=few, content=st.lists(offsets(length), min_size=least_content, max_size=2).map(tuple))


@st.composite
def sides(draw, *, most=4):
    """A text, the gold in it, and a prediction."""
    text = draw(texts)
    return text, *(draw(st.lists(attributions(len(text)), max_size=most)) for _ in range(2))


@st.composite
def nested_articles(draw):
    """An article whose spans nest or stand apart, as marks can show them: each attribution has content, no span twice in one role."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = _nested(draw, cuts)
    if not spans:
        return GoldArticle("a", text, (), story="a", metadata=(("id", "a"),))
    pieces = st.lists(st.sampled_from(spans), max_size=3).map(_apart)
    made = draw(st.lists(st.builds(Attributed, source=pieces, cue=pieces, content=pieces.filter(bool)), max_size=4))
    return GoldArticle("a", text, tuple(made), story="a", metadata=(("id", "a"), ("outlet", "The Velden Courier")))


def _nested(draw, cuts):
    if len(cuts) < 2:
        return []
    middle = draw(st.integers(1, len(cuts) - 1))
    return [(cuts[0], cuts[-1]), *_nested(draw, cuts[1 : middle + 1]), *_nested(draw, cuts[middle:-1])]


def _apart(spans):
    """Of some spans, those that overlap none before them: pieces of one span do not overlap."""
    kept = []
    for start, end in spans:
        if all(end <= s or e <= start for s, e in kept):
            kept.append((start, end))
    return tuple(sorted(kept))

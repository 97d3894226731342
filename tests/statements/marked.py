"""A reading made by hand: marked text in, what a perfect model would compute out.

Marks: `{s1:…}`, `{c1:…}`, `{t1:…}` are source, cue and content of attribution 1.
"""

import re

import numpy as np

from onrecord.articles import Article, read_article
from onrecord.models import Manifest
from onrecord.reading.marks import find_quoted
from onrecord.reading.reader import Reading, Stream, Window
from onrecord.sources.document import OWN_TEXT, Document
from onrecord.statements import Statement, find_statements

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
ROLES = {"s": 1, "c": 3, "t": 5}
WIDTH = 16
_MARK = re.compile(r"\{([sct])(\d):|\}")


def parse(marked: str) -> tuple[str, list[tuple[str, int, int, int]]]:
    text, spans, at, open_ = "", [], 0, []
    for m in _MARK.finditer(marked):
        text += marked[at : m.start()]
        at = m.end()
        if m[0] == "}":
            role, number, start = open_.pop()
            spans.append((role, number, start, len(text)))
        else:
            open_.append((m[1], int(m[2]), len(text)))
    return text + marked[at:], spans


def manifest() -> Manifest:
    return Manifest(
        folder=None, name="made", version="0", form="fp32", license="CC0-1.0", corpora=(), files={}, tags=TAGS, features="features.v1", window=256, link_width=WIDTH,
        transitions=np.zeros((7, 7), np.float32), start=np.zeros(7, np.float32), no_link=np.eye(2, WIDTH, dtype=np.float32) * 4,
    )  # fmt: skip


def reading_of(marked: str) -> tuple[Article, Reading]:
    text, spans = parse(marked)
    article = read_article(Document(text.encode(), OWN_TEXT, media_type="text/plain", charset="utf-8"))
    paragraphs = article.revision.paragraphs
    offsets = [(m.start() + p.start, m.end() + p.start) for p in paragraphs for m in re.finditer(r"\w+|[^\w\s]", text[p.start : p.end])]
    emissions = np.zeros((len(offsets), 7), np.float32)
    emissions[:, 0] = 6
    links = np.zeros((len(offsets), 4, WIDTH), np.float16)
    links[:, 0, 0] = links[:, 3, 1] = 4  # by itself, a content has no cue and a cue no source
    for role, number, start, end in spans:
        inside = [i for i, (s, e) in enumerate(offsets) if start <= s and e <= end]
        emissions[inside, ROLES[role] + 1] = 12
        emissions[inside[0], ROLES[role]] = 24
        axis = 2 + number
        for slot in {"t": (0,), "c": (1, 3), "s": (2,)}[role]:
            links[inside, slot] = 0
            links[inside, slot, axis] = 12
    window = Window(0, len(offsets), 0, len(offsets), links)
    quoted = tuple(find_quoted(text, [(p.start, p.end) for p in paragraphs]))
    stream = Stream(paragraphs, np.array(offsets), emissions, (window,), quoted, np.zeros((len(offsets), 0), dtype=np.float16))
    return article, Reading(article.revision.id, "made-0", manifest(), (stream,))


def statements_of(marked: str) -> tuple[Statement, ...]:
    return find_statements(*reading_of(marked))

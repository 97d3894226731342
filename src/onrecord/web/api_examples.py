"""One example of each object of the API; the people and papers are invented."""

from __future__ import annotations

from typing import Any

__all__ = ["EXAMPLES"]

_ACTOR, _OTHER = "a1:4f0c9a1be2d37c55e801", "a1:9d20b7e41c6f83aa5d12"
_WHERE = {
    "id": "n1:5be0c47d21a98f3360aa", "source": "https://kestrel.example/harbour-levy", "url": "https://kestrel.example/harbour-levy",
    "outlet": "The Kestrel", "title": "Harbour levy divides the council", "published": "2026-03-09T08:30:00+00:00", "seen": "2026-03-09T09:00:00+00:00",
}  # fmt: skip
_STATEMENT = {
    "id": "s1:86f57177353b8ace351c", "revision": "r1:10afc43310c5f469a816",
    "content": [{"start": 52, "end": 95, "exact": "the levy will not rise before the next year"}], "cue": [{"start": 40, "end": 44, "exact": "said"}],
    "source": [{"start": 22, "end": 39, "exact": "Mayor Ilsa Brandt"}], "kind": "indirect", "score": 0.9412, "reader": "en-1.1.0",
    "speaker": {"id": _ACTOR, "name": "Ilsa Brandt", "type": "person", "candidates": []}, "article": _WHERE, "shown": True, "verdict": None,
    "actor": {"id": _ACTOR, "name": "Ilsa Brandt"}, "quotation": "q1:2caa3c2fbe72a0a3d6ea", "act_stands": "promise", "corrected": None,
    "context": {"before": "Mayor Ilsa Brandt said ", "after": "."},
}  # fmt: skip
_WHO = {"id": _ACTOR, "name": "Ilsa Brandt", "type": "person", "country": None, "organization": None}
_ISSUE = {"id": "harbour-levy", "label": "A higher harbour levy", "aliases": ["levy"], "for": "raising the levy", "against": "leaving the levy as it is"}
_PAGES = {"first": 1, "last": 1, "total": 1, "previous": None, "next": None}
_CELL = {
    "who": _WHO, "issue": "harbour-levy", "stance": "oppose", "statements": 3, "counts": {"oppose": 2, "neutral": 1}, "first": "2026-03-02",
    "last": "2026-03-09", "before": None, "trend": 0, "mixed": False, "disputed": 0, "by_hand": 1, "reported": {}, "evidence": 12409888571400, "members": [],
    "period": None,
}  # fmt: skip

EXAMPLES: dict[str, dict[str, Any]] = {
    "Statement": _STATEMENT,
    "Evidence": {
        "key": 12409888571400, "issue": "harbour-levy", "stance": "oppose", "score": 0.7312, "day": "2026-03-09", "who": _WHO, "by_hand": False,
        "disputed": False, "reported": False, "counts": True, "words": _STATEMENT["content"][0]["exact"], "condition": [],  # type: ignore[index]
        "machine": {"issue": "harbour-levy", "stance": "oppose", "score": 0.7312, "condition": [], "holder": None, "coder": "positions-1.2.0"},
        "codings": [], "statement": _STATEMENT, "article": _WHERE,
    },
    "Matrix": {"issues": [_ISSUE], "rows": [_WHO], "cells": [_CELL], "periods": [], "total": 1},
    "Issue": {**_ISSUE, "retired": False, "actors": {"oppose": 2, "support": 1}, "last_shift": None},
    "Actor": {
        "id": _ACTOR, "name": "Ilsa Brandt", "type": "person", "country": None, "statements": 7, "names": ["Ilsa Brandt", "Mayor Brandt"], "ids": [_ACTOR],
        "outlets": {"The Kestrel": 5, "Halyard": 2}, "kinds": {"direct": 4, "indirect": 3},
    },
    "Article": {
        **_WHERE, "byline": "Pia Lund", "section": None, "updated": None, "language": "en", "language_score": 1.0, "conditions": [], "notes": [],
        "revision": _STATEMENT["revision"], "paragraphs": [{"start": 0, "end": 32, "kind": "headline"}], "wire": None, "copies": [],
        "revisions": [{"revision": _STATEMENT["revision"], "number": 1, "seen": _WHERE["seen"], "current": True}], "reader": "en-1.1.0",
        "part": {"number": 1, "of": 1, "start": 0, "end": 32}, "text": _WHERE["title"], "total": 1, "statements": [_STATEMENT],
    },
    "Quotation": {
        "id": "q1:2caa3c2fbe72a0a3d6ea", "total": 1, "outlets": ["The Kestrel"], "first": _STATEMENT, "reference": _STATEMENT["id"],
        "variants": [{"words": "the levy will not rise", "witnesses": [_STATEMENT["id"]]}], "statements": [_STATEMENT],
        "differences": [{"words": "the levy will not rise", "reference": True, "parts": [{"is": "same", "words": "the levy will not rise"}]}],
    },
    "Network": {
        "actors": [
            {"id": i, "name": n, "type": "person", "country": None, "camp": 1, "ties": 1, "weight": 2.0, "statements": 3}
            for i, n in ((_ACTOR, "Ilsa Brandt"), (_OTHER, "Pavel Ost"))
        ],
        "camps": [
            {"number": 1, "members": [_ACTOR, _OTHER], "sides": [{"issue": "harbour-levy", "stance": "oppose", "members": 2, "of": 2}]}
        ],
        "ties": [
            {"one": _ACTOR, "other": _OTHER, "tie": "congruence", "issues": 2, "shared": 2, "weight": 2.0,
             "evidence": f"/network/edge?a={_ACTOR}&b={_OTHER}"}
        ],
        "counts": {"congruence": 1, "conflict": 0, "issues": 2, "drawn": 1}, "looked_at": 2, "all_actors": 2, "pages": _PAGES, "filters": {}, "as_of": None,
    },
}  # fmt: skip

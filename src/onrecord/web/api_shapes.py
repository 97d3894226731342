"""Shapes of the objects that the API gives, as JSON Schema, with examples."""

from __future__ import annotations

from typing import Any

from onrecord.web.api_examples import EXAMPLES

__all__ = ["SCHEMAS", "ref"]

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_FLAG: dict[str, Any] = {"type": "boolean"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NUMBER: dict[str, Any] = {"type": "integer"}
_WHOLE: dict[str, Any] = {"type": ["integer", "null"]}
_OBJECT: dict[str, Any] = {"type": ["object", "null"]}
_TALLY: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_STANCE: dict[str, Any] = {"enum": ["support", "oppose", "conditional", "neutral"]}
_MAYBE_STANCE: dict[str, Any] = {"enum": [*_STANCE["enum"], None]}
_SCORE: dict[str, Any] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def ref(name: str) -> dict[str, Any]:
    """What leads to a shape."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": ref(name)}


def _maybe(name: str) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, ref(name)]}


def _several(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _object(said: str, needed: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {"type": "object", "description": said, "properties": {**needed, **more}, "required": list(needed)}


#: Shapes of the objects; each is what `to_json()` gives, and objects may have more than is named here.
SCHEMAS: dict[str, dict[str, Any]] = {
    "Span": _object("Characters of the stored text: code points, half-open.", {"start": _COUNT, "end": _COUNT, "exact": _TEXT}),
    "Speaker": _object(
        "Who said it, as the reader found. Unknown is a `type`, with who it may be in `candidates`.", {"name": _MAYBE, "type": _TEXT}, id=_MAYBE,
        candidates={"type": "array"},
    ),
    "Where": _object(
        "The text that a statement stands in.",
        {"id": _TEXT, "source": _TEXT, "url": _MAYBE, "outlet": _MAYBE, "title": _MAYBE, "published": _MAYBE, "seen": _TEXT},
    ),
    "Statement": _object(
        "One attribution, as on the command line: what was said, the words that attribute it, the speaker; with its article and what people judged of it.",
        {
            "id": {"type": "string", "examples": ["s1:3f0c"]}, "revision": _TEXT, "content": _list("Span"), "cue": _list("Span"), "source": _list("Span"),
            "kind": {"enum": ["direct", "indirect", "mixed"]}, "score": _SCORE, "reader": _TEXT, "article": ref("Where"), "shown": _FLAG, "verdict": _MAYBE,
            "actor": {"oneOf": [{"type": "null"}, _object("Who is taken for the speaker.", {"id": _TEXT, "name": _TEXT})]}, "quotation": _MAYBE,
            "act_stands": _MAYBE, "corrected": {"type": ["object", "null"]}, "context": _object("Words around it.", {"before": _TEXT, "after": _TEXT}),
        },
    ),
    "Pages": _object(
        "Where this page is in its list; `previous` and `next` are addresses of pages; the `Link` header gives those of their twins.",
        {"first": _COUNT, "last": _COUNT, "total": {"type": ["integer", "null"]}, "previous": _MAYBE, "next": _MAYBE},
    ),
    "Error": _object("What is wrong, with what, and what to do.", {"error": _TEXT, "item": _MAYBE, "hint": _MAYBE}, field=_MAYBE),
    "Done": _object("What an action did; `page` is where it is seen.", {"done": _TEXT, "page": _TEXT}),
    "Today": _object("What is new.", {"statements": _list("Statement"), "unresolved": _list("Statement"), "changed": {"type": "array"}}),
    "Search": _object(
        "What was found.",
        {"query": {}, "total": {"type": ["integer", "null"]}, "exact": {"type": ["boolean", "null"]}, "statements": _list("Statement"),
         "pages": {"oneOf": [{"type": "null"}, ref("Pages")]}},
    ),
    "Who": _object(
        "Somebody who takes positions: an actor, or a camp of actors, whose `id` is null.",
        {"id": _MAYBE, "name": _TEXT, "type": _TEXT, "country": _MAYBE, "organization": _MAYBE},
    ),
    "Position": _object(
        "A stance on one issue as one statement shows it; `condition` are the words of what must hold first, `holder` whom the speaker reports.",
        {"issue": _TEXT, "stance": _STANCE, "score": _SCORE, "condition": _list("Span"), "holder": _OBJECT, "coder": _TEXT},
    ),
    "Evidence": _object(
        "A position with everything that shows it. `stance` is what stands, a person's before the machine's; null where coders differ, or there is none.",
        {
            "key": _COUNT, "issue": _TEXT, "stance": _MAYBE_STANCE, "score": _SCORE, "day": _TEXT, "who": ref("Who"), "by_hand": _FLAG, "disputed": _FLAG,
            "reported": _FLAG, "counts": _FLAG, "words": _MAYBE, "condition": _list("Span"), "machine": _maybe("Position"),
            "codings": _several({"type": "object"}), "statement": _maybe("Statement"), "article": ref("Where"),
        },
    ),
    "Cell": _object(
        "Where one row of the matrix stands on one issue. `counts` is how many statements take which side; `evidence` is the key of what shows it best.",
        {
            "who": ref("Who"), "issue": _TEXT, "stance": _MAYBE_STANCE, "statements": _COUNT, "counts": _TALLY, "first": _MAYBE, "last": _MAYBE,
            "before": _MAYBE_STANCE, "trend": {"enum": [-1, 0, 1]}, "mixed": _FLAG, "disputed": _COUNT, "by_hand": _COUNT, "reported": _TALLY,
            "evidence": _WHOLE, "members": _list("Who"), "period": _MAYBE,
        },
    ),
    "Matrix": _object(
        "Actors, or camps, by issues: only the cells in which something was said. With `every`, `periods` has where each stood in each week or month.",
        {"issues": _list("Issue"), "rows": _list("Who"), "cells": _list("Cell"), "periods": _list("Period")}, total=_WHOLE,
    ),
    "Period": _object(
        "Where a row stood on an issue in one week or month, by its first day; `mixed` if what was said differs, `other` if nothing of it takes a stance.",
        {"who": ref("Who"), "issue": _TEXT, "from": _TEXT, "stance": {"enum": [*_STANCE["enum"], "mixed", "other"]}},
    ),
    "Issue": _object(
        "Something that one can be for or against. In lists with how many actors stand where; on its own with the version, and who worded it so and when.",
        {"id": _TEXT, "label": _TEXT}, aliases=_several(_TEXT), retired=_FLAG, actors=_TALLY, last_shift=_OBJECT, version={"type": "integer", "minimum": 1},
        digest=_TEXT, by=_TEXT, on=_TEXT, note=_MAYBE, **{"for": _TEXT, "against": _TEXT},
    ),
    "Issues": _object(
        "The agenda, and who stands where.",
        {"issues": _list("Issue"), "matrix": ref("Matrix"), "pages": ref("Pages"), "filters": {"type": "object"}, "as_of": _MAYBE},
    ),
    "IssuePage": {
        "description": "An issue with who stands where on it, when that changed, and the positions that show it.",
        "allOf": [
            ref("Issue"),
            _object(
                "What is known of it.",
                {
                    "versions": _list("Issue"), "matrix": ref("Matrix"), "countries": ref("Matrix"), "timeline": {"type": "object"},
                    "shifts": _several({"type": "object"}), "conditions": _list("Evidence"), "positions": _list("Evidence"), "pages": ref("Pages"),
                    "filters": {"type": "object"}, "as_of": _MAYBE,
                },
            ),
        ],
    },
    "Actor": _object(
        "Somebody who is quoted. In lists only what is always there; on its own with all names and ids, and counts by outlet and kind.",
        {"id": _TEXT, "name": _TEXT, "type": _TEXT, "country": _MAYBE, "statements": _COUNT}, names=_several(_TEXT), ids=_several(_TEXT), outlets=_TALLY,
        kinds=_TALLY,
    ),
    "Actors": _object("Who was found; `close` are names like what was asked.", {"actors": _list("Actor"), "close": _several(_TEXT), "pages": ref("Pages")}),
    "ActorPage": {
        "description": "An actor with roles and names, where it stands, and what it said.",
        "allOf": [
            ref("Actor"),
            _object(
                "What is known of it.",
                {
                    "names": _several(_TEXT), "ids": _several(_TEXT), "portrait": {"type": "object"},
                    "cites": _several({"type": "object"}), "cited_by": _several({"type": "object"}),
                    "stands": _list("Cell"), "shifts": _several({"type": "object"}), "decisions": _several({"type": "object"}),
                    "histogram": {"type": "object"}, "said": _list("Statement"), "pages": ref("Pages"),
                },
            ),
        ],
    },
    "Listed": _object(
        "An article in a list, by the text seen last.",
        {"id": _TEXT, "revision": _TEXT, "source": _TEXT, "url": _MAYBE, "outlet": _MAYBE, "title": _MAYBE, "published": _MAYBE, "seen": _TEXT,
         "statements": _COUNT},
    ),
    "Articles": _object("Articles that were found.", {"articles": _list("Listed"), "pages": ref("Pages")}),
    "Article": _object(
        "An article: metadata, a part of its text, and the statements there. Offsets of statements and paragraphs are of the whole text; `part` says which "
        "characters `text` has.",
        {
            "id": _TEXT, "source": _TEXT, "url": _MAYBE, "outlet": _MAYBE, "title": _MAYBE, "byline": _MAYBE, "section": _MAYBE, "published": _MAYBE,
            "updated": _MAYBE, "language": _MAYBE, "language_score": _SCORE, "conditions": {"type": "array"}, "notes": {"type": "array"}, "revision": _TEXT,
            "paragraphs": _several(_object("Characters of one.", {"start": _COUNT, "end": _COUNT, "kind": _TEXT})), "wire": _MAYBE,
            "copies": _several({"type": "object"}),
            "revisions": _several(_object("A text that it had.", {"revision": _TEXT, "number": _NUMBER, "seen": _TEXT, "current": _FLAG})), "reader": _MAYBE,
            "part": _object("Which part of how many.", {"number": _COUNT, "of": _COUNT, "start": _COUNT, "end": _COUNT}), "text": _TEXT, "total": _COUNT,
            "statements": _list("Statement"),
        },
    ),
    "Quotation": _object(
        "One saying and every text that carried it. `variants` are its wordings, with the ids of the statements that have each; `differences` is what each "
        "changed of the longest, `reference`.",
        {
            "id": _TEXT, "total": _COUNT, "outlets": _several(_TEXT), "first": _maybe("Statement"), "reference": _MAYBE,
            "variants": _several(_object("A wording.", {"words": _TEXT, "witnesses": _several(_TEXT)})), "statements": _list("Statement"),
            "differences": _several(
                _object(
                    "A wording against the longest.",
                    {"words": _TEXT, "reference": _FLAG,
                     "parts": _several(_object("Some words.", {"is": {"enum": ["same", "ins", "del"]}, "words": _TEXT}))},
                )
            ),
        },
    ),
    "Quotations": _object(
        "Those that most texts carried.",
        {"quotations": _several(_object("One, by its longest wording.", {"id": _TEXT, "texts": _COUNT, "reference": ref("Statement")})), "pages": ref("Pages")},
    ),
    "Network": _object(
        "Actors joined by ties: of congruence where they take the same side, of conflict where they take opposite ones. `evidence` leads to what shows a tie.",
        {
            "actors": _several(
                _object(
                    "Somebody with a tie.",
                    {"id": _TEXT, "name": _TEXT, "type": _TEXT, "country": _MAYBE, "camp": _WHOLE, "ties": _COUNT, "weight": {"type": "number"},
                     "statements": _COUNT},
                )
            ),
            "camps": _several(
                _object("Those who agree more with each other.", {"number": _NUMBER, "members": _several(_TEXT), "sides": _several({"type": "object"})})
            ),
            "ties": _several(
                _object(
                    "Two actors, by id, and what joins them.",
                    {"one": _TEXT, "other": _TEXT, "tie": {"enum": ["congruence", "conflict"]}, "issues": _COUNT, "shared": _COUNT,
                     "weight": {"type": "number"}, "evidence": _TEXT},
                )
            ),
            "counts": _TALLY, "looked_at": _COUNT, "all_actors": _COUNT, "pages": ref("Pages"), "filters": {"type": "object"}, "as_of": _MAYBE,
        },
    ),
}  # fmt: skip
for _name, _example in EXAMPLES.items():
    SCHEMAS[_name]["examples"] = [_example]

"""Articles and entries to rows and back, exactly: what was filed is what comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from onrecord.actors import ActorType, Candidate, Intermediary, MentionForm, Reason, Speaker, Voice
from onrecord.articles.article import Article, Condition, Kind, Paragraph, Revision
from onrecord.entry import Entry
from onrecord.occasions import Occasion, When, Where
from onrecord.positions import Act, Bound, Coded, Holder, Horizon, Position, Quantity, Relation, Stance
from onrecord.statements.statement import Attribution, QuoteKind, Statement
from onrecord.text import Span

__all__ = [
    "JOINT",
    "article_of",
    "article_row",
    "condition_json",
    "condition_of",
    "content_of",
    "day_of",
    "dumped",
    "entry_of",
    "holder_json",
    "holder_of",
    "packed",
    "stamp",
    "statement_row",
]

#: Between the parts of a content that is not in one piece.
JOINT = " … "


def stamp(moment: datetime) -> str:
    """A moment in UTC, ISO 8601; text of one length, so that its order is that of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def dumped(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    """Compact JSON; lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def content_of(statement: Statement) -> str:
    """What was said, in one line."""
    return JOINT.join(s.exact for s in statement.content)


# Articles ---------------------------------------------------------------------------------------------------------------------------


def article_row(article: Article) -> dict[str, Any]:
    """The columns of `revisions` that an article fills."""
    return {
        "id": article.revision.id,
        "title": article.title,
        "byline": article.byline,
        "section": article.section,
        "published": article.published.isoformat() if article.published else None,
        "published_precision": article.published_precision,
        "updated": article.updated.isoformat() if article.updated else None,
        "updated_precision": article.updated_precision,
        "outlet": article.outlet,
        "language": article.language,
        "language_score": article.language_score,
        "conditions": dumped([str(c) for c in article.conditions]) if article.conditions else None,
        "notes": dumped(list(article.notes)) if article.notes else None,
        "paragraphs": dumped([[p.start, p.end, str(p.kind)] for p in article.revision.paragraphs]),
        "text": article.revision.text,
    }


def article_of(row: Mapping[str, Any], *, source: str, url: str | None) -> Article:
    """An article out of a row of `revisions` and its article's address."""
    paragraphs = tuple(Paragraph(s, e, Kind(k)) for s, e, k in json.loads(row["paragraphs"]))
    return Article(
        Revision(row["text"], paragraphs),
        source=source,
        url=url,
        outlet=row["outlet"],
        title=row["title"],
        byline=row["byline"],
        section=row["section"],
        published=_datetime(row["published"]),
        published_precision=row["published_precision"],
        updated=_datetime(row["updated"]),
        updated_precision=row["updated_precision"],
        language=row["language"],
        language_score=row["language_score"],
        conditions=tuple(Condition(c) for c in json.loads(row["conditions"] or "[]")),
        notes=tuple(json.loads(row["notes"] or "[]")),
    )


def _datetime(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def day_of(article: Article, seen: datetime) -> date:
    """The day that a statement is filed under: of publication, else of the day it was seen."""
    return article.published.date() if article.published else seen.astimezone(UTC).date()


# Entries ----------------------------------------------------------------------------------------------------------------------------

_Pair = Sequence[int]


def packed(entry: Entry) -> str:
    """An entry as compact JSON: offsets without their words, which the text has; fields that hold nothing are left out."""
    s, v, o = entry.statement, entry.voice, entry.occasion
    row: dict[str, Any] = {
        "c": _pairs(s.content),
        "u": _pairs(s.cue),
        "s": _pairs(s.source),
        "a": str(s.attribution),
        "v": _pairs(s.verbatim),
        "i": _pairs(s.insertions),
        "p": s.paragraph,
        "f": s.score,
        "w": _speaker(v.speaker),
        "h": [_between(i) for i in v.chain],
        "d": _between(v.addressee) if v.addressee else None,
        "t": [_pair(o.when.basis), o.when.reason],
        "l": _place(o.where),
        "e": [str(entry.act.act), entry.act.score, entry.act.coder] if entry.act else None,
        "o": [_position(p) for p in entry.positions],
        "q": [_quantity(q) for q in entry.quantities],
        "z": [[_pair(h.span), h.edtf, str(h.relation)] for h in entry.horizons],
    }
    return dumped({k: x for k, x in row.items() if x not in (None, [], ())})


def statement_row(entry: Entry) -> dict[str, Any]:
    """The columns of `statements` that an entry fills."""
    statement, speaker = entry.statement, entry.speaker
    return {
        "id": statement.id,
        "speaker": speaker.name,
        "speaker_type": str(speaker.type),
        "country": speaker.country,
        "kind": str(statement.kind),
        "content": content_of(statement),
        "said_on": entry.said_on,
        "score": float(statement.score),
        "act": str(entry.act.act) if entry.act else None,
        "act_score": float(entry.act.score) if entry.act else None,
        "entry": packed(entry),
    }


def entry_of(packed: str, *, text: str, revision: str, kind: str, said_on: str | None, reader: str) -> Entry:
    """An entry out of its compact form and the columns beside it.

    Raises:
        StatementError: The text does not hold the characters.
    """
    row: dict[str, Any] = json.loads(packed)

    def spans(key: str) -> tuple[Span, ...]:
        return tuple(Span.of(text, a, b) for a, b in row.get(key, ()))

    statement = Statement(
        revision,
        spans("c"),
        spans("u"),
        spans("s"),
        QuoteKind(kind),
        Attribution(row["a"]),
        spans("v"),
        spans("i"),
        row["p"],
        row["f"],
        reader,
    )
    voice = Voice(_speaker_of(row["w"], text), tuple(_between_of(i, text) for i in row.get("h", ())), _between_of(row["d"], text) if "d" in row else None)
    basis, reason = row["t"]
    venue, place, sense = row.get("l", (None, None, None))
    occasion = Occasion(When(said_on, _span(basis, text), reason), Where(_span(venue, text), _span(place, text), sense))
    act = Coded(Act(row["e"][0]), row["e"][1], row["e"][2]) if "e" in row else None
    quantities = tuple(_quantity_of(q, text) for q in row.get("q", ()))
    horizons = tuple(Horizon(Span.of(text, *pair), when, Relation(relation)) for pair, when, relation in row.get("z", ()))
    return Entry(statement, voice, occasion, act, tuple(_position_of(p, text) for p in row.get("o", ())), quantities, horizons)


def _pairs(spans: Sequence[Span]) -> list[_Pair]:
    return [[s.start, s.end] for s in spans]


def _pair(span: Span | None) -> _Pair | None:
    return None if span is None else [span.start, span.end]


def _span(pair: _Pair | None, text: str) -> Span | None:
    return None if pair is None else Span.of(text, pair[0], pair[1])


def _reasons(reasons: Sequence[Reason]) -> list[Any]:
    return [[r.text, r.weight] if r.weight is not None else r.text for r in reasons]


def _reasons_of(rows: Sequence[Any]) -> tuple[Reason, ...]:
    return tuple(Reason(r) if isinstance(r, str) else Reason(r[0], r[1]) for r in rows)


_SPANS = ("span", "role", "organization", "country_basis", "ground", "author", "recipient", "obtained")


def _speaker(speaker: Speaker) -> dict[str, Any]:
    row: dict[str, Any] = {"id": speaker.id, "name": speaker.name, "type": str(speaker.type), "mention": str(speaker.mention), "score": speaker.score}
    row |= {key: _pair(getattr(speaker, key)) for key in _SPANS}
    row |= {"country": speaker.country, "number": speaker.number, "members": list(speaker.members)}
    row["candidates"] = [[c.name, str(c.type), c.score, _pair(c.span), _reasons(c.reasons)] for c in speaker.candidates]
    row["reasons"] = _reasons(speaker.reasons)
    return {k: x for k, x in row.items() if x not in (None, [])}


def _speaker_of(row: Mapping[str, Any], text: str) -> Speaker:
    candidates = [
        Candidate(name, ActorType(type_), score, Span.of(text, *pair), _reasons_of(reasons)) for name, type_, score, pair, reasons in row.get("candidates", ())
    ]
    return Speaker(
        id=row.get("id"),
        name=row.get("name"),
        type=ActorType(row["type"]),
        mention=MentionForm(row["mention"]),
        score=row["score"],
        country=row.get("country"),
        number=row.get("number"),
        members=tuple(row.get("members", ())),
        candidates=tuple(candidates),
        reasons=_reasons_of(row.get("reasons", ())),
        **{key: _span(row.get(key), text) for key in _SPANS},
    )


def _between(one: Intermediary) -> list[Any]:
    return [one.name, str(one.type), _pair(one.span)]


def _between_of(row: Sequence[Any], text: str) -> Intermediary:
    return Intermediary(row[0], ActorType(row[1]), Span.of(text, *row[2]))


def _place(where: Where) -> list[Any] | None:
    row = [_pair(where.venue), _pair(where.place), where.kind]
    return None if row == [None, None, None] else row


def condition_json(condition: Sequence[Span]) -> str | None:
    """What must hold first, as the tables of positions and codings have it."""
    return dumped(_pairs(condition)) if condition else None


def condition_of(packed: str | None, text: str) -> tuple[Span, ...]:
    """The spans again."""
    return tuple(Span.of(text, *pair) for pair in json.loads(packed or "[]"))


def holder_json(holder: Holder | None) -> str | None:
    """Whose position is reported, likewise."""
    return dumped(_holder(holder)) if holder else None


def holder_of(packed: str | None, text: str) -> Holder | None:
    """The holder again."""
    return _holder_of(json.loads(packed), text) if packed else None


def _holder(holder: Holder | None) -> list[Any] | None:
    return None if holder is None else [holder.id, holder.name, holder.type, holder.span.start, holder.span.end]


def _holder_of(row: Sequence[Any] | None, text: str) -> Holder | None:
    return None if row is None else Holder(row[0], row[1], row[2], Span.of(text, row[3], row[4]))


def _position(position: Position) -> list[Any]:
    return [position.issue, str(position.stance), position.score, _pairs(position.condition), _holder(position.holder), position.coder]


def _position_of(row: Sequence[Any], text: str) -> Position:
    issue, stance, score, condition, holder, coder = row
    return Position(issue, Stance(stance), score, tuple(Span.of(text, *pair) for pair in condition), _holder_of(holder, text), coder)


def _quantity(quantity: Quantity) -> list[Any]:
    low, high = (None if n is None else str(n) for n in (quantity.low, quantity.high))
    return [_pair(quantity.span), low, high, quantity.unit, str(quantity.bound)]


def _quantity_of(row: Sequence[Any], text: str) -> Quantity:
    pair, low, high, unit, bound = row
    return Quantity(Span.of(text, *pair), None if low is None else Decimal(low), None if high is None else Decimal(high), unit, Bound(bound))

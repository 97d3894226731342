"""One line of the ledger: a statement with who said it, through whom, when and where, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from onrecord.actors import Speaker, Voice, find_cast
from onrecord.actors.judgements import Identity
from onrecord.actors.roster import Roster
from onrecord.articles.article import Article
from onrecord.occasions import Occasion, find_occasions
from onrecord.positions import PLOVER, Agenda, Coded, Horizon, Position, Quantity, find_figures
from onrecord.positions.coder import Coder
from onrecord.positions.money import dollar_of
from onrecord.reading.reader import Reading
from onrecord.statements import Statement

__all__ = ["Entry", "entries_of", "with_figures"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement and what is known of the speaking. Every cell points at its characters or is None."""

    statement: Statement
    #: Who said it, through whom, to whom.
    voice: Voice
    #: When and where.
    occasion: Occasion
    #: What is done by saying it, as a machine codes it; None if none did.
    act: Coded | None = None
    #: Where the speaker, or whom they speak of, stands on the issues of an agenda, as a machine codes it; at most one an issue and holder.
    positions: tuple[Position, ...] = ()
    #: The figures in what was said.
    quantities: tuple[Quantity, ...] = ()
    #: The dates that it looks to.
    horizons: tuple[Horizon, ...] = ()

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def speaker(self) -> Speaker:
        """Who said it."""
        return self.voice.speaker

    @property
    def said_on(self) -> str | None:
        """When, as EDTF."""
        return self.occasion.when.edtf

    @property
    def horizon(self) -> Horizon | None:
        """The date that what was said waits for last; one that hangs on an event if there is no other."""
        return max(self.horizons, key=lambda h: h.due or date.min, default=None)

    def to_json(self) -> dict[str, Any]:
        """The statement in the JSON form that every command, export and API shares."""
        when, where, voice = self.occasion.when, self.occasion.where, self.voice
        return {
            **self.statement.to_json(),
            "act": str(self.act.act) if self.act else None,
            "act_score": round(self.act.score, 4) if self.act else None,
            "act_coder": self.act.coder if self.act else None,
            "plover": PLOVER[self.act.act] if self.act else None,
            "positions": [p.to_json() for p in self.positions],
            "quantities": [q.to_json() for q in self.quantities],
            "horizons": [h.to_json() for h in self.horizons],
            "speaker": voice.speaker.to_json(),
            "chain": [i.to_json() for i in voice.chain],
            "addressee": voice.addressee.to_json() if voice.addressee else None,
            "said_on": when.edtf,
            "said_on_basis": when.basis.exact if when.basis else None,
            "said_on_span": when.basis.to_json() if when.basis else None,
            "venue": where.venue.exact if where.venue else None,
            "venue_span": where.venue.to_json() if where.venue else None,
            "place": where.place.exact if where.place else None,
            "place_span": where.place.to_json() if where.place else None,
        }


def entries_of(
    article: Article,
    reading: Reading,
    statements: Sequence[Statement],
    *,
    roster: Roster | None = None,
    identity: Identity | None = None,
    coder: Coder | None = None,
    agenda: Agenda | None = None,
) -> tuple[Entry, ...]:
    """Find out who made each statement, when and where, what they did by it, and where they stand.

    Args:
        article: The article.
        reading: What a reader computed over the same revision.
        statements: Its statements, in order of their content.
        roster: Actors known from before.
        identity: Judgements of which of them are one.
        coder: What codes acts and positions; without it there are none.
        agenda: The issues to look for positions on.
    """
    cast = find_cast(article, reading, statements, roster=roster, identity=identity)
    occasions = find_occasions(article, statements, cast)
    bare = (Entry(s, v, o) for s, v, o in zip(statements, cast.voices, occasions, strict=True))
    entries = with_figures(article, bare, roster=roster)
    if coder is None:
        return entries
    codes = coder.code(article.revision.text, article.title, statements, cast.voices, agenda, names=cast.names)
    return tuple(replace(e, act=c.act, positions=c.positions) for e, c in zip(entries, codes, strict=True))


def with_figures(article: Article, entries: Iterable[Entry], *, roster: Roster | None = None) -> tuple[Entry, ...]:
    """Read the figures in statements, and the dates that they look to.

    Args:
        article: The article.
        entries: Its statements.
        roster: Actors known from before; of an outlet it says what a dollar is there.
    """
    text, dollar = article.revision.text, dollar_of(article.revision.text, _country(article, roster))
    out = []
    for entry in entries:
        when = entry.occasion.when
        spoken = [when.basis] if when.basis else []
        found = find_figures(text, entry.statement.content, said_on=when.edtf, published=article.published, dollar=dollar, skip=spoken)
        out.append(replace(entry, quantities=found[0], horizons=found[1]))
    return tuple(out)


def _country(article: Article, roster: Roster | None) -> str | None:
    """The outlet's country, if the roster knows the outlet."""
    if article.outlet is None or roster is None or "$" not in article.revision.text:
        return None
    return next((a.country for a in roster if article.outlet in a.names), None)

"""An actor known before an article is read: names, offices and their days, and the id they are known by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.actors.actor import ActorType
from onrecord.text import stable_id

__all__ = ["KnownActor", "RoleHeld", "actor_id"]


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """An office or trade of an actor, and when."""

    #: `defence secretary`, without whose.
    title: str
    #: First day, month or year, as in EDTF (`2024-07-05`, `2024-07`, `2024`); None: not known.
    start: str | None = None
    #: Last day, month or year; None: still, or not known.
    end: str | None = None
    #: Where: `Ministry of Defence`.
    organization: str | None = None

    def covers(self, on: date) -> bool | None:
        """Whether it was held on this day; None where the dates are too rough to say."""
        begun = _compare(self.start, on, missing=True)
        ended = _compare(self.end, on, missing=False, after=True)
        if begun is False or ended is True:
            return False
        return None if begun is None or ended is None else True


@dataclass(frozen=True, slots=True)
class KnownActor:
    """A canonical actor."""

    #: `a1:` and a hash; see `actor_id`.
    id: str
    #: The name to show.
    name: str
    type: ActorType
    #: Other names and spellings of the same actor.
    aliases: tuple[str, ...] = ()
    roles: tuple[RoleHeld, ...] = ()
    #: What it belongs to: a party, a ministry.
    organization: str | None = None
    #: ISO 3166-1 alpha-2; invented states use the codes left to users: `XA` to `XZ`.
    country: str | None = None
    #: `Q` and digits.
    wikidata: str | None = None
    #: Id or name, in the same roster, of the actor it is a part of.
    parent: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name, then the aliases."""
        return (self.name, *self.aliases)


def actor_id(type: ActorType, name: str, *, wikidata: str | None = None, country: str | None = None) -> str:  # noqa: A002 - the word of the vocabulary
    """Name an actor: `a1:` and a hash of type, name and what tells it from namesakes: the Wikidata id, else the country, else nothing.

    Case and spacing of the name make no difference. A roster file may pin an id, so that a name can be mended and the id stays.
    """
    return stable_id("a1", str(type), " ".join(name.casefold().split()), wikidata or country or "")


def _compare(bound: str | None, on: date, *, missing: bool, after: bool = False) -> bool | None:
    """Whether a day is at or after a start (`after`: past an end); None where the bound is too rough. No bound: `missing`."""
    if bound is None or bound == "..":
        return missing
    years, *rest = bound.rstrip("~?%").split("-")
    day = on.isoformat()[: len("-".join([years, *rest]))]
    if day == bound.rstrip("~?%"):
        rough = not (len(rest) == _TO_THE_DAY and bound[-1].isdigit())
        return None if rough else not after
    return day > bound


_TO_THE_DAY = 2

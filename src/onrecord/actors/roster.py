"""The roster: actors known before an article is read, and which of them a mention means.

It answers with one actor or with none: two that fit are both named, and neither is chosen. Its two forms, YAML and CSV, are read and
written by `roster_files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from onrecord.actors.actor import ActorType
from onrecord.actors.known_actor import KnownActor, RoleHeld, actor_id
from onrecord.actors.matching import Match, NameIndex, compare_organizations
from onrecord.actors.roster_files import read_csv, read_yaml, write_csv, write_yaml
from onrecord.errors import UsageError

__all__ = ["Fit", "KnownActor", "Resolution", "RoleHeld", "Roster", "actor_id"]


@dataclass(frozen=True, slots=True)
class Fit:
    """An actor that a mention may mean."""

    actor: KnownActor
    #: 0 to 1; for an order, not a probability.
    score: float
    #: What speaks for it, and what against it.
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a mention means."""

    #: The one that fits; None unless `verdict` is `resolved`.
    actor: KnownActor | None
    #: All that were considered, best first.
    candidates: tuple[Fit, ...]
    #: `ambiguous`: more than one fits. `unknown`: none does well enough.
    verdict: Literal["resolved", "ambiguous", "unknown"]
    #: In words.
    reason: str


class Roster:
    """Known actors, and which of them a mention means.

    Raises:
        UsageError: Two actors with the same id, or a parent that is not there.
    """

    def __init__(self, actors: Iterable[KnownActor] = ()) -> None:
        self.actors = tuple(actors)
        self._by_id = {a.id: a for a in self.actors}
        self._by_name: dict[str, list[KnownActor]] = {}
        if len(self._by_id) < len(self.actors):
            twice = next(a for n, a in enumerate(self.actors) if a.id in {b.id for b in self.actors[:n]})
            raise UsageError("the same actor twice", item=twice.name, hint="join them, or tell them apart by wikidata or country")
        for actor in self.actors:
            for name in dict.fromkeys(actor.names):
                self._by_name.setdefault(name, []).append(actor)
        for actor in self.actors:
            if actor.parent is not None and actor.parent not in self._by_id and actor.parent not in self._by_name:
                raise UsageError(f"its parent is not in the roster: {actor.parent}", item=actor.name, hint="add it, or leave the field out")
        people = [n for a in self.actors if a.type is ActorType.PERSON for n in a.names]
        others = [n for a in self.actors if a.type is not ActorType.PERSON for n in a.names]
        self._people = NameIndex(people)
        self._others = NameIndex(others, compare=compare_organizations)

    def __iter__(self) -> Iterator[KnownActor]:
        return iter(self.actors)

    def __len__(self) -> int:
        return len(self.actors)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Roster) and self.actors == other.actors

    def __hash__(self) -> int:
        return hash(self.actors)

    @property
    def ids(self) -> KeysView[str]:
        """The ids of all actors."""
        return self._by_id.keys()

    def get(self, id: str) -> KnownActor | None:  # noqa: A002 - the word of the vocabulary
        """The actor of this id."""
        return self._by_id.get(id)

    def resolve(
        self,
        name: str | None,
        *,
        type: ActorType | None = None,  # noqa: A002 - the word of the vocabulary
        country: str | None = None,
        role: str | None = None,
        organization: str | None = None,
        on: date | None = None,
    ) -> Resolution:
        """Which actor is meant.

        A full name is enough, unless country or type contradict it. A part of a name needs the country, the organization or an office
        of that day to support it. An office alone needs country or organization, and dates that cover the day.

        Args:
            name: As it stands in the text; None where only an office is said.
            type: What it must be, if known.
            country: ISO code of the country the text gives it.
            role: The office that the text gives it, without whose.
            organization: The organization the text gives it.
            on: The day the text speaks of.
        """
        told = _Told(country, role, organization, on)
        if name is None:
            found = [c for a in self.actors if type in (None, ActorType.UNKNOWN, a.type) and (c := told.office(a)) is not None]
            return _decide(found)
        matches = self._named(name)
        found = [told.named(self._by_id[i], match) for i, match in matches.items() if type in (None, ActorType.UNKNOWN, self._by_id[i].type)]
        return _decide(found)

    def _named(self, name: str) -> dict[str, Match]:
        """Id -> the best match among its names."""
        best: dict[str, Match] = {}
        for index, people in ((self._people, True), (self._others, False)):
            for known, match in index.matches(name):
                for actor in self._by_name[known]:
                    if (actor.type is ActorType.PERSON) is people:
                        best.setdefault(actor.id, match)
        return best

    @classmethod
    def from_yaml(cls, text: str, *, source: str = "roster") -> Self:
        """Read YAML: a list of actors, or `actors:` and the list.

        Raises:
            UsageError: Something in it is wrong; says the line, the field and what to do.
        """
        return cls(read_yaml(text, source=source))

    @classmethod
    def from_csv(cls, text: str, *, source: str = "roster") -> Self:
        r"""Read CSV with a header. Several aliases or roles stand in one cell with `;` between them, the parts of a role with `|`.

        A role is `title|start|end|organization`; a backslash before `;`, `|` or itself takes their meaning away.

        Raises:
            UsageError: Something in it is wrong; says the line, the field and what to do.
        """
        return cls(read_csv(text, source=source))

    def to_yaml(self) -> str:
        """As YAML; `from_yaml` gives the same roster back."""
        return write_yaml(self.actors)

    def to_csv(self) -> str:
        """As CSV; `from_csv` gives the same roster back."""
        return write_csv(self.actors)


# Deciding ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What the text says besides the name."""

    country: str | None
    role: str | None
    organization: str | None
    on: date | None

    def named(self, actor: KnownActor, match: Match) -> Fit:
        """How well an actor whose name agrees fits."""
        office, about_office, _ = self._of_office(actor)
        # Newspapers go on saying `prime minister`: an office of another day does not speak against a name, it only does not speak for it.
        said = (self._of_country(actor), self._of_organization(actor), (office or None, about_office))
        reasons = (f"name: {match.reason}", *(reason for _, reason in said if reason))
        if any(found is False for found, _ in said):
            return Fit(actor, round(_CONTRADICTED * match.score, 3), reasons)
        support = sum(found is True for found, _ in said)
        if match.verdict == "same":
            return Fit(actor, round(0.88 * match.score + 0.04 * support, 3), reasons)
        if not support:
            return Fit(actor, round(min(match.score, _ENOUGH - 0.05), 3), (*reasons, "nothing else supports it"))
        return Fit(actor, round(_ENOUGH + 0.05 * support, 3), reasons)

    def office(self, actor: KnownActor) -> Fit | None:
        """How well an actor fits of whom only the office is said; None if he never held it."""
        held, reason, place = self._of_office(actor)
        if not reason:
            return None
        country, about_country = self._of_country(actor)
        organization, about_organization = self._of_organization(actor, place)
        reasons = tuple(filter(None, (reason, about_country, about_organization)))
        if False in (held, country, organization):
            return Fit(actor, _CONTRADICTED, reasons)
        enough = held is True and (country or organization)
        return Fit(actor, 0.9 if enough else 0.5, reasons if enough or held is None else (*reasons, "whose office it is was not said"))

    def _of_country(self, actor: KnownActor) -> tuple[bool | None, str]:
        if not (self.country and actor.country):
            return None, ""
        same = self.country == actor.country
        return same, f"country: {actor.country}" if same else f"country: {actor.country}, not {self.country}"

    def _of_organization(self, actor: KnownActor, place: str | None = None) -> tuple[bool | None, str]:
        if not self.organization:
            return None, ""
        known = [o for o in (actor.organization, actor.parent, place) if o]
        same = next((o for o in known if compare_organizations(o, self.organization).verdict == "same"), None)
        # People belong to more than a roster holds: another organization does not speak against it.
        return (True, f"organization: {same}") if same else (None, "")

    def _of_office(self, actor: KnownActor) -> tuple[bool | None, str, str | None]:
        """Whether he held the office on the day, in words, and where; no words if he never held it."""
        if not self.role:
            return None, "", None
        best: tuple[bool | None, str, str | None] = (None, "", None)
        for held in actor.roles:
            if compare_organizations(held.title, self.role).verdict != "same":
                continue
            when = f"{held.start or '..'}/{held.end or '..'}"
            dated = held.start or held.end
            covers = held.covers(self.on) if self.on else None if dated else True
            said = f"on {self.on}" if self.on else "day not known" if dated else "no dates"
            if best[1] == "" or covers is True or (covers is None and best[0] is False):
                how = {True: "", False: "not ", None: "perhaps "}[covers]
                best = (covers, f"office: {how}{held.title} {when}, {said}", held.organization)
        return best


#: A candidate below it is not chosen: above it lie full names, and parts of names that something supports.
_ENOUGH = 0.7
#: At most so much has a candidate that country or office speak against; it is shown, and does not stand in another's way.
_CONTRADICTED = 0.3


def _decide(found: Sequence[Fit]) -> Resolution:
    """One that is good enough, and alone."""
    ranked = tuple(sorted(found, key=lambda c: (-c.score, c.actor.name, c.actor.id)))
    good = [c for c in ranked if c.score >= _ENOUGH]
    if not ranked:
        return Resolution(None, (), "unknown", "nobody in the roster has this name or office")
    # Full names first: who is meant by a full name is not in doubt because somebody else has a part of it.
    first = [c for c in good if c.score >= good[0].score - _CLOSE] or [c for c in ranked if c.score > _CONTRADICTED]
    if len(first) > 1:
        return Resolution(None, ranked, "ambiguous", f"{len(first)} fit: {', '.join(c.actor.name for c in first)}")
    if not good:
        return Resolution(None, ranked, "unknown", f"{ranked[0].actor.name} does not fit well enough: {'; '.join(ranked[0].reasons)}")
    return Resolution(first[0].actor, ranked, "resolved", "; ".join(first[0].reasons))


#: Scores as near as this are not told apart; one more fact in support is more.
_CLOSE = 0.03

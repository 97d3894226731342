"""Who there is, as far as a roster, files of statements and judgements tell."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import typer

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Decision, Identity, JudgementFile
from onrecord.actors.matching import NameIndex, compare_organizations, compare_people
from onrecord.actors.roster import KnownActor, Roster
from onrecord.cli.read import say_plainly
from onrecord.errors import UsageError

__all__ = ["ACTOR_ID", "NAMELESS", "People", "Person"]

_SOME_FAILED = 1
#: The form of an actor's id.
ACTOR_ID = re.compile(r"a1:[0-9a-f]{20}")
#: Who is never merged: each stands by itself.
NAMELESS = (ActorType.UNNAMED, ActorType.UNKNOWN)


@dataclass(eq=False, slots=True)
class Person:
    """An actor as far as roster, statements and judgements tell."""

    #: Canonical id; the name in brackets for a speaker that the reader gave none.
    id: str
    #: To show.
    name: str
    type: ActorType
    #: ISO 3166-1 alpha-2.
    country: str | None = None
    #: Offices, with their days where the roster has them.
    roles: list[str] = field(default_factory=list)
    #: Other names that the roster has.
    aliases: list[str] = field(default_factory=list)
    #: All ids that are this actor's, by judgement or by the roster's answer.
    ids: list[str] = field(default_factory=list)
    #: How many statements it made.
    statements: int = 0
    #: Ids of the articles, as they were read, that it speaks in.
    revisions: set[str] = field(default_factory=set)
    #: How statements name it, and how often.
    mentions: Counter[str] = field(default_factory=Counter)
    #: Why speakers were taken for this actor.
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def names(self) -> list[str]:
        """All names, the one to show first."""
        return list(dict.fromkeys([self.name, *self.aliases, *self.mentions]))

    def to_json(self) -> dict[str, Any]:
        """As `--format json` has it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": str(self.type),
            "country": self.country,
            "roles": self.roles,
            "aliases": self.aliases,
            "ids": self.ids,
            "statements": self.statements,
            "articles": len(self.revisions),
            "mentions": dict(self.mentions.most_common()),
            "reasons": dict(self.reasons.most_common()),
        }


class People:
    """All actors that the given files know."""

    def __init__(self, roster: Roster, decisions: Sequence[Decision]) -> None:
        self.roster = roster
        self.decisions = decisions
        self.identity = Identity(decisions)
        self._actors: dict[str, Person] = {}
        self._failed = 0
        for actor in roster:
            self._add_known(actor)

    @classmethod
    def gather(cls, statements: Sequence[str] | None, roster: Path | None, judgements: Path | None) -> People:
        """Read what the user names. A file of statements that fails is said, and the others are read."""
        if not (statements or roster or judgements):
            raise UsageError("nothing to read actors from", hint="name files of statements, --roster FILE, or both")
        log = JudgementFile(judgements).read() if judgements else None
        for note in log.notes if log else ():
            say_plainly(f"note: {note}")
        people = cls(_roster(roster) if roster else Roster(), log.entries if log else ())
        for conflict in people.identity.conflicts:
            say_plainly(f"note: {conflict}")
        seen: set[str] = set()
        for name in statements or ():
            try:
                rows = list(_statements(name))
            except UsageError as error:
                people._failed += 1
                say_plainly(f"error: {error}")
                continue
            for row in rows:
                if row.get("id") is None or row["id"] not in seen:
                    seen.add(str(row.get("id")))
                    people._add_speaker(row)
        return people

    def leave(self) -> None:
        """End as the exit codes have it."""
        if self._failed:
            raise typer.Exit(_SOME_FAILED)

    def actors(self) -> list[Person]:
        """Those who speak most first, then by name."""
        return sorted(dict.fromkeys(self._actors.values()), key=lambda p: (-p.statements, p.name.casefold(), p.id))

    def find(self, wanted: str) -> Person:
        """The one actor of an id, or of a name in any spelling."""
        if wanted in self._actors:
            return self._actors[wanted]
        if (canonical := self.identity.canonical(wanted)) in self._actors:
            return self._actors[canonical]
        if ACTOR_ID.fullmatch(wanted):
            raise UsageError("no actor has this id here", item=wanted, hint="give the --roster or the files of statements that it is from")
        actors = self.actors()
        ranks: list[list[Person]] = [[p for p in actors if wanted.casefold() in (n.casefold() for n in p.names)]]
        matches = [(p, {_compare(p)(wanted, n).verdict for n in p.names}) for p in actors]
        ranks += [[p for p, verdicts in matches if verdict in verdicts] for verdict in ("same", "compatible")]
        found = next((rank for rank in ranks if rank), [])
        if not found:
            raise UsageError("no actor has this name", item=wanted, hint="`onrecord actors list` shows who there is")
        if len(found) > 1:
            raise UsageError(f"{len(found)} actors have this name: {', '.join(f'{p.name} ({p.id})' for p in found)}", item=wanted, hint="give an id")
        return found[0]

    def single(self, wanted: str) -> str:
        """The very id that is given, or the canonical id of the actor of a name."""
        person = self.find(wanted)
        return wanted if ACTOR_ID.fullmatch(wanted) else person.id

    def alike(self, person: Person) -> list[tuple[Person, str, str]]:
        """Others whose names do not differ, with the verdict and why: whom one may want to merge."""
        others = {n: p for p in self.actors() if p is not person and p.type not in NAMELESS and _compare(p) is _compare(person) for n in p.names}
        index, found = NameIndex(others, compare=_compare(person)), dict[Person, tuple[float, str, str]]()
        for name in person.names:
            for other, match in index.matches(name):
                if match.score > found.get(others[other], (0.0,))[0] and not self.identity.forbids(person.id, others[other].id):
                    found[others[other]] = (match.score, match.verdict, match.reason)
        return [(p, verdict, reason) for p, (_, verdict, reason) in sorted(found.items(), key=lambda f: (-f[1][0], f[0].name))]

    def _at(self, id: str, name: str, type: ActorType) -> Person:  # noqa: A002 - the words of the vocabulary
        canonical = self.identity.canonical(id)
        person = self._actors.setdefault(canonical, Person(canonical, name, type))
        for one in self.identity.members(id):
            if one not in person.ids and (one == id or one in self.roster.ids):
                person.ids.append(one)
        return person

    def _add_known(self, actor: KnownActor) -> None:
        person = self._at(actor.id, actor.name, actor.type)
        known = self.roster.get(person.id) or actor
        person.name, person.country = known.name, person.country or actor.country
        person.aliases += [n for n in actor.names if n not in (person.name, *person.aliases)]
        person.roles += [" ".join(filter(None, (r.title, f"{r.start or '..'}/{r.end or '..'}" if r.start or r.end else ""))) for r in actor.roles]

    def _add_speaker(self, row: dict[str, Any]) -> None:
        speaker = row.get("speaker") or {}
        name, kind = speaker.get("name"), _type(speaker.get("type"))
        known, reason = self._known(speaker, _day(row.get("said_on")))
        id = (known.id if known else None) or speaker.get("id") or f"({name or 'unknown'})"  # noqa: A001
        person = self._at(id, known.name if known else name or "(unknown)", known.type if known else kind)
        if known and speaker.get("id") and speaker["id"] not in person.ids:
            person.ids.append(speaker["id"])
            self._actors[speaker["id"]] = person
        person.statements += 1
        person.revisions.add(str(row.get("revision")))
        person.mentions[name or "(unknown)"] += 1
        if reason:
            person.reasons[reason] += 1
        if not known:
            person.country = person.country or speaker.get("country")
            if speaker.get("role") and speaker["role"] not in person.roles:
                person.roles.append(speaker["role"])

    def _known(self, speaker: dict[str, Any], on: date | None) -> tuple[KnownActor | None, str]:
        """The actor of the roster that a speaker is, and why; a judgement that they are two has the last word."""
        kind, own = _type(speaker.get("type")), speaker.get("id")
        if own and self.roster.get(self.identity.canonical(own)):
            return self.roster.get(self.identity.canonical(own)), ""
        if not speaker.get("name") or kind is ActorType.UNNAMED or (own and len(self.identity.members(own)) > 1):
            return None, ""
        told = {k: speaker.get(k) for k in ("country", "role", "organization")}
        answer = self.roster.resolve(speaker["name"], type=kind, on=on, **told)
        if answer.actor is None or (own and self.identity.forbids(own, answer.actor.id)):
            return None, ""
        return answer.actor, answer.reason


def _compare(person: Person) -> Any:  # noqa: ANN401 - one of two functions
    return compare_people if person.type in (ActorType.PERSON, ActorType.UNKNOWN) else compare_organizations


def _type(value: object) -> ActorType:
    return ActorType(value) if value in {t.value for t in ActorType} else ActorType.UNKNOWN


def _day(value: object) -> date | None:
    """The day of an EDTF date that is one."""
    return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None


# Files


def _roster(path: Path) -> Roster:
    read = Roster.from_csv if path.suffix.casefold() == ".csv" else Roster.from_yaml
    return read(_text(str(path), "--roster"), source=str(path))


def _text(name: str, option: str) -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8") if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("not UTF-8", item=name, hint="save it as UTF-8") from error
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", item=name, hint=f"check {option}") from error


def _statements(name: str) -> Iterator[dict[str, Any]]:
    """Statements of lines of JSON, or of the JSON of whole articles.

    Raises:
        UsageError: It is neither.
    """
    text = _text(name, "the file's name")
    try:
        whole = json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except ValueError:
        whole = None
    articles: list[Any] = whole if isinstance(whole, list) else [whole]
    if all(isinstance(a, dict) and isinstance(a.get("statements"), list) for a in articles):
        yield from (_checked(s, name, 1) for a in articles for s in a["statements"])
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _checked(json.loads(line), name, number)
            except ValueError as error:
                raise UsageError(f"line {number}: not JSON", item=name, hint="give what `onrecord read --format jsonl` writes") from error


def _checked(row: object, name: str, line: int) -> dict[str, Any]:
    if isinstance(row, dict) and isinstance(row.get("speaker"), dict | None):
        return row
    raise UsageError(f"line {line}: not a statement", item=name, hint="give what `onrecord read --format jsonl` writes")

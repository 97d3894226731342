"""The agenda: the issues that a user follows, each a proposal or question that actors take positions on. DNA calls an issue a concept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import yaml

from onrecord.errors import UsageError
from onrecord.text import stable_id

__all__ = ["Agenda", "Issue"]

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_KEYS = ("id", "label", "aliases", "for", "against")


@dataclass(frozen=True)
class Issue:
    """One issue.

    Example:
        >>> Issue("ceasefire-30d", "30-day ceasefire", aliases=("truce",), pro="accepting the proposal").text
        '30-day ceasefire; truce. For: accepting the proposal'
    """

    #: Short name in lower case, such as `ceasefire-30d`; what positions and commands refer to.
    id: str
    #: What it is, in a few words.
    label: str
    #: Other words for it.
    aliases: tuple[str, ...] = ()
    #: What being for it means; `for` in YAML.
    pro: str | None = None
    #: What being against it means; `against` in YAML.
    contra: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be referred to.

        Raises:
            UsageError: The id has other characters than a-z, 0-9, `.`, `_`, `-`, or the label is empty.
        """
        if not _ID.fullmatch(self.id):
            raise UsageError("an issue's id has only a-z, 0-9, '.', '_' and '-'", item=self.id, hint="such as ceasefire-30d")
        if not self.label.strip():
            raise UsageError("an issue needs a label", item=self.id, hint='say what it is: label: "30-day ceasefire proposed by the US"')

    @cached_property
    def text(self) -> str:
        """What the model reads of it."""
        text = "; ".join((self.label, *self.aliases))
        text += f". For: {self.pro}" if self.pro else ""
        return text + (f". Against: {self.contra}" if self.contra else "")

    @cached_property
    def digest(self) -> str:
        """`i1:` and a hash of all it says: another wording is read anew."""
        return stable_id("i1", self.id, self.label, *self.aliases, "for", self.pro or "", "against", self.contra or "")

    def to_json(self) -> dict[str, Any]:
        """As in YAML; what is not set is left out."""
        every = {"id": self.id, "label": self.label, "aliases": list(self.aliases), "for": self.pro, "against": self.contra}
        return {k: v for k, v in every.items() if v}

    @classmethod
    def of(cls, row: object, *, where: str = "") -> Self:
        """An issue out of a mapping as YAML or JSON gives it.

        Raises:
            UsageError: A key is unknown, missing, or holds something else than words.
        """
        if not isinstance(row, Mapping):
            raise UsageError("an issue is a mapping with id and label", item=where or None, hint=f"keys: {', '.join(_KEYS)}")
        name = str(row.get("id", where))
        unknown = sorted(str(k) for k in row if k not in _KEYS)
        if unknown:
            raise UsageError(f"unknown keys: {', '.join(unknown)}", item=name, hint=f"known: {', '.join(_KEYS)}")
        aliases = row.get("aliases") or ()
        aliases = (aliases,) if isinstance(aliases, str) else aliases
        values = [row.get(k) for k in ("id", "label", "for", "against")]
        if not isinstance(aliases, (list, tuple)) or not all(isinstance(v, str) for v in (*aliases, *(v for v in values if v is not None))):
            raise UsageError("an issue's id, label, aliases, for and against are words", item=name, hint='put quotation marks around numbers: id: "2"')
        if values[0] is None or values[1] is None:
            raise UsageError("an issue needs id and label", item=name, hint="such as {id: ceasefire-30d, label: 30-day ceasefire proposed by the US}")
        return cls(values[0], values[1], tuple(a for a in dict.fromkeys(str(a).strip() for a in aliases) if a), values[2] or None, values[3] or None)


@dataclass(frozen=True)
class Agenda:
    """Issues, each id once, in the user's order."""

    issues: tuple[Issue, ...] = ()
    _by_id: Mapping[str, Issue] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index them.

        Raises:
            UsageError: Two have one id.
        """
        by_id: dict[str, Issue] = {}
        for issue in self.issues:
            if issue.id in by_id:
                raise UsageError("two issues have one id", item=issue.id, hint="give one of them another")
            by_id[issue.id] = issue
        object.__setattr__(self, "_by_id", by_id)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)

    def __len__(self) -> int:
        return len(self.issues)

    def get(self, name: str) -> Issue | None:
        """The issue of an id."""
        return self._by_id.get(name)

    @property
    def digest(self) -> str:
        """Hash of all issues, whatever their order."""
        return stable_id("g1", *sorted(i.digest for i in self.issues))

    @classmethod
    def of(cls, rows: Iterable[object], *, where: str = "") -> Self:
        """An agenda out of mappings."""
        return cls(tuple(Issue.of(row, where=f"{where} issue {n}".strip()) for n, row in enumerate(rows, 1)))

    @classmethod
    def from_yaml(cls, text: str, *, source: str = "agenda") -> Self:
        """Read `issues:` with `id`, `label` and optionally `aliases`, `for`, `against`.

        Args:
            text: YAML.
            source: Its file, for errors.

        Raises:
            UsageError: It is no YAML, or no agenda; the message says where.
        """
        try:
            data = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            at = f", line {mark.line + 1}" if mark else ""
            raise UsageError(f"the agenda is no YAML{at}: {getattr(error, 'problem', None) or error}", item=source, hint="begin with issues:") from error
        rows = data.get("issues") if isinstance(data, Mapping) else None
        if not isinstance(rows, list) or set(data) != {"issues"}:
            raise UsageError("an agenda is one list named issues", item=source, hint="such as issues: [{id: ceasefire-30d, label: 30-day ceasefire}]")
        return cls.of(rows, where=source)

    def to_yaml(self) -> str:
        """As `from_yaml` reads it."""
        return yaml.safe_dump({"issues": [i.to_json() for i in self.issues]}, sort_keys=False, allow_unicode=True, width=120)

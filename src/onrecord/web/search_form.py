"""What is asked on the search page: as it was written, as a query of the ledger, and as an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Query

from onrecord.desk.searching import day
from onrecord.desk.searching import query as query_of
from onrecord.errors import UsageError
from onrecord.ledger import Query as LedgerQuery
from onrecord.ledger.words import parse
from onrecord.positions import Act

__all__ = ["Asked", "AskedOf", "WrongError", "where_wrong"]

#: Values of one field, and characters of each.
_MOST, _LONG = 20, 1000


class WrongError(UsageError):
    """Something in a search that cannot be meant.

    Args:
        field: The field that it was written in.
        error: What is wrong with it.
    """

    def __init__(self, field: str, error: UsageError) -> None:
        super().__init__(error.message, item=error.item, hint=error.hint)
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was written; what is empty does not matter."""

    q: str = ""
    actor: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    min_score: str = ""
    #: `1`: also what does not count any more.
    all: str = ""
    sort: str = ""

    @classmethod
    def of_address(cls, address: str) -> Asked:
        """The search of a query string; what does not belong in one is left out."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(address.removeprefix("?"), max_num_fields=500):
            found.setdefault(name, []).append(value[:_LONG])
        return cls.of(**{f.name: found[f.name] for f in fields(cls) if f.name in found})

    @classmethod
    def of(cls, **values: str | Sequence[str]) -> Asked:
        """One out of its fields' values, without blanks, empty ones and doubles."""
        clean: dict[str, Any] = {}
        for name, value in values.items():
            some = [value] if isinstance(value, str) else value
            several = tuple(dict.fromkeys(v.strip() for v in some if v.strip()))[:_MOST]
            clean[name] = several if name in _SEVERAL else (several[-1] if several else "")
        return cls(**clean)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values, in the order of the fields."""
        out: list[tuple[str, str]] = []
        for f in fields(self):
            value = getattr(self, f.name)
            out += [(f.name, v) for v in ((value,) if isinstance(value, str) else value) if v]
        return [(n, v) for n, v in out if (n, v) != ("sort", "date")]

    @property
    def address(self) -> str:
        """As a query string, always the same for the same search."""
        return urlencode(self.pairs())

    def but(self, **changes: Any) -> Asked:  # noqa: ANN401 - values of any field
        """The same with other values."""
        return replace(self, **changes)

    def without(self, name: str, value: str) -> Asked:
        """The same without a value of a field."""
        now = getattr(self, name)
        return self.but(**{name: "" if isinstance(now, str) else tuple(v for v in now if v != value)})

    def query(self) -> LedgerQuery:
        """As a query of the ledger.

        Raises:
            WrongError: Something in it cannot be meant; says where.
        """
        score = self._checked("min_score", lambda: _score(self.min_score))
        self._checked("q", lambda: parse(self.q))
        for name in ("kind", "act", "type", "country", "sort"):
            if getattr(self, name):
                self._checked(name, lambda name=name: query_of(**{name: getattr(self, name)}))
        since = self._checked("since", lambda: day(self.since or None))
        until = self._checked("until", lambda: day(self.until or None, last=True))
        self._checked("min_score", lambda: LedgerQuery(min_score=score))
        self._checked("until", lambda: LedgerQuery(since=since, until=until))
        several = {n: getattr(self, n) for n in _SEVERAL}
        return query_of(self.q, **several, since=since, until=until, min_score=score, everything=bool(self.all), sort=self.sort or "date")

    @staticmethod
    def _checked(field: str, made: Any) -> Any:  # noqa: ANN401 - whatever a field means
        try:
            return made()
        except UsageError as error:
            raise WrongError(field, error) from error


_SEVERAL = ("actor", "outlet", "issue", "kind", "act", "type", "country")
#: Acts there are, in their order.
ACTS = tuple(str(a) for a in Act)


def _score(written: str) -> float | None:
    try:
        return float(written) if written else None
    except ValueError as error:
        raise UsageError(f"{written!r} is no score", hint="write a number between 0 and 1, such as 0.8") from error


def where_wrong(asked: Asked, error: UsageError) -> WrongError:
    """The field of a search that the ledger found to be wrong: nobody, no outlet or no issue is called so."""
    if isinstance(error, WrongError):
        return error
    told = {"actor": "nobody", "outlet": "outlet", "issue": "issue"}
    named = [n for n in told if error.item in getattr(asked, n)]
    field = next((n for n in named if told[n] in error.message), named[0] if named else "q")
    return WrongError(field, error)


async def _asked(  # noqa: PLR0917 - the framework reads them by name
    q: Annotated[str, Query(max_length=_LONG, description='Words, `"a phrase"`, `this OR that`, `-without`, `begin*`.')] = "",
    actor: Annotated[list[str], Query(max_length=_MOST, description="Who spoke: names, parts of names, or ids; one of them.")] = [],  # noqa: B006
    outlet: Annotated[list[str], Query(max_length=_MOST, description="Who published it: names or parts of them.")] = [],  # noqa: B006
    issue: Annotated[list[str], Query(max_length=_MOST, description="Ids or labels of issues that the statement shows a position on.")] = [],  # noqa: B006
    kind: Annotated[list[str], Query(max_length=_MOST, description="`direct`, `indirect`, `mixed`.")] = [],  # noqa: B006
    act: Annotated[list[str], Query(max_length=_MOST, description="What is done by saying it: `assert`, `reject`, `demand` …")] = [],  # noqa: B006
    type: Annotated[list[str], Query(max_length=_MOST, description="What the speaker is: `person`, `state`, `unnamed`, `unknown` …")] = [],  # noqa: A002, B006
    country: Annotated[list[str], Query(max_length=_MOST, description="The speaker's, ISO 3166-1 alpha-2.")] = [],  # noqa: B006
    since: Annotated[str, Query(max_length=_LONG, description="First day of publication: `2025-03-14`, `2025-03` or `2025`.")] = "",
    until: Annotated[str, Query(max_length=_LONG, description="Last day, likewise.")] = "",
    min_score: Annotated[str, Query(max_length=_LONG, description="Least score of the reader, 0 to 1.")] = "",
    all: Annotated[str, Query(max_length=_LONG, description="`1`: also texts that were replaced, superseded readings, and what was judged wrong.")] = "",  # noqa: A002
    sort: Annotated[str, Query(max_length=_LONG, description="`date`, `oldest` or `relevance`.")] = "",
) -> Asked:
    return Asked.of(
        q=q, actor=actor, outlet=outlet, issue=issue, kind=kind, act=act, type=type, country=country,
        since=since, until=until, min_score=min_score, all=all, sort=sort,
    )  # fmt: skip


AskedOf = Annotated[Asked, Depends(_asked)]

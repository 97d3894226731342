"""Who may come in, what each did, and the searches they keep. Rows are added; a token that opens nothing any more stays, with the moment."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from onrecord.errors import UsageError
from onrecord.ledger.access_tables import actions, searches, tokens
from onrecord.ledger.database import Database
from onrecord.ledger.keys import Keys
from onrecord.ledger.packing import stamp
from onrecord.text import stable_id

__all__ = ["ROLES", "Action", "Keeping", "SavedSearch", "Token"]

#: What a token may let somebody do, from little to much.
ROLES = ("reader", "coder", "admin")
#: What tokens begin with, so that one is known when it turns up where it should not.
_MARK = "onr_"


@dataclass(frozen=True, slots=True)
class Token:
    """Who is let in. The token itself is shown once, when it is made."""

    id: str
    name: str
    #: One of `ROLES`.
    role: str
    by: str
    on: datetime
    revoked: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        revoked = self.revoked.isoformat() if self.revoked else None
        return {"id": self.id, "name": self.name, "role": self.role, "by": self.by, "on": self.on.isoformat(), "revoked": revoked}


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done in the browser."""

    id: str
    action: str
    item: str
    details: Mapping[str, Any]
    by: str
    on: datetime

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "action": self.action, "item": self.item, "details": dict(self.details), "by": self.by, "on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody keeps."""

    id: str
    name: str
    #: As in the address of the search page: `q=ceasefire&kind=direct`.
    query: str
    by: str
    on: datetime

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "name": self.name, "query": self.query, "by": self.by, "on": self.on.isoformat()}


class Keeping:
    """What a ledger keeps for the people of a desk. `Ledger` is one."""

    database: Database

    # Tokens -------------------------------------------------------------------------------------------------------------------------

    def give_token(self, name: str, role: str, *, by: str, on: datetime | None = None) -> tuple[str, Token]:
        """Let somebody in.

        Args:
            name: Whom; judgements and codings carry the name.
            role: One of `ROLES`.
            by: Who decides.
            on: When; None for now.

        Returns:
            The token, which cannot be had again, and what is known of it.

        Raises:
            UsageError: There is no such role, or no name.
        """
        if role not in ROLES:
            raise UsageError(f"there is no role {role!r}", hint=f"roles are {', '.join(ROLES)}")
        if not name.strip() or not name.isprintable():
            raise UsageError("a token without a name", hint="say whose it is")
        secret = _MARK + secrets.token_urlsafe(32)
        hashed, moment = _hash(secret), on or datetime.now(UTC)
        made = Token(stable_id("t1", hashed), name.strip(), role, by, moment)
        row = {"id": made.id, "name": made.name, "role": role, "hash": hashed, "by": by, "on": stamp(moment), "revoked": None}
        with self.database.writing() as connection:
            connection.execute(insert(tokens), [row | {"key": Keys(connection).next(tokens)}])
        return secret, made

    def token(self, secret: str) -> Token | None:
        """Whom a token lets in; None if it opens nothing."""
        with self.database.reading() as connection:
            row = connection.execute(select(tokens).where(tokens.c.hash == _hash(secret), tokens.c.revoked.is_(None))).first()
        return _token(row) if row else None

    def tokens(self) -> list[Token]:
        """All that were ever given, oldest first."""
        with self.database.reading() as connection:
            return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.key))]

    def revoke_token(self, name: str, *, on: datetime | None = None) -> list[Token]:
        """Let somebody in no more.

        Args:
            name: Id of a token, or the name that it, or several, were given to.
            on: When; None for now.

        Returns:
            The tokens that open nothing any more.

        Raises:
            UsageError: There is none that opens anything.
        """
        with self.database.writing() as connection:
            found = connection.execute(select(tokens).where((tokens.c.id == name) | (tokens.c.name == name), tokens.c.revoked.is_(None))).all()
            if not found:
                raise UsageError("no token of this name lets anybody in", item=name, hint="`onrecord token list` lists them")
            connection.execute(update(tokens).where(tokens.c.key.in_([r.key for r in found])).values(revoked=stamp(on or datetime.now(UTC))))
        return [_token(row) for row in found]

    # The log ------------------------------------------------------------------------------------------------------------------------

    def log(self, action: str, item: str, details: Mapping[str, Any], *, by: str, on: datetime | None = None) -> None:
        """Write down what somebody did."""
        moment = on or datetime.now(UTC)
        with self.database.writing() as connection:
            key = Keys(connection).next(actions)
            told = json.dumps(details, ensure_ascii=False, default=str) if details else None
            id_ = stable_id("x1", action, item, by, stamp(moment), str(key))
            connection.execute(insert(actions), [{"key": key, "id": id_, "action": action, "item": item, "details": told, "by": by, "on": stamp(moment)}])

    def logged(self, *, limit: int | None = None, offset: int = 0) -> Iterator[Action]:
        """What was done, the newest first."""
        with self.database.reading() as connection:
            for r in connection.execute(select(actions).order_by(actions.c.key.desc()).offset(offset or None).limit(limit)):
                yield Action(r.id, r.action, r.item, json.loads(r.details) if r.details else {}, r.by, datetime.fromisoformat(r.on))

    # Searches -----------------------------------------------------------------------------------------------------------------------

    def save_search(self, name: str, query: str, *, by: str, on: datetime | None = None, active: bool = True) -> SavedSearch:
        """Keep a search, call it otherwise, or keep it no more.

        Args:
            name: What it is called.
            query: As in the address of the search page.
            by: Who keeps it.
            on: When; None for now.
            active: False: keep it no more.
        """
        moment = on or datetime.now(UTC)
        made = SavedSearch(stable_id("w1", query), name, query, by, moment)
        row = {"id": made.id, "name": name, "query": query, "active": active, "by": by, "on": stamp(moment)}
        with self.database.writing() as connection:
            connection.execute(insert(searches), [row | {"key": Keys(connection).next(searches)}])
        return made

    def saved_searches(self) -> list[SavedSearch]:
        """Those that are kept, by name."""
        last = select(func.max(searches.c.key)).group_by(searches.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(select(searches).where(searches.c.key.in_(last), searches.c.active)).all()
        return sorted((SavedSearch(r.id, r.name, r.query, r.by, datetime.fromisoformat(r.on)) for r in rows), key=lambda s: (s.name.casefold(), s.id))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(row: Any) -> Token:  # noqa: ANN401 - a row
    return Token(row.id, row.name, row.role, row.by, datetime.fromisoformat(row.on), datetime.fromisoformat(row.revoked) if row.revoked else None)

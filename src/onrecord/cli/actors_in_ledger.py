"""`onrecord actors` over a ledger: who speaks there, one actor, everything that was decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Decision, Identity, Revocation
from onrecord.actors.matching import compare_organizations, compare_people
from onrecord.cli.gathering import NAMELESS
from onrecord.cli.ledgers import Form
from onrecord.cli.printing import as_json, facts, grid, one_line, put

if TYPE_CHECKING:
    from onrecord.ledger import Actor, Ledger

__all__ = ["as_row", "judgements_of", "log_table", "put_actor", "put_actors", "put_log"]


def put_actors(ledger: Ledger, form: Form, *, limit: int) -> None:
    """Print those who say most, and how many statements have a speaker without a name."""
    from onrecord.ledger import Query

    found = ledger.most_said(limit=limit)
    nameless = {str(t): {"statements": ledger.count(Query(types=(str(t),)))} for t in NAMELESS}
    if form is Form.JSON:
        put(as_json({"actors": [a.to_json() for a in found], "nameless": nameless}))
        return
    rows = [(a.name, a.type, a.country or "", f"{a.statements:,}", a.id) for a in found]
    put(grid(("actor", "type", "country", "statements", "id"), rows, right=("statements",)) if rows else "no actors")
    total = ledger.status().counts["actors"]
    if total > len(found):
        put(f"{len(found):,} of {total:,} actors; --limit for more")
    for kind, counts in nameless.items():
        if counts["statements"]:
            put(f"statements of {kind} speakers: {counts['statements']:,}")


def put_actor(ledger: Ledger, name: str, form: Form) -> None:
    """Print an actor, the judgements about it, and others with a name like it.

    Raises:
        UsageError: Nobody is called so, or several are.
    """
    actor, identity = ledger.actor(name), ledger.identity()
    known = [row for row in judgements_of(ledger, identity) if row["about"] == "actors" and {row["left"], row["right"]} & set(actor.ids)]
    alike = _alike(ledger, actor, identity)
    roster = ledger.roster()
    held = roster.get(actor.id) if roster else None
    roles = [" ".join(filter(None, (r.title, f"{r.start or '..'}/{r.end or '..'}" if r.start or r.end else ""))) for r in held.roles] if held else []
    if form is Form.JSON:
        rows = [{"id": a.id, "name": a.name, "verdict": v, "reason": r} for a, v, r in alike]
        put(as_json({**actor.to_json(), "roles": roles, "judgements": known, "alike": rows}))
        return
    told = [("type", actor.type), ("country", actor.country), ("role", "; ".join(roles)), ("also", "; ".join(actor.names[1:]))]
    told += [("id", actor.id), ("other ids", " ".join(actor.ids[1:])), ("statements", f"{actor.statements:,}")]
    put(one_line(actor.name), *facts(told))
    if known:
        put("", log_table(known))
    if alike:
        put("", grid(("name alike", "verdict", "because", "id"), [(a.name, verdict, reason, a.id) for a, verdict, reason in alike]))


def _alike(ledger: Ledger, actor: Actor, identity: Identity) -> list[tuple[Actor, str, str]]:
    """Others with a word of the name whose names do not differ, with the verdict and why: whom one may want to merge."""
    if actor.type in NAMELESS:
        return []
    person = actor.type == ActorType.PERSON
    compare = compare_people if person else compare_organizations
    found: dict[str, tuple[float, Actor, str, str]] = {}
    for word in {name.split()[-1] for name in actor.names if name.split()}:
        for other in ledger.actors(word):
            if other.id == actor.id or (other.type == ActorType.PERSON) != person or identity.forbids(actor.id, other.id):
                continue
            for match in (compare(a, b) for a in actor.names for b in other.names):
                if match.verdict != "different" and match.score > found.get(other.id, (0.0,))[0]:
                    found[other.id] = (match.score, other, match.verdict, match.reason)
    return [(other, verdict, reason) for _, other, verdict, reason in sorted(found.values(), key=lambda f: (-f[0], f[1].name))]


# Judgements -------------------------------------------------------------------------------------------------------------------------


def judgements_of(ledger: Ledger, identity: Identity) -> list[dict[str, Any]]:
    """Everything decided about actors and statements, oldest first, and whether it stands."""
    rows = ledger.sql("SELECT * FROM judgements ORDER BY key")
    kept = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    wanted = ("id", "about", "left", "right", "verdict", "by", "on", "note")
    return [{k: row[k] for k in wanted} | {"stands": identity.stands(row["id"])} for row in kept]


def put_log(rows: Sequence[dict[str, Any]], form: Form) -> None:
    """Print judgements."""
    if form is Form.JSON:
        put(as_json({"judgements": list(rows)}))
    else:
        put(log_table(rows) if rows else "nothing was judged yet")


def log_table(rows: Iterable[dict[str, Any]]) -> Table:
    """A row for each judgement."""
    cells = [
        (
            r["id"],
            r["verdict"] + ("" if r["stands"] else " (taken back)"),
            " ".join(filter(None, (r["left"], r["right"]))),
            r["by"],
            r["on"][:16],
            r["note"] or "",
        )
        for r in rows
    ]
    return grid(("judgement", "verdict", "about", "by", "on", "note"), cells)


def as_row(entry: Decision, identity: Identity) -> dict[str, Any]:
    """A judgement of a file, as those of a ledger are."""
    about: dict[str, Any]
    if isinstance(entry, Revocation):
        about = {"about": "judgement", "left": entry.judgement, "right": None, "verdict": "revoked"}
    else:
        about = {"about": "actors", "left": entry.left, "right": entry.right, "verdict": str(entry.verdict)}
    return {"id": entry.id, **about, "by": entry.by, "on": entry.on.isoformat(), "note": entry.note, "stands": identity.stands(entry.id)}

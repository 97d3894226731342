"""Which statements are the same quotation, kept up as statements come in.

A statement is compared with those that share a print with it, and joins the quotation that it is most like. Where it is like two quotations,
and their longest witnesses are like each other, they become one: the younger is kept, and says which it became a part of.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from onrecord.entry import Entry
from onrecord.ledger.bulk import insert_pairs, pairs_of
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import JOINT, content_of
from onrecord.ledger.tables import articles, outlets, prints, quotations, revisions, statements
from onrecord.statements.quotations import Witness, alike, first, reference
from onrecord.statements.statement import QuoteKind
from onrecord.text import stable_id

__all__ = ["MOST", "Quoting", "group_all", "is_long", "witness_columns", "witness_of", "witness_of_row"]

#: Statements that are kept under one print. What more of them share is a stock phrase, or a quotation that is found by these.
MOST = 64
#: Prints of a statement so long that one in common with another long one is chance.
_LONG = 6
#: Statements that a new one is compared with: those that share most prints with it.
_COMPARED = 16
#: Blanks in a content that is the same quotation wherever it stands to the letter; `alike` asks for fewer words.
_MANY = 10


def witness_of(key: int, entry: Entry, *, moment: datetime | None, outlet: str | None) -> Witness:
    """An entry as a witness of a quotation.

    Args:
        key: Row of the statement.
        entry: The statement.
        moment: When it was published, else seen.
        outlet: Who published it.
    """
    s = entry.statement
    named = entry.speaker.type not in ("unnamed", "unknown")
    return Witness(
        key=str(key),
        content=content_of(s),
        verbatim=tuple(v.exact for v in s.verbatim),
        kind=s.kind,
        speaker=entry.speaker.name if named else None,
        speaker_id=entry.speaker.id if named else None,
        moment=_zoned(moment),
        outlet=outlet,
    )


def witness_columns() -> tuple[Any, ...]:
    """What `witness_of_row` needs; joins `statements`, `revisions`, `articles` and `outlets`."""
    s, r = statements.c, revisions.c
    return (
        s.key,
        s.id,
        s.content,
        s.kind,
        s.speaker,
        s.speaker_type,
        s.entry,
        s.quotation_key,
        r.published,
        r.seen,
        outlets.c.name.label("outlet_name"),
        articles.c.id.label("article"),
    )


def witness_of_row(row: Any) -> Witness:  # noqa: ANN401 - a row of any query with those columns
    """A row of `statements` and its revision as a witness."""
    packed = json.loads(row.entry)
    named = row.speaker_type not in ("unnamed", "unknown")
    return Witness(
        key=str(row.key),
        content=row.content,
        verbatim=_verbatim(row.content, packed["c"], packed.get("v", [])),
        kind=row.kind,
        speaker=row.speaker if named else None,
        speaker_id=packed["w"].get("id") if named else None,
        moment=_zoned(datetime.fromisoformat(row.published or row.seen)),
        outlet=row.outlet_name,
    )


def _verbatim(content: str, parts: list[list[int]], wanted: list[list[int]]) -> tuple[str, ...]:
    """The verbatim words out of the content, whose parts are joined."""
    found, at = [], 0
    for start, end in parts:
        found += [content[at + max(a, start) - start : at + min(b, end) - start] for a, b in wanted if a < end and b > start]
        at += end - start + len(JOINT)
    return tuple(found)


class Quoting:
    """Quotations of a ledger while a batch is written.

    Args:
        connection: A writing one.
        keys: Gives out keys.
    """

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection, self._keys = connection, keys
        self._prints: defaultdict[int, list[int]] = defaultdict(list)
        self._witnesses: dict[int, Witness] = {}
        self._ids: dict[int, str] = {}
        self._of: dict[int, int] = {}
        self._rows: dict[int, dict[str, Any]] = {}
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._filed: dict[int, int] = {}
        self._merged: list[tuple[int, int]] = []
        self._new_prints: list[tuple[int, int]] = []

    def expect(self, wanted: Iterable[tuple[bool, Sequence[int]]]) -> None:
        """Look up the prints that are about to come, and the statements they find, all at once.

        Args:
            wanted: Of each statement whether it is long, and its prints.
        """
        statements_ = list(wanted)
        new = [p for p in dict.fromkeys(p for _, marks in statements_ for m in marks for p in _both(m)) if p not in self._prints]
        for p in new:
            self._prints[p] = []
        for p, key in pairs_of(self._connection, prints, by="print", get="statement_key", values=new):
            self._prints[p].append(key)
        self._fetch({k for long, marks in statements_ for k in self._candidates(marks, long=long)})
        self._fetch(dict.fromkeys(row["reference_key"] for row in self._rows.values()))

    def place(self, witness: Witness, name: str, marks: Sequence[int]) -> None:
        """Find the quotation of a statement.

        Args:
            witness: The statement.
            name: Its id and its article's.
            marks: Its prints.
        """
        key, long = int(witness.key), is_long(witness.kind, marks)
        self._witnesses[key], self._ids[key] = witness, name
        candidates = self._candidates(marks, long=long)
        if candidates:
            self._join(witness, self._likest(witness, candidates))
        for p in (_both(m)[long] for m in marks):
            # More than can be told apart help nobody.
            if len(self._prints[p]) < MOST:
                self._prints[p].append(key)
                self._new_prints.append((p, key))

    def _candidates(self, marks: Sequence[int], *, long: bool) -> list[int]:
        """Statements that share prints with one, those that share most first. Two long ones share one pair of words by chance."""
        known = self._prints
        short_ones = Counter(itertools.chain.from_iterable([known[m & ~1] for m in marks]))
        long_ones = Counter(itertools.chain.from_iterable([known[m | 1] for m in marks]))
        if not short_ones and not long_ones:
            return []
        shared = short_ones + (Counter({k: n for k, n in long_ones.items() if n > 1}) if long else long_ones)
        return sorted(shared, key=lambda k: (-shared[k], k))[:_COMPARED]

    def _likest(self, witness: Witness, candidates: Iterable[int]) -> list[tuple[float, int, int | None]]:
        """(score, statement compared with, its quotation), best first."""
        self._fetch(candidates)
        compared: dict[int, int | None] = {}
        for candidate in candidates:
            group = self._of.get(candidate)
            compared.setdefault(candidate if group is None else self._rows[group]["reference_key"], group)
        self._fetch(compared)
        for other, group in compared.items():
            if _to_the_letter(witness, self._witnesses[other]):
                # What else is like this one has been compared with the other before.
                return [(1.0, other, group)]
        found = []
        for other, group in compared.items():
            likeness = alike(witness, self._witnesses[other])
            if likeness.same:
                found.append((likeness.score, other, group))
        return sorted(found, key=lambda f: (-f[0], f[1]))

    def _join(self, witness: Witness, found: list[tuple[float, int, int | None]]) -> None:
        key = int(witness.key)
        if not found:
            return
        _, other, group = found[0]
        if group is None:
            group = self._found(other, key)
        self._enter(group, key)
        for _, also, second in found[1:]:
            longest = self._rows[group]["reference_key"]
            if longest not in (key, also) and not alike(self._witnesses[longest], self._witnesses[also]).same:
                continue
            if second is None:
                self._enter(group, also)
            elif second != group:
                group = self._merge(group, second)

    def _found(self, one: int, other: int) -> int:
        """A new quotation, of one statement so far."""
        key = self._keys.next(quotations)
        name = stable_id("q1", *sorted((self._ids[one], self._ids[other])))
        self._rows[key] = {"key": key, "id": name, "reference_key": one, "first_key": one, "witnesses": 0, "joined": None}
        self._new.add(key)
        self._enter(key, one)
        return key

    def _enter(self, group: int, key: int) -> None:
        row, witnesses = self._rows[group], self._witnesses
        self._of[key] = group
        self._filed[key] = group
        row["witnesses"] += 1
        self._fetch((row["reference_key"], row["first_key"]))
        row["reference_key"] = int(reference([witnesses[row["reference_key"]], witnesses[key]]).key)
        row["first_key"] = int(first([witnesses[row["first_key"]], witnesses[key]]).key)
        self._changed.add(group)

    def _merge(self, one: int, other: int) -> int:
        kept, gone = sorted((one, other))
        row, lost = self._rows[kept], self._rows[gone]
        self._fetch((row["first_key"], lost["first_key"], row["reference_key"], lost["reference_key"]))
        row["witnesses"] += lost["witnesses"]
        row["reference_key"] = int(reference([self._witnesses[r["reference_key"]] for r in (row, lost)]).key)
        row["first_key"] = int(first([self._witnesses[r["first_key"]] for r in (row, lost)]).key)
        lost["joined"], lost["witnesses"] = kept, 0
        self._merged.append((gone, kept))
        self._changed |= {kept, gone}
        self._of = {k: kept if q == gone else q for k, q in self._of.items()}
        self._filed = {k: kept if q == gone else q for k, q in self._filed.items()}
        return kept

    def _fetch(self, wanted: Iterable[int]) -> None:
        """Get statements and their quotations that are not in memory yet."""
        missing = [k for k in wanted if k not in self._witnesses]
        if not missing:
            return
        joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
        joined = joined.outerjoin(outlets, outlets.c.key == statements.c.outlet_key)
        query = select(*witness_columns()).select_from(joined)
        # A quotation that became a part of another while this batch was made is not marked so in the table yet.
        gone = dict(self._merged)
        groups: set[int] = set()
        for some in chunks(missing):
            for row in self._connection.execute(query.where(statements.c.key.in_(some))):
                self._witnesses[row.key] = witness_of_row(row)
                self._ids[row.key] = f"{row.article} {row.id}"
                group = row.quotation_key
                while group in gone:
                    group = gone[group]
                if group is not None:
                    self._of[row.key] = group
                    groups.add(group)
        for some in chunks(groups - self._rows.keys()):
            for row in self._connection.execute(select(quotations).where(quotations.c.key.in_(some))):
                self._rows[row.key] = row._asdict()

    def write_quotations(self, waiting: Iterable[dict[str, Any]]) -> None:
        """Write the quotations, before the statements that point at them; those are told which.

        Args:
            waiting: Rows of statements that are still to be written.
        """
        for row in waiting:
            row["quotation_key"] = self._of.get(row["key"])
            self._filed.pop(row["key"], None)
        if self._new:
            self._connection.execute(insert(quotations), [self._rows[k] for k in sorted(self._new)])
        known = sorted(self._changed - self._new)
        if known:
            change = update(quotations).where(quotations.c.key == bindparam("k"))
            columns = ("reference_key", "first_key", "witnesses", "joined")
            self._connection.execute(
                change.values({c: bindparam(f"n_{c}") for c in columns}), [{"k": k} | {f"n_{c}": self._rows[k][c] for c in columns} for k in known]
            )
        for gone, kept in self._merged:
            self._connection.execute(update(statements).where(statements.c.quotation_key == gone).values(quotation_key=kept))
        if self._filed:
            change = update(statements).where(statements.c.key == bindparam("k")).values(quotation_key=bindparam("q"))
            self._connection.execute(change, [{"k": k, "q": q} for k, q in sorted(self._filed.items())])
        self._new, self._changed, self._filed, self._merged = set(), set(), {}, []

    def write_prints(self) -> None:
        """Write the prints: after the statements that they point at."""
        insert_pairs(self._connection, prints, self._new_prints)
        self._new_prints = []


def is_long(kind: str, marks: Sequence[int]) -> bool:
    """Whether a statement has many words of its own: of a mixed one, the part between marks may be short, whatever stands around it."""
    return kind != QuoteKind.MIXED and len(marks) >= _LONG


def _both(mark: int) -> tuple[int, int]:
    """Under which number a print stands for short statements, and for long ones: they differ in the last bit, and lie side by side."""
    return mark & ~1, mark | 1


def _to_the_letter(one: Witness, other: Witness) -> bool:
    """Whether two witnesses need no comparing: the same speaker, and so many of the same words that it is no chance."""
    if one.content != other.content or one.speaker_id != other.speaker_id:
        return False
    if one.speaker_id is None:
        return one.speaker is other.speaker is None and one.verbatim == other.verbatim and any(v.count(" ") >= 2 * _MANY for v in one.verbatim)
    return one.content.count(" ") >= _MANY


def _zoned(moment: datetime | None) -> datetime | None:
    """A moment with a time zone: one that the article does not say is taken as UTC, so that moments compare."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def group_all(connection: Connection) -> None:
    """Make all quotations anew, from the statements as they stand: for a ledger that has none yet, or another way of telling them.

    Statements come in the order in which they were filed, so that the result is what filing them would have given.

    Args:
        connection: A writing one.
    """
    from onrecord.statements.quotations import prints as prints_of

    connection.execute(update(statements).where(statements.c.quotation_key.is_not(None)).values(quotation_key=None))
    connection.execute(delete(prints))
    connection.execute(delete(quotations))
    joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
    query = select(*witness_columns()).select_from(joined.outerjoin(outlets, outlets.c.key == statements.c.outlet_key))
    order = list(connection.execute(select(statements.c.key).order_by(statements.c.reading_key, statements.c.key)).scalars())
    keys = Keys(connection)
    for some in chunks(order):
        rows = {row.key: row for row in connection.execute(query.where(statements.c.key.in_(some)))}
        witnesses = [witness_of_row(rows[key]) for key in some]
        marks = [prints_of(witness) for witness in witnesses]
        quoting = Quoting(connection, keys)
        quoting.expect((is_long(w.kind, of), of) for w, of in zip(witnesses, marks, strict=True))
        for key, witness, of in zip(some, witnesses, marks, strict=True):
            if of:
                quoting.place(witness, f"{rows[key].article} {rows[key].id}", of)
        quoting.write_quotations([])
        quoting.write_prints()

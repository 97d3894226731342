"""`onrecord actor`, `statement` and `quotation`: one thing of the ledger, with all that is known of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from onrecord.cli.comparing import beside
from onrecord.cli.evidence import positions_table
from onrecord.cli.found import around, hits_table, speaker_of
from onrecord.cli.ledgers import USAGE, Debug, Form, Format, LedgerName, opened
from onrecord.cli.printing import as_json, console, facts, grid, is_plain, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.cli.screen import reasoned

if TYPE_CHECKING:
    from onrecord.desk import ActorPage
    from onrecord.ledger import Actor, Carried, Evidence, Hit, Ledger

__all__ = ["actor", "quotation", "statement"]

#: Statements of an actor, if the user does not say.
_NEWEST = 10
#: Characters of the text on either side of a statement: all that a hit has.
_CONTEXT = 160


def actor(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, a part of one that only one actor has, or an id.", show_default=False)],
    *,
    limit: Annotated[int, typer.Option(min=0, help="How many of the newest statements.")] = _NEWEST,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show what the ledger holds of an actor: names, statements by outlet and kind, the newest of them.

    \b
    Examples:
      onrecord actor "Ludmila Sorev"
      onrecord actor Sorev --limit 50
      onrecord actor a1:0f3a5c7d9e1b2a4c6e80 --format json

    Exit codes: 0 done, 2 nobody is called so, or several are (they are listed).
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        found = desk.ledger.actors(name)
        if len(found) > 1:
            _put_several(name, found, form)
            raise typer.Exit(USAGE)
        page = desk.actor(found[0].id if found else name)
        first = next(page.statements(limit=1, oldest=True), None)
        newest = list(page.statements(limit=limit))
        if form is Form.JSON:
            ends = {"first": first.where.day if first else None, "last": _last(page, newest)}
            put(as_json({**page.to_json(), **ends, "newest": [h.to_json() for h in newest]}))
            return
        put(one_line(page.name), *facts(_profile(page, first, newest)))
        if newest:
            to = console()
            put("", hits_table(newest, None, to), to=to)
        if page.total > len(newest):
            put(f"{len(newest):,} of {page.total:,}; --limit for more, `onrecord search --actor {page.actor.id}` for all")


def _put_several(name: str, found: list[Actor], form: Form) -> None:
    if form is Form.JSON:
        put(as_json({"actors": [a.to_json() for a in found]}))
    else:
        put(grid(("actor", "type", "country", "statements", "id"), [(a.name, a.type, a.country or "", f"{a.statements:,}", a.id) for a in found]))
    say_plainly(f"onrecord: {name}: {len(found)} actors may be meant (give an id)")


def _profile(page: ActorPage, first: Hit | None, newest: list[Hit]) -> list[tuple[str, str | None]]:
    known = page.actor
    rows = [("type", known.type), ("country", known.country), ("also", "; ".join(known.names[1:]))]
    rows += [("id", known.id), ("other ids", " ".join(known.ids[1:])), ("statements", f"{page.total:,}")]
    rows += [("first, last", f"{first.where.day}, {_last(page, newest)}" if first else None)]
    return [*rows, ("outlets", _counts(page.outlets)), ("kinds", _counts(page.kinds))]


def _last(page: ActorPage, newest: list[Hit]) -> str | None:
    last = newest[0] if newest else next(page.statements(limit=1), None)
    return last.where.day if last else None


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in counts.items())


# Statement --------------------------------------------------------------------------------------------------------------------------


def statement(
    name: Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, as `onrecord search` shows it.", show_default=False)],
    *,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show everything of one statement: the words around it, who may be meant and why, what people judged, who read it.

    Also what is done by saying it, and the positions it shows, with scores, conditions, and what each person coded.

    \b
    Examples:
      onrecord statement s1:0f3a5c7d9e1b2a4c6e80
      onrecord statement s1:0f3a5c7d9e1b2a4c6e80 --format json

    Exit codes: 0 done, 2 there is no such statement, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        hits = desk.statement(name)
        judged, held = _judgements(desk.ledger, hits), _positions(desk.ledger, hits)
        if form is Form.JSON:
            reasons = [h.entry.occasion.when.reason for h in hits]
            told = [{"when_reason": r, "judgements": judged.get(h.key, []), "evidence": _told(held[h.key])} for h, r in zip(hits, reasons, strict=True)]
            rows = [h.to_json() | more for h, more in zip(hits, told, strict=True)]
            put(as_json({"statements": rows}))
            return
        for number, hit in enumerate(hits):
            put(*([""] if number else []))
            _put_statement(hit, judged.get(hit.key, []), held[hit.key])


def _put_statement(hit: Hit, judged: list[dict[str, Any]], held: list[Evidence]) -> None:
    to, where = console(), hit.where
    put(one_line(where.title or where.source))
    state = "shown" if hit.shown else "not shown: judged wrong" if hit.verdict == "wrong" else "not shown: another text or reading took its place"
    rows = [("outlet", where.outlet), ("day", where.day), ("address", where.url or where.source), ("revision", where.revision), ("state", state)]
    put(*facts([*rows, ("actor", f"{hit.actor[1]} ({hit.actor[0]})" if hit.actor else None), ("quotation", hit.quotation)]))
    before, after = around(hit, _CONTEXT)
    put(*facts([("before", before), ("after", after)]))
    if hit.corrected:
        put(
            *facts([(f"{k}, corrected", " … ".join(p["exact"] for p in v) if isinstance(v, list) else v or "none") for k, v in hit.corrected.to_json().items()])
        )
    reasoned(hit.entry, to)
    machine = hit.entry.act
    said = f"{machine.act}, {machine.score:.2f}, {machine.coder}" if machine else ""
    by_hand = f"{hit.act}, by hand" if hit.act and (machine is None or hit.act is not machine.act) else ""
    put(*facts([("act", "; ".join(filter(None, (by_hand, said))))]))
    if held:
        put("", positions_table(held), to=to)
        codings = [(c, e.issue) for e in held for c in e.codings]
        cells = [
            (c.id, issue, "unsure" if c.unsure else str(c.stance or "none"), str(c.act or ""), c.by, c.on.isoformat()[:16], c.note or "")
            for c, issue in codings
        ]
        if cells:
            put("", grid(("coding", "issue", "stance", "act", "by", "on", "note"), cells), to=to)
    if judged:
        rows_ = [(j["id"], j["verdict"] + _told_instead(j), j["by"], j["on"][:16], j["note"] or "") for j in judged]
        put("", grid(("judgement", "verdict", "by", "on", "note"), rows_), to=to)


def _positions(ledger: Ledger, hits: list[Hit]) -> dict[int, list[Evidence]]:
    """Positions by key of the statement that shows them; a statement of an id may stand in several articles."""
    out: dict[int, list[Evidence]] = {h.key: [] for h in hits}
    for one in ledger.evidence_of(hits[0].id):
        if one.hit is not None:
            out[one.hit.key].append(one)
    return out


def _told(held: list[Evidence]) -> list[dict[str, Any]]:
    """Positions as JSON, without the statement that they are told beside."""
    return [{k: v for k, v in e.to_json().items() if k not in ("statement", "article", "words")} for e in held]


def _told_instead(judgement: dict[str, Any]) -> str:
    """What is right instead, by a judgement: a speaker, or cells with their offsets."""
    if judgement["value"]:
        return "".join(f" {k} {v}" for k, v in judgement["value"].items() if k != "revision")
    return f" {judgement['speaker']}" if judgement["speaker"] else ""


def _judgements(ledger: Ledger, hits: list[Hit]) -> dict[int, list[dict[str, Any]]]:
    """Judgements that stand, by key of the statement that they are about or were carried over to."""
    from onrecord.ledger.judging import standing
    from onrecord.ledger.words import folded

    with ledger.database.reading() as connection:
        rows = standing(connection, {h.where.article for h in hits})
    out: dict[int, list[dict[str, Any]]] = {}
    for hit in hits:
        words = folded(hit.content).split()
        mine = [r for r in rows.get(hit.where.article, []) if r.left == hit.id or folded(r.words).split() == words]
        out[hit.key] = [
            {"id": r.id, "verdict": r.verdict, "speaker": r.right, "by": r.by, "on": r.on, "note": r.note, "value": json.loads(r.value or "null")} for r in mine
        ]
    return out


# Quotation --------------------------------------------------------------------------------------------------------------------------


def quotation(
    name: Annotated[str, typer.Argument(metavar="QUOTATION", help="Its id, or that of a statement.", show_default=False)],
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also in texts that were replaced.")] = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show every outlet that carried the same words by the same speaker, who was first, and how the wordings differ.

    \b
    Examples:
      onrecord quotation q1:0f3a5c7d9e1b2a4c6e80
      onrecord quotation s1:0f3a5c7d9e1b2a4c6e80 --all

    Exit codes: 0 done, 2 there is no such quotation, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        carried = desk.quotation(name, everything=everything)
        if form is Form.JSON:
            put(as_json(carried.to_json()))
        else:
            _put_quotation(carried)


def _put_quotation(carried: Carried) -> None:
    to, first = console(), carried.first
    outlets = list(dict.fromkeys(w.where.outlet or "(unknown)" for w in carried.witnesses))
    put(one_line(carried.reference.content))
    rows = [("speaker", speaker_of(carried.reference)), ("id", carried.id)]
    rows += [("first seen", f"{first.where.day}, {first.where.outlet or '(unknown outlet)'}, {first.where.url or first.where.source}")]
    put(*facts([*rows, ("carried by", f"{len(outlets):,}: {'; '.join(outlets)}")]), "")
    seen = [(w.where.day, w.where.outlet or "", speaker_of(w), str(w.entry.statement.kind), w.where.url or w.where.source, w.id) for w in carried.witnesses]
    put(grid(("day", "outlet", "speaker", "kind", "address", "id"), seen), to=to)
    if len(carried.variants) > 1:
        put("", grid(("longest wording", "as carried", "by"), [_variant(carried, v.words, v.witnesses, plain=is_plain(to)) for v in carried.variants]), to=to)


def _variant(carried: Carried, words: str, witnesses: tuple[Hit, ...], *, plain: bool) -> tuple[Text, Text, str]:
    reference, wording = beside(carried.reference.content, words, plain=plain)
    return reference, wording, "; ".join(dict.fromkeys(w.where.outlet or w.where.source for w in witnesses))

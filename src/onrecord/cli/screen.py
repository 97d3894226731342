"""A record on a screen: the article's header, what stands against it, its statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from onrecord.desk import Record
from onrecord.entry import Entry

__all__ = ["counting", "explained", "reasoned", "show", "visible"]


def show(record: Record, console: Console, *, first: bool = True) -> None:
    """Print a record for people: the article's header, what stands against it, the statements."""
    article = record.article
    data = article.to_json(text=False)
    if not first:
        console.print()
    console.print(f"[bold]{_safe(article.title or article.source)}[/bold]", highlight=False)
    facts = [
        ("outlet", article.outlet),
        ("by", article.byline),
        ("section", article.section),
        ("published", data["published"]),
        ("updated", data["updated"]),
        ("url", article.url),
    ]
    facts += [("language", article.language), ("revision", article.revision.id)]
    for name, value in facts:
        if value:
            console.print(f"  {name:<10}{_safe(str(value))}", highlight=False, soft_wrap=True)
    for note in article.notes:
        console.print(f"  [yellow]note[/yellow]      {_safe(note)}", highlight=False, soft_wrap=True)
    if not record.statements:
        console.print("  no attributed statements", highlight=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("speaker", ratio=4, overflow="fold")
    table.add_column("when, where", ratio=2, overflow="fold")
    table.add_column("kind", no_wrap=True)
    table.add_column("words", ratio=10, overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    for entry in record.entries:
        s = entry.statement
        kind = str(s.kind) if s.paragraph == "body" else f"{s.kind}, {s.paragraph}"
        table.add_row(_speaker(entry), _occasion(entry), kind, _safe(" … ".join(c.exact for c in s.content)), f"{s.score:.2f}")
    console.print(table)


def explained(record: Record, entry: Entry, console: Console) -> None:
    """Print why a statement has its speaker, chain and date, under the title of its article."""
    console.print(f"[bold]{_safe(record.article.title or record.article.source)}[/bold]", highlight=False)
    reasoned(entry, console)


def reasoned(entry: Entry, console: Console) -> None:
    """Print why a statement has its speaker, chain and date."""
    statement, voice, occasion = entry.statement, entry.voice, entry.occasion
    speaker = voice.speaker

    def line(name: str, value: str | None) -> None:
        if value:
            console.print(f"  {name:<12}{_safe(value)}", highlight=False, soft_wrap=True)

    line("statement", entry.id)
    line("words", " … ".join(c.exact for c in statement.content))
    line("source", statement.mention)
    line("cue", " … ".join(c.exact for c in statement.cue))
    console.print()
    console.print(f"[bold]speaker[/bold]     {_safe(speaker.name or 'unknown')} ({speaker.type}, {speaker.score:.2f})", highlight=False, soft_wrap=True)
    for reason in speaker.reasons:
        weight = "" if reason.weight is None else f"{reason.weight:+.2f}  "
        console.print(f"    {weight:<8}{_safe(reason.text)}", highlight=False, soft_wrap=True)
    for candidate in speaker.candidates:
        console.print(f"  may be      {_safe(candidate.name)} ({candidate.type}, {candidate.score:.2f})", highlight=False, soft_wrap=True)
        for reason in candidate.reasons:
            weight = "" if reason.weight is None else f"{reason.weight:+.2f}  "
            console.print(f"    {weight:<8}{_safe(reason.text)}", highlight=False, soft_wrap=True)
    for name, span in (("role", speaker.role), ("organization", speaker.organization), ("ground", speaker.ground), ("author", speaker.author)):
        line(name, f"{span.exact} (characters {span.start} to {span.end})" if span else None)
    line("country", f"{speaker.country}, from “{speaker.country_basis.exact}”" if speaker.country and speaker.country_basis else speaker.country)
    line("through", " > ".join(i.name for i in voice.chain))
    line("to", voice.addressee.name if voice.addressee else None)
    when, where = occasion.when, occasion.where
    line("said on", f"{when.edtf or 'not stated'}: {when.reason}" + (f", “{when.basis.exact}”" if when.basis else ""))
    line("venue", where.venue.exact if where.venue else None)
    line("place", where.place.exact if where.place else None)
    line("reader", f"{statement.reader}, statement {statement.score:.2f}")


def _speaker(entry: Entry) -> str:
    """Name, what the article says of it, the words it was read from, the road it came."""
    speaker, mention = entry.voice.speaker, entry.statement.mention
    out = f"[bold]{_safe(speaker.name)}[/bold]" if speaker.name else "(unknown)"
    about = ", ".join(x for x in (speaker.role.exact if speaker.role else None, speaker.affiliation) if x and x not in (speaker.name or ""))
    out += f", {_safe(about)}" if about else ""
    notes = [f"“{mention}”" if mention and mention != speaker.name else "", "carried on" if str(entry.statement.attribution) == "continuation" else ""]
    if speaker.candidates:
        notes.append("may be " + " or ".join(f"{c.name} {c.score:.2f}" for c in speaker.candidates[:2]))
    notes += ["through " + ", ".join(i.name for i in entry.voice.chain)] if entry.voice.chain else []
    notes += ["to " + entry.voice.addressee.name] if entry.voice.addressee else []
    kept = "; ".join(n for n in notes if n)
    return f"{out} [dim]({_safe(kept)})[/dim]" if kept else out


def _occasion(entry: Entry) -> str:
    where = entry.occasion.where
    return _safe(", ".join(x for x in (entry.said_on, where.venue.exact if where.venue else None, where.place.exact if where.place else None) if x))


def _safe(text: str) -> str:
    return escape(visible(" ".join(text.split())))


def visible(text: str) -> str:
    """A text that cannot move the cursor, ring the bell or change colours."""
    return "".join(c if c.isprintable() or c in "\n\t\xa0" else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    if "\ud800" <= c <= "\udfff":
        return "\ufffd"
    # Joiners and direction marks are left out: a terminal shows nothing for them, or the rest of the line backwards.
    return f"\\x{ord(c):02x}" if ord(c) <= _LATIN else ""


_LATIN = 0xFF


@contextmanager
def counting() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; gives a function of how many are done and how many there are."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

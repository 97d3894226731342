"""`onrecord search`: statements, or articles, that match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.found import ARTICLE_COLUMNS, STATEMENT_COLUMNS, article_row, articles_table, csv_line, hits_table, statement_row
from onrecord.cli.ledgers import Debug, LedgerName, RowForm, RowFormat, opened
from onrecord.cli.printing import as_json, console, json_line, output_to, put, stream
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.ledger import ArticleHit, Hit, Query

__all__ = ["Order", "search"]

#: Rows of a table or of JSON, if the user does not say.
_PAGE = 20


class Order(StrEnum):
    """In which order."""

    DATE = "date"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


def _several(name: str, told: str, metavar: str = "NAME") -> Any:  # noqa: ANN401 - typer's own type
    return typer.Option(name, metavar=metavar, help=f"{told} May be given more than once.", show_default=False)


def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS...", help="What was said. Without words, everything.", show_default=False)] = None,
    *,
    actor: Annotated[list[str] | None, _several("--actor", "Who spoke: a name, a part of one, or an id.")] = None,
    outlet: Annotated[list[str] | None, _several("--outlet", "Who published it: a name or a part of one.")] = None,
    kind: Annotated[list[str] | None, _several("--kind", "direct, indirect or mixed.", "KIND")] = None,
    act: Annotated[list[str] | None, _several("--act", "What is done by saying it: assert, support, reject, demand, propose, promise ...", "ACT")] = None,
    type_: Annotated[
        list[str] | None, _several("--type", "What the speaker is: person, organization, state, group, document, unnamed, unknown.", "TYPE")
    ] = None,
    country: Annotated[list[str] | None, _several("--country", "The speaker's, as two letters.", "CODE")] = None,
    issue: Annotated[list[str] | None, _several("--issue", "What the statement shows a position on: id or label of an issue.", "ISSUE")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day of publication: 2025-03-14, 2025-03 or 2025.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day, likewise.", show_default=False)] = None,
    min_score: Annotated[float | None, typer.Option(min=0, max=1, help="Leave out what the reader is less sure of.", show_default=False)] = None,
    sort: Annotated[Order, typer.Option(help="The newest first, the oldest, or the best match.")] = Order.DATE,
    limit: Annotated[int | None, typer.Option(min=0, help="How many at most. Default: 20; all with jsonl and csv.", show_default=False)] = None,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over first.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Also texts that were replaced, superseded readings, and what was judged wrong.")] = False,
    articles: Annotated[bool, typer.Option("--articles", help="Articles instead of statements.")] = False,
    form: RowFormat = RowForm.TABLE,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead.", show_default=False)] = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Find statements by what was said, by whom, where and when.

    Words are looked for without regard to case and accents: all of them, "a phrase" (quoted once more for the shell), this OR that, begin*, and
    -without, which goes inside the quotes or after --.

    \b
    Examples:
      onrecord search ceasefire
      onrecord search '"prisoner exchange" OR swap' --actor Sorev --since 2026-03
      onrecord search 'talks -Geneva' --type unnamed --sort relevance
      onrecord search --act threaten --act warn --country KE
      onrecord search --issue ceasefire-30d --actor Sorev --sort oldest
      onrecord search --outlet Chronicle --format csv --output chronicle.csv
      onrecord search harbour --articles

    Columns of csv: id, day, said_on, speaker, actor_id, type, country, kind, content, cue, source (the words that name the speaker), outlet, title,
    url (or the file), score, quotation, verdict, reader, revision. For articles: id, day, outlet, title, url, statements, revision.

    Exit codes: 0 done, also if nothing was found, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    if articles and (actor or kind or act or type_ or country or issue or min_score or everything):
        raise UsageError("articles are found by words, outlets and days", hint="leave out the other options, or --articles")
    rows = limit if limit is not None else None if form in (RowForm.JSONL, RowForm.CSV) else _PAGE
    filters: dict[str, Any] = {"actor": actor, "outlet": outlet, "kind": kind, "act": act, "type": type_, "country": country, "issue": issue}
    filters = {k: v for k, v in filters.items() if v}
    with opened(ledger, debug=debug) as desk:
        from onrecord.desk.searching import query

        asked = query(" ".join(words or ()), **filters, since=since, until=until, min_score=min_score, everything=everything, sort=sort.value)
        _print(desk, asked, articles=articles, form=form, output=output, limit=rows, offset=offset)


def _print(desk: Desk, asked: Query, *, articles: bool, form: RowForm, output: str | None, limit: int | None, offset: int) -> None:
    find: Callable[..., Iterator[Any]] = desk.ledger.search_articles if articles else desk.ledger.search
    # A count and rows of the same question; the first row is fetched before anything is printed, so that a wrong question prints nothing.
    found = _begun(find(asked, limit=limit, offset=offset))
    if form is RowForm.JSONL:
        stream((json_line(h.to_json()) for h in found), output)
    elif form is RowForm.CSV:
        columns, row = (ARTICLE_COLUMNS, article_row) if articles else (STATEMENT_COLUMNS, statement_row)
        stream(chain([csv_line(columns)], (csv_line(row(h)) for h in found)), output)
    else:
        hits = list(found)
        total = desk.ledger.count_articles(asked) if articles else desk.ledger.count(asked)
        if form is RowForm.JSON:
            stream([as_json({"total": total, "articles" if articles else "statements": [h.to_json() for h in hits]}) + "\n"], output)
        else:
            _table(hits, asked, total, articles=articles, output=output, offset=offset)


def _table(hits: list[Any], asked: Query, total: int, *, articles: bool, output: str | None, offset: int) -> None:
    from onrecord.ledger.words import parse

    terms = parse(asked.words)
    with output_to(output) as target:
        to = console(target if output else None)
        if hits:
            put(articles_table(hits, terms) if articles else hits_table(hits, terms, to), to=to)
        put(_total(len(hits), total, "article" if articles else "statement", offset), to=to)


def _total(shown: int, total: int, noun: str, offset: int) -> str:
    if not total:
        return f"no {noun}s found"
    if shown == total:
        return f"{total:,} {noun}{'' if total == 1 else 's'}"
    return f"{shown:,} of {total:,}{f', after the first {offset:,}' if offset else ''}; --limit, --offset for more"


def _begun(found: Iterator[Hit] | Iterator[ArticleHit]) -> Iterator[Any]:
    first = next(found, None)
    return iter(()) if first is None else chain([first], found)

"""Statements as CSV, one a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from onrecord.articles.article import Article
from onrecord.entry import Entry

__all__ = ["COLUMNS", "to_csv"]

COLUMNS = (
    "id", "revision", "source", "outlet", "title", "published", "speaker", "speaker_id", "type", "role", "affiliation", "country",
    "mention", "candidates", "chain", "addressee", "said_on", "said_on_basis", "venue", "place", "cue", "content", "kind",
    "attribution", "verbatim", "insertions", "paragraph", "score", "reader", "start", "end",
)  # fmt: skip
#: A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(article: Article, entries: Sequence[Entry], *, header: bool = True) -> str:
    """Statements as rows of RFC 4180 CSV.

    Parts of a discontinuous span are joined by ` … `. A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Args:
        article: The article they were read from.
        entries: Its statements with their speakers.
        header: Begin with the names of the columns.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header:
        writer.writerow(COLUMNS)
    data = article.to_json(text=False)
    for entry in entries:
        s, speaker, occasion = entry.statement, entry.voice.speaker, entry.occasion
        joined = {
            name: " … ".join(x.exact for x in spans)
            for name, spans in (("cue", s.cue), ("content", s.content), ("verbatim", s.verbatim), ("insertions", s.insertions))
        }
        row = {
            "id": s.id, "revision": s.revision, "source": article.source, "outlet": article.outlet, "title": article.title,
            "published": data["published"],
            "speaker": speaker.name, "speaker_id": speaker.id, "type": str(speaker.type), "role": speaker.role.exact if speaker.role else None,
            "affiliation": speaker.affiliation, "country": speaker.country, "mention": s.mention,
            "candidates": "; ".join(f"{c.name} ({c.score:.2f})" for c in speaker.candidates),
            "chain": " > ".join(i.name for i in entry.voice.chain), "addressee": entry.voice.addressee.name if entry.voice.addressee else None,
            "said_on": occasion.when.edtf, "said_on_basis": occasion.when.basis.exact if occasion.when.basis else None,
            "venue": occasion.where.venue.exact if occasion.where.venue else None, "place": occasion.where.place.exact if occasion.where.place else None,
            "kind": str(s.kind), "attribution": str(s.attribution), "paragraph": s.paragraph,
            "score": f"{s.score:.4f}", "reader": s.reader,
            "start": str(s.content[0].start), "end": str(s.content[-1].end), **joined,
        }  # fmt: skip
        writer.writerow([_cell(row[c]) for c in COLUMNS])
    return out.getvalue()


def _cell(value: str | None) -> str:
    text = (value or "").replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text

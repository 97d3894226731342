"""A ledger with positions on one issue, as a machine found them, for coding by hand: one article a statement."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from invented import FIRST_DAY, compose, filing_of

from onrecord.ledger import Filing, Ledger
from onrecord.positions import Act, Coded, Issue, Position, Stance
from onrecord.sources import Document
from onrecord.text import Span

ISSUE = Issue("levy", "A levy on berths in the harbour", pro="raising the levy", contra="leaving it as it is")
MACHINE = "positions-0.0.1"

#: Words, what the machine says (None: no position), its score, and the words of a condition.
Row = tuple[str, Stance | None, float, str | None]
SAID: tuple[Row, ...] = (
    ("the levy will be raised before the winter", Stance.SUPPORT, 0.91, None),
    ("we refuse to pay one crown more for a berth", Stance.OPPOSE, 0.84, None),
    ("we would pay it if the harbour is dredged", Stance.CONDITIONAL, 0.62, "if the harbour is dredged"),
    ("the council will speak of the levy on Monday", Stance.NEUTRAL, 0.55, None),
    ("the fleet leaves at dawn and comes back at noon", Stance.SUPPORT, 0.51, None),
    ("nobody who pays for a berth wants the levy", Stance.OPPOSE, 0.77, None),
    ("the ferry to the islands is late again", None, 0.0, None),
)


def filing(number: int, row: Row) -> Filing:
    """An article with one statement."""
    words, stance, score, condition = row
    url, published = f"https://kestrel.example/{number}", FIRST_DAY + timedelta(days=number)
    speaker = ("Ilsa Brandt", "Pavel Ost", "Jorun Vale")[number % 3]
    said = [("direct", words, speaker, "NO", "the harbour lay quiet on that day and the boats were in")]
    article, (entry,) = compose(f"Berths {number}", said, url=url, outlet="The Kestrel", published=published)
    text = article.revision.text
    start = text.index(condition) if condition else 0
    spans = (Span.of(text, start, start + len(condition)),) if condition else ()
    found = () if stance is None else (Position(ISSUE.id, stance, score, spans, None, MACHINE),)
    made = replace(entry, positions=found, act=Coded(Act.ASSERT, 0.7, MACHINE))
    return filing_of(Document(text.encode(), url, url=url, media_type="text/plain", fetched=published), article, (made,), marks=False)


def fill(ledger: Ledger, said: Sequence[Row] = SAID) -> Ledger:
    """Put the issue and the articles into an empty ledger."""
    ledger.add_issue(ISSUE, by="mira", on=FIRST_DAY)
    ledger.write([replace(filing(n, row), examined=((ISSUE.digest, MACHINE),)) for n, row in enumerate(said)], now=FIRST_DAY + timedelta(days=400))
    return ledger

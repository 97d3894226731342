"""What is added to reading by finding actors (who, through whom, when and where), and by coding acts and positions.

    python benchmarks/actors.py [--articles news.jsonl.xz] [--number 20] [--rounds 5]

Contestants take turns in one process: statements alone, with actors, with acts, and with positions on the five issues of examples/agenda.yaml, which no
text here is about. What counts is the ratio of the medians.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from speed import machine, stories, take_turns

from onrecord.articles import read_articles
from onrecord.entry import entries_of
from onrecord.positions import Agenda
from onrecord.positions.coder import Coder
from onrecord.reading import Reader
from onrecord.sources import from_text
from onrecord.statements import find_statements


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--articles", type=Path, help="JSON lines with a `text`, may be .xz; default: made from tests/corpus")
    p.add_argument("--number", type=int, default=20)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--model", default=None)
    a = p.parse_args()
    texts = stories(a.articles, a.number)
    alone, whole = Reader.load(a.model, actors=False), Reader.load(a.model)

    def statements() -> None:
        for text in texts:
            for article in read_articles(from_text(text)):
                find_statements(article, alone.read(article))

    def entries(coder: Coder | None = None, agenda: Agenda | None = None) -> None:
        for text in texts:
            for article in read_articles(from_text(text)):
                reading = whole.read(article)
                entries_of(article, reading, find_statements(article, reading), coder=coder, agenda=agenda)

    coder, agenda = Coder.load(), Agenda.from_yaml((Path(__file__).parents[1] / "examples" / "agenda.yaml").read_text(encoding="utf-8"))
    contestants = {
        "statements alone": statements,
        "with actors and occasions": entries,
        "and acts": functools.partial(entries, coder),
        "and positions on 5 issues": functools.partial(entries, coder, agenda),
    }
    spent = take_turns(contestants, a.rounds)
    words = sum(len(t.split()) for t in texts)
    print(f"{machine()}; {whole.name}; {len(texts)} texts of {words // len(texts)} words")
    for name, seconds in spent.items():
        print(f"{name:<28}{len(texts) / seconds:6.2f} articles/s {seconds / spent['statements alone']:6.2f} times")


if __name__ == "__main__":
    main()

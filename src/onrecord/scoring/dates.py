"""When a statement was made, against hand-judged attributions kept as offsets (`tests/occasions/polnear-dev-said-on.jsonl`)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from onrecord.errors import UsageError
from onrecord.reading import Reader
from onrecord.scoring.given import entries_given, given_statement, plain_article

__all__ = ["Dated", "judge_dates"]


@dataclass(frozen=True, slots=True)
class Dated:
    """One judged attribution and what was found."""

    document: str
    #: Offset of the content, to find it again.
    start: int
    #: EDTF, None where the text does not say.
    gold: str | None
    #: Other values that a careful reader could defend.
    also: tuple[str | None, ...]
    found: str | None
    #: Why, in words.
    reason: str
    #: The judge found the words in another sentence.
    inherited: bool
    stratum: str

    @property
    def right(self) -> bool:
        """Exactly the gold value."""
        return self.found == self.gold

    @property
    def defensible(self) -> bool:
        """The gold value or one of the others."""
        return self.right or self.found in self.also


def judge_dates(
    judgements: Path, corpus: Mapping[str, Mapping[str, Any]], reader: Reader, *, progress: Callable[[int, int], None] | None = None
) -> list[Dated]:
    """Date judged attributions.

    Args:
        judgements: JSON lines of offsets.
        corpus: PolNeAR's records by document id.
        reader: A loaded reader.
        progress: Told how many documents are done, of how many.

    Raises:
        UsageError: A line is damaged or its document is not in the corpus.
    """
    by_document: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, line in enumerate(judgements.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            by_document[record["doc"]].append(record)
            _ = corpus[record["doc"]], record["content"], record["said_on"]
        except (ValueError, KeyError) as error:
            raise UsageError(f"no such judgement: {error}", item=f"{judgements}:{number}", hint="give the corpus that the offsets were made on") from None
    out: list[Dated] = []
    for done, (name, records) in enumerate(by_document.items()):
        if progress:
            progress(done, len(by_document))
        out += _dated(name, records, corpus[name], reader)
    return out


def _dated(name: str, records: Sequence[Mapping[str, Any]], document: Mapping[str, Any], reader: Reader) -> list[Dated]:
    article = plain_article(document["text"], published=datetime.fromisoformat(document["publication_date"]))
    sources = {json.dumps(a.get("content")): a.get("source") or [] for a in document["attributions"]}
    given = [
        given_statement(article, reader.name, source=sources.get(json.dumps(r["content"]), []), cue=r.get("cue") or [], content=r["content"]) for r in records
    ]
    return [
        Dated(
            document=name,
            start=r["content"][0][0],
            gold=r["said_on"],
            also=tuple(r.get("also", ())),
            found=e.said_on,
            reason=e.occasion.when.reason,
            inherited=bool(r.get("inherited")),
            stratum=r.get("stratum", ""),
        )
        for r, e in zip(records, entries_given(article, given, reader), strict=True)
    ]

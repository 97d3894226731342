"""Issues that a desk suggests: recurring demands and proposals of its ledger, to be accepted or refused by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.desk.login import login
from onrecord.desk.reading import coder_named
from onrecord.desk.searching import day
from onrecord.errors import UsageError
from onrecord.ledger.suggesting import SuggestionJudgement
from onrecord.positions.keyphrases import Background
from onrecord.positions.lean import Vectors
from onrecord.positions.suggesting import Refused, Suggestion, Thresholds, suggest

if TYPE_CHECKING:
    from onrecord.desk.reading import Settings
    from onrecord.ledger import Ledger

__all__ = ["AT_MOST", "Suggesting", "suggestion_named"]

#: Statements that are looked at, the newest: reading them takes most of the time.
AT_MOST = 5_000
#: Statements of any act that words are counted in.
_BACKGROUND = 20_000
#: Texts that are read between two words on how far it is.
_BLOCK = 128


def suggestion_named(suggestions: Sequence[Suggestion], name: str) -> Suggestion:
    """The suggestion that a user means: by its number in the list, the id that it proposes, or its label.

    Args:
        suggestions: The list, in order.
        name: What the user wrote.

    Raises:
        UsageError: There is none.
    """
    asked = name.strip().casefold()
    if asked.isdecimal() and 1 <= int(asked) <= len(suggestions):
        return suggestions[int(asked) - 1]
    found = [s for s in suggestions if asked in (s.issue.id, s.issue.label.casefold())]
    if not found:
        raise UsageError("there is no such suggestion", item=name, hint=f"give a number from 1 to {len(suggestions)}" if suggestions else "there are none")
    return found[0]


@dataclass(frozen=True, slots=True)
class _Watched:
    """Vectors that say how far they are."""

    vectors_: Vectors
    progress: Callable[[int, int], None]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        def blocks() -> Iterator[NDArray[np.float32]]:
            for start in range(0, len(texts), _BLOCK):
                yield self.vectors_.vectors(texts[start : start + _BLOCK])
                self.progress(min(start + _BLOCK, len(texts)), len(texts))

        return np.concatenate(list(blocks()))


class Suggesting:
    """Issues that may be followed. `Desk` is one."""

    ledger: Ledger
    _settings: Settings
    _now: Callable[[], datetime]

    def suggestions(
        self,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        thresholds: Thresholds | None = None,
        at_most: int = AT_MOST,
        vectors: Vectors | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
    ) -> list[Suggestion]:
        """Find recurring demands and proposals that no issue is about yet.

        The same ledger gives the same list, so that a number of it means the same until something is added, accepted or refused.

        Args:
            since: First day of publication: a date, `2025-03-14`, `2025-03` or `2025`.
            until: Last day, likewise.
            thresholds: When something is suggested.
            at_most: How many statements are looked at, the newest first.
            vectors: What knows the places of texts; None for the package's coder of positions.
            progress: Told how many texts are read, and how many there are.

        Returns:
            Contested ones first, then by how much they recur.

        Raises:
            UsageError: What is given is no day.
            ModelError: The coder of positions is missing or damaged.
        """
        candidates = self.ledger.candidates(since=day(since), until=day(until, last=True), limit=at_most)
        if not candidates:
            return []
        placed = _Watched(vectors or coder_named(self._settings.engine, self._settings.threads), progress)
        background = Background.of(self.ledger.contents(limit=_BACKGROUND))
        return suggest(
            candidates,
            placed,
            background,
            agenda=self.ledger.agenda(retired=True),
            refused=self.ledger.refused_suggestions(),
            thresholds=thresholds,
        )

    def accept_suggestion(
        self,
        suggestion: Suggestion,
        *,
        id: str | None = None,  # noqa: A002 - the word of the agenda
        label: str | None = None,
        aliases: Sequence[str] | None = None,
        pro: str | None = None,
        contra: str | None = None,
        by: str | None = None,
        note: str | None = None,
    ) -> str:
        """Follow an issue that was suggested.

        Args:
            suggestion: It.
            id: Its id; None for the one that is proposed.
            label: What it is; None likewise.
            aliases: Other words for it; None likewise.
            pro: What being for it means; None to leave it open. The suggestion's own draft is a statement, word for word.
            contra: What being against it means, likewise.
            by: Who decides; None for the login.
            note: Why.

        Returns:
            Its id.

        Raises:
            UsageError: The id is taken, or cannot be.
        """
        issue = replace(suggestion.issue, id=id or suggestion.issue.id, label=label or suggestion.issue.label, pro=pro or None, contra=contra or None)
        issue = issue if aliases is None else replace(issue, aliases=tuple(dict.fromkeys(a for a in aliases if a.strip())))
        if self.ledger.agenda(retired=True).get(issue.id) is not None:
            raise UsageError("there is an issue of this id", item=issue.id, hint="give another with --id, or use `onrecord issue edit`")
        said = note or f"suggested from {len(suggestion.members)} statements"
        self.ledger.add_issue(issue, by=login(by), note=said, on=self._now())
        return issue.id

    def refuse_suggestion(self, suggestion: Suggestion, *, by: str | None = None, note: str | None = None) -> None:
        """Refuse an issue that was suggested: what is like it is suggested no more.

        Args:
            suggestion: It.
            by: Who decides; None for the login.
            note: Why.
        """
        statements = tuple(m.statement for m in suggestion.members)
        self.ledger.judge_suggestion(SuggestionJudgement(suggestion.issue.label, suggestion.issue.aliases, statements, login(by), self._now(), note))

    def refused_suggestions(self) -> Sequence[Refused]:
        """Suggestions that were refused, the oldest first."""
        return self.ledger.refused_suggestions()

    def reopen_suggestion(self, label: str, *, by: str | None = None, note: str | None = None) -> None:
        """Take a refusal back: it may be suggested again.

        Args:
            label: What the suggestion was called.
            by: Who decides; None for the login.
            note: Why.

        Raises:
            UsageError: No suggestion of this name was refused.
        """
        self.ledger.judge_suggestion(SuggestionJudgement(label, (), (), login(by), self._now(), note, refused=False))

"""What a person says of a statement, as a desk takes it: words and offsets in, judgements of the ledger out. Each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onrecord.desk.login import login
from onrecord.errors import UsageError
from onrecord.ledger import Coding, StatementJudgement, Verdict
from onrecord.ledger.agenda import issue_named
from onrecord.positions import Act, Stance
from onrecord.statements.statement import QuoteKind
from onrecord.text import Span

if TYPE_CHECKING:
    from onrecord.ledger import Hit, Ledger
    from onrecord.ledger.correcting import Correction
    from onrecord.ledger.judged import Judged

__all__ = ["UNDATED", "Judging", "Places"]

#: Half-open offsets into a statement's text, in code points; or words that stand once in it.
Places = Sequence[tuple[int, int] | str]
#: Instead of a day: the article does not say when.
UNDATED = "none"
_MOST_SHOWN = 60


class Judging:
    """What a desk does with what people say of statements. `Desk` is one."""

    ledger: Ledger
    _now: Callable[[], datetime]

    def judge(self, statement: str, verdict: Verdict | str, *, speaker: str | None = None, by: str | None = None, note: str | None = None) -> str:
        """Judge a statement. The judgement survives every re-reading, and every edit that leaves the words as they are.

        Args:
            statement: Its id.
            verdict: `right`, `wrong`, or `speaker` with who really spoke. What is `corrected` is told to `correct`.
            speaker: Name or id of the actor who spoke.
            by: Who judges; None for the login.
            note: Why.

        Returns:
            Id of the judgement.

        Raises:
            UsageError: There is no such statement, verdict or actor.
        """
        if verdict not in set(Verdict):
            raise UsageError(f"there is no verdict {verdict!r}", hint=f"say {', '.join(Verdict)}")
        verdict = Verdict(verdict)
        if (speaker is not None) != (verdict is Verdict.SPEAKER):
            raise UsageError("a speaker goes with the verdict `speaker`, and only with it", item=statement, hint="name the actor who spoke")
        actor = self.ledger.actor(speaker) if speaker else None
        last = ""
        for hit in self.ledger.statement(statement):
            made = StatementJudgement(hit.id, hit.where.article, hit.content, verdict, actor.id if actor else None, login(by), self._now(), note)
            self.ledger.judge_statement(made)
            last = made.id
        return last

    def correct(
        self,
        statement: str,
        *,
        content: Places | None = None,
        cue: Places | None = None,
        source: Places | None = None,
        kind: QuoteKind | str | None = None,
        said_on: str | None = None,
        by: str | None = None,
        note: str | None = None,
    ) -> str:
        """Correct a statement: its words, its kind, its day. The reader's own values stay beside what is right.

        The correction survives every re-reading, and every edit of the article that leaves the words as they are.

        Args:
            statement: Its id.
            content: Where what was said stands, piece by piece: offsets into the statement's text, or words that stand once in it; of a long piece,
                its first words, `…`, and its last.
            cue: Where the words that attribute it stand, likewise; empty for none.
            source: Where the words that name the speaker stand, likewise; empty for none.
            kind: `direct`, `indirect` or `mixed`.
            said_on: When it was said, EDTF; `none` if the article does not say.
            by: Who corrects; None for the login.
            note: Why.

        Returns:
            Id of the judgement.

        Raises:
            UsageError: There is no such statement, kind or date; or the words stand nowhere in the text, or more than once.
            StatementError: The text has no such offsets.
        """
        if kind is not None and kind not in set(QuoteKind):
            raise UsageError(f"there is no kind {kind!r}", hint=f"kinds are {', '.join(QuoteKind)}")
        hits = self.ledger.statement(statement)
        value = self._correction(hits[0], {"content": content, "cue": cue, "source": source}, kind, said_on)
        last = ""
        for hit in hits:
            told = (login(by), self._now(), note)
            made = StatementJudgement(hit.id, hit.where.article, hit.content, Verdict.CORRECTED, None, *told, value, hit.where.revision)
            self.ledger.judge_statement(made)
            last = made.id
        return last

    def _correction(self, hit: Hit, places: dict[str, Places | None], kind: str | None, said_on: str | None) -> Correction:
        from onrecord.ledger.correcting import Correction

        text = self.ledger.texts([hit.where.revision])[hit.where.revision]
        spans = {name: tuple(sorted(_placed(text, p) for p in given)) for name, given in places.items() if given is not None}
        undated = said_on == UNDATED
        return Correction(**spans, kind=QuoteKind(kind) if kind else None, said_on=None if undated else said_on, undated=undated)

    def code_statement(
        self,
        statement: str,
        issue: str,
        stance: Stance | str | None,
        *,
        act: Act | str | None = None,
        unsure: bool = False,
        by: str | None = None,
        note: str | None = None,
    ) -> str:
        """Say where a statement's speaker stands by it.

        Args:
            statement: Its id.
            issue: Id or label of the issue.
            stance: `support`, `oppose`, `conditional`, `neutral`; None: no position on this issue.
            act: What is done by saying it; None: not coded.
            unsure: Looked at, and left open.
            by: Who codes; None for the login.
            note: Why.

        Returns:
            Id of the coding.

        Raises:
            UsageError: There is no such statement, issue, stance or act.
        """
        for what, given, there in (("stance", stance, Stance), ("act", act, Act)):
            if given is not None and given not in set(there):
                raise UsageError(f"there is no {what} {given!r}", hint=f"{what}s are {', '.join(there)}")
        named = issue_named(self.ledger.agenda(), issue)
        says: dict[str, Any] = {"act": Act(act) if act else None, "unsure": unsure, "note": note}
        made = [
            Coding(h.where.article, h.id, h.content, named.id, Stance(stance) if stance else None, login(by), self._now(), revision=h.where.revision, **says)
            for h in self.ledger.statement(statement)
        ]
        self.ledger.code(made)
        return made[-1].id

    def undo(self, judgement: str, *, by: str | None = None, note: str | None = None) -> None:
        """Take a judgement, or a coding, back.

        Args:
            judgement: Its id: `j1:…` or `c1:…`.
            by: Who takes it back; None for the login.
            note: Why.

        Raises:
            UsageError: There is none of this id.
        """
        if judgement.startswith("c1:"):
            self.ledger.take_back_coding(judgement, by=login(by), note=note, on=self._now())
        else:
            self.ledger.take_back(judgement, by=login(by), note=note)

    def judgements(self, statement: str) -> list[Judged]:
        """Everything that people said of a statement, oldest first; also what was taken back.

        Args:
            statement: Its id.

        Raises:
            UsageError: There is none.
        """
        hits = self.ledger.statement(statement)
        every = {j.id: j for of in self.ledger.judgements_of(hits).values() for j in of}
        return sorted(every.values(), key=lambda j: j.on)


def _placed(text: str, place: tuple[int, int] | str) -> Span:
    """The one place in a text that is meant.

    Raises:
        UsageError: The words stand nowhere, or more than once.
        StatementError: There are no such offsets.
    """
    if not isinstance(place, str):
        return Span.of(text, *place)
    first, dots, last = (part.strip() for part in place.partition("…"))
    if place.strip() in text:
        first, dots, last = place.strip(), "", ""
    if not first or (dots and not last):
        raise UsageError("no words", item=place, hint="give the words as they stand in the text")
    start = _once(text, first, 0, len(text))
    if not dots:
        return Span.of(text, start, start + len(first))
    # The last words are looked for to the end of the line: a piece does not go on in another paragraph.
    stop = text.find("\n", start + len(first))
    end = _once(text, last, start + len(first), len(text) if stop < 0 else stop)
    return Span.of(text, start, end + len(last))


def _once(text: str, words: str, start: int, stop: int) -> int:
    at = text.find(words, start, stop)
    said = words if len(words) <= _MOST_SHOWN else words[:_MOST_SHOWN] + "…"
    if at < 0:
        raise UsageError("these words do not stand there", item=said, hint="copy them from the text, letter by letter")
    if text.find(words, at + 1, stop) >= 0:
        raise UsageError("these words stand there more than once", item=said, hint="give more of them, or offsets as START:END")
    return at

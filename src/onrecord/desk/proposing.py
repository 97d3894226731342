"""What language models propose at a desk: statements are put to an endpoint one by one, and what holds of its answers is kept, to be accepted by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onrecord.actors import ActorType
from onrecord.desk.endpoint import Chat, Endpoint
from onrecord.desk.login import login
from onrecord.desk.standing import issue_named
from onrecord.errors import UsageError
from onrecord.ledger import Coding, Hit, Order, PositionQuery, Proposed, Query
from onrecord.positions import Issue
from onrecord.positions.proposing import Answer, Asked, Named, read_answer

if TYPE_CHECKING:
    from onrecord.ledger import Ledger

__all__ = ["Proposes", "Put"]

_NAMELESS = (ActorType.UNNAMED, ActorType.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Put:
    """A statement that was put to a model, and what came of it."""

    hit: Hit
    #: An answer for each issue that was asked about, and for each reported holder: proposals, refusals, and `no position`.
    answers: tuple[Proposed, ...]


class Proposes:
    """Positions that language models propose. `Desk` is one."""

    ledger: Ledger
    _now: Callable[[], datetime]

    def propose(self, issues: str | Sequence[str], endpoint: Endpoint, *, words: str | None = None, limit: int = 20, chat: Chat | None = None) -> Iterator[Put]:
        """Put statements to a language model, and keep what it proposes. This sends their words, and those around them, to the endpoint.

        Statements come in the order in which a coder would want them: those that the machine is least sure of first. What was put before to the same
        model with the same wording of the issue is not put again. Nothing that stands is changed.

        Args:
            issues: Ids or labels of issues.
            endpoint: Which model.
            words: Statements with these words, also where the machine found no position.
            limit: How many statements at most.
            chat: In place of one made for the endpoint.

        Yields:
            One a statement, after its answers were kept; stop at any time.

        Raises:
            UsageError: There is no such issue.
            SourceError: The endpoint cannot be asked.
        """
        agenda = self.ledger.agenda()
        asked = [issue_named(agenda, name) for name in ([issues] if isinstance(issues, str) else issues)]
        if not asked:
            raise UsageError("no issue is named", hint="`onrecord issue list` shows those that are followed")
        return self._put(list(dict.fromkeys(asked)), endpoint, chat or Chat(endpoint), words, limit)

    def _put(self, issues: Sequence[Issue], endpoint: Endpoint, chat: Chat, words: str | None, limit: int) -> Iterator[Put]:
        done = {i.id: self.ledger.asked(i.id, endpoint.coder) for i in issues}
        seen: set[str] = set()
        for hit in self._waiting(issues, words):
            if len(seen) >= limit:
                return
            open_ = tuple(i for i in issues if hit.id not in done[i.id])
            if hit.id in seen or not open_:
                continue
            seen.add(hit.id)
            text, beside = self.ledger.beside(hit)
            question = Asked.of(text, hit.entry.statement.content, hit.entry.statement.cue, open_, _actors(hit, beside), title=hit.where.title)
            answer = read_answer(chat.answer(question.messages, question.schema), question)
            kept = tuple(_kept(hit, question, answer, endpoint.coder, self._now()))
            self.ledger.propose(kept)
            yield Put(hit, kept)

    def _waiting(self, issues: Sequence[Issue], words: str | None) -> Iterator[Hit]:
        if words:
            yield from self.ledger.search(Query(words))
            return
        query = PositionQuery(issues=tuple(i.id for i in issues), order=Order.UNCERTAIN, min_score=0.0, reported=True, by_hand=False)
        yield from (e.hit for e in self.ledger.positions(query) if e.hit is not None)

    def proposals(self, issue: str | None = None, **filters: Any) -> Iterator[Proposed]:  # noqa: ANN401 - see `Ledger.proposals`
        """What was proposed, oldest first.

        Args:
            issue: Id or label of an issue; None for all.
            filters: `coder`, `statement`, `refused` as for `Ledger.proposals`.

        Raises:
            UsageError: There is no such issue.
        """
        name = None if issue is None else issue_named(self.ledger.agenda(retired=True), issue).id
        return self.ledger.proposals(issue=name, **filters)

    def accept_proposal(self, name: str, *, by: str | None = None, note: str | None = None) -> Coding:
        """Make a proposal one's own: a coding by hand, which counts.

        Args:
            name: Id of the proposal.
            by: Who decides; None for the login.
            note: Why; None says whose proposal it was.

        Raises:
            UsageError: There is no such proposal, or it proposes nothing.
        """
        one = self.ledger.proposal(name)
        if one.stance is None or one.refused:
            raise UsageError("this proposes no position", item=name, hint=one.refused or "the model found none")
        coding = Coding(
            one.article,
            one.statement,
            one.words,
            one.issue,
            one.stance,
            login(by),
            self._now(),
            note=note or f"proposed by {one.coder}, {one.id}",
            act=one.act,
            condition=one.condition,
            holder=one.holder,
            revision=one.revision,
        )
        self.ledger.code(coding)
        return coding


def _actors(hit: Hit, beside: Iterable[Hit]) -> list[Named]:
    """The closed list: the speaker, and everybody with a name who speaks in the article or of whose position it tells."""
    speaker = hit.entry.speaker
    own = hit.actor or (None, speaker.name or "unknown speaker")
    found = [Named(own[0], own[1], str(speaker.type))]
    known = {own[0], own[1]}
    for other in beside:
        who = other.entry.speaker
        named = [Named(other.actor[0], other.actor[1], str(who.type))] if other.actor and who.type not in _NAMELESS else []
        named += [Named(p.holder.id, p.holder.name, p.holder.type) for p in other.entry.positions if p.holder and p.holder.type not in _NAMELESS]
        for one in named:
            if not {one.id or one.name, one.name} & known:
                known |= {one.id or one.name, one.name}
                found.append(one)
    return found


def _kept(hit: Hit, asked: Asked, answer: Answer, coder: str, now: datetime) -> Iterator[Proposed]:
    """An answer as rows: one a proposal, and one for each issue that nothing is proposed on, with the reason if something was refused."""

    def row(issue: str, **more: Any) -> Proposed:  # noqa: ANN401 - cells of a proposal
        given = {"stance": None} | more
        return Proposed(hit.where.article, hit.id, hit.content, issue, revision=hit.where.revision, coder=coder, prompt=asked.digest, on=now, **given)

    for one in answer.proposals:
        holder = one.holder and (one.holder.id or one.holder.name)
        yield row(one.issue, stance=one.stance, act=one.act, condition=one.condition, evidence=one.evidence, holder=holder)
    told = {p.issue for p in answer.proposals}
    for issue in (i.id for i in asked.issues if i.id not in told):
        reasons = dict.fromkeys(r.reason for r in answer.refusals if r.issue in (issue, None))
        yield row(issue, refused="; ".join(reasons) or None)

"""From statements to voices: one actor for each source mention, or an open question with its candidates."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from onrecord.actors.actor import ActorType, Description, MentionForm
from onrecord.actors.chain import Surroundings, addressee_of, carriers_of, nested_speaker
from onrecord.actors.consistent import consistent
from onrecord.actors.coreference import Found, find_mentions, find_names
from onrecord.actors.countries import lookup, state_name
from onrecord.actors.delayed import identify_later
from onrecord.actors.entities import Entities, Entity, gather, joined, named_by
from onrecord.actors.facts import Facts
from onrecord.actors.interview import find_interview
from onrecord.actors.judgements import Identity
from onrecord.actors.known import recognise
from onrecord.actors.matching import compare_organizations
from onrecord.actors.mentions import FORMS, Setting, form_of
from onrecord.actors.names import Name, NameType, without_article
from onrecord.actors.outlets import is_outlet
from onrecord.actors.reasons import why
from onrecord.actors.roster import Roster, actor_id
from onrecord.actors.unnamed import DocumentFacts, classify, describe_unnamed
from onrecord.actors.voice import Candidate, Intermediary, Reason, Speaker, Voice
from onrecord.articles.article import Article
from onrecord.reading.reader import Reading
from onrecord.reading.sentences import Sentences
from onrecord.statements import Statement
from onrecord.text import Span, stable_id

__all__ = ["Cast", "find_cast", "names_in"]

#: The likeliest actor is the answer from this probability on, and if the next is this much behind; chosen on the documents of GUM left out of training.
_ENOUGH = 0.6
_MARGIN = 0.15
#: What is left to actors that a pronoun can mean must be at least this much, to be shared out among them.
_LEAST_LEFT = 0.15
#: A mention that is a person, or none, with less than this probability is not what a pronoun for one means.
_HARDLY = 0.4
#: Candidates shown when a question stays open.
_SHOWN = 4
_NAME = FORMS.index("name")
_PERSON_ONLY = frozenset({FORMS.index("i"), FORMS.index("he"), FORMS.index("she")})
_NOT_PERSON = frozenset({FORMS.index("it")})
_ONE_PERSON = frozenset({ActorType.PERSON, ActorType.UNNAMED, ActorType.UNKNOWN})
_SINGULAR = frozenset({FORMS.index("i"), FORMS.index("you")})
_ADDRESS = re.compile(r"\b(Mr|Mrs|Ms|Miss)\.? $")
#: A pronoun says something of an actor's gender only where it can hardly mean anybody else.
_AS_GOOD_AS_SURE = 0.95
#: A mention refers to an actor for sure from this probability on.
_SURE = 0.8
#: Cues that say that somebody goes on: `he added`.
_CARRIES_ON = re.compile(r"\b(?:add(?:s|ed|ing)?|continu(?:es|ed|ing)|went on|goes on|further|also)\b", re.IGNORECASE)
# Not `WHO`.
_RELATIVE = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks in one article."""

    #: One for each statement, in their order.
    voices: tuple[Voice, ...]
    #: The names of the article, in order.
    names: tuple[Name, ...]
    #: Its sentences.
    sentences: Sentences


def find_cast(article: Article, reading: Reading, statements: Sequence[Statement], *, roster: Roster | None = None, identity: Identity | None = None) -> Cast:
    """Find who said each statement of an article, through whom, to whom.

    Args:
        article: The article.
        reading: What a reader computed over the same revision.
        statements: Its statements, from `find_statements`.
        roster: Actors known from before; without it an actor is its name in the article.
        identity: Judgements of which known actors are one.

    Returns:
        A voice for each statement, in their order; every span holds exactly its words.

    Raises:
        StatementError: The reading is of another text.
    """
    scene = _Scene(article, reading, statements)
    voices = [scene.voice(s) for s in statements]
    voices = _through_one_another(statements, voices)
    if roster is not None:
        day = article.published.date() if article.published else None
        voices = [recognise(v, roster, on=day, identity=identity) for v in voices]
    for voice in voices:
        voice.check(article.revision.text)
    return Cast(tuple(voices), tuple(scene.names), scene.sentences)


def _through_one_another(statements: Sequence[Statement], voices: Sequence[Voice]) -> list[Voice]:
    """A statement inside another's content came through the other's speaker, and what that one came through."""
    out = list(voices)
    contents = sorted((c.start, c.end, k) for k, s in enumerate(statements) for c in s.content)
    longest = max((e - s for s, e, _ in contents), default=0)
    for inner, statement in enumerate(statements):
        parts = (*statement.source, *statement.cue) or statement.content
        near = contents[bisect_left(contents, (parts[0].end - longest, 0, 0)) : bisect_left(contents, (parts[0].start + 1, 0, 0))]
        around = {k for s, e, k in near if e >= parts[0].end and _holds(statements[k], statement)}
        # The outermost has the longest content.
        holders = sorted(around, key=lambda k: -sum(c.end - c.start for c in statements[k].content))
        outer = [voices[k].speaker for k in holders if voices[k].speaker.id != voices[inner].speaker.id]
        links = [Intermediary(s.name, s.type, s.span) for s in outer if s.name is not None and s.span is not None]
        out[inner] = replace(out[inner], chain=(*links, *out[inner].chain))
    return out


def _holds(outer: Statement, inner: Statement) -> bool:
    parts = (*inner.source, *inner.cue) or inner.content
    return all(any(c.start <= p.start and p.end <= c.end for c in outer.content) for p in parts) and outer.content != inner.content


def names_in(text: str, reading: Reading) -> list[Name]:
    """The names of a text, in order, each of one kind throughout; none if the model finds no names."""
    branch = reading.manifest.branch
    if branch is None:
        return []
    tagged = sorted(n for s in reading.streams if s.pieces.shape[1] for n in find_names(text, s, branch))
    return consistent(text, tagged, sorted((p.start, p.end) for s in reading.streams for p in s.paragraphs))


class _Scene:
    """One article with its mentions, names and entities."""

    def __init__(self, article: Article, reading: Reading, statements: Sequence[Statement]) -> None:
        self.article, self.text, self.statements = article, article.revision.text, statements
        branch = reading.manifest.branch
        streams = [s for s in reading.streams if s.pieces.shape[1]] if branch else []
        paragraphs = sorted((p.start, p.end) for s in reading.streams for p in s.paragraphs)
        self.sentences = Sentences(self.text, paragraphs)
        self.names = names_in(self.text, reading)
        story = sorted((p.start, p.end) for s in reading.streams[:1] for p in s.paragraphs)
        setting = Setting(
            # Captions stand between paragraphs of the story and count neither as paragraphs nor as sentences of it.
            sentences=Sentences(self.text, story),
            paragraphs=[s for s, _ in story],
            quotations=sorted((q.start, q.end) for s in reading.streams for q in s.quoted),
            statements=[([(c.start, c.end) for c in s.content], [_bare(self.text, c.start, c.end) for c in s.source]) for s in statements],
            carrying=frozenset(n for n, s in enumerate(statements) if any(_CARRIES_ON.search(c.exact) for c in s.cue)),
        )
        wanted = [_bare(self.text, c.start, c.end) for s in statements for c in s.source] + [(n.span.start, n.span.end) for n in self.names]
        self.found: Found | None = find_mentions(self.text, streams, branch, setting, wanted=wanted) if branch else None
        self.entities: Entities | None = None
        if self.found is not None:
            self.entities = identify_later(self.found, gather(self.found, self.names), statements, self.names)
        self.quotations = setting.quotations
        self.interview = find_interview(self.text, paragraphs, self.entities.all, self.quotations) if self.entities else None
        likely = self.found.mentions.offsets[self.found.scores > 0] if self.found is not None else np.zeros((0, 2), dtype=np.int64)
        self.phrases = [(int(s), int(e)) for s, e in likely.tolist()]
        self.facts = Facts(self.text, self.names, self.sentences, self.phrases)
        self._cues = sorted({(c.start, c.end) for s in statements for c in s.cue})
        self.outlets = [o for o in (article.outlet,) if o]
        self._descriptions: dict[int, Description] = {}

    def voice(self, statement: Statement) -> Voice:
        """Who said one statement."""
        at = (statement.cue or statement.source or statement.content)[0].start
        around = self._around(self.sentences.at(at), statement)
        speaker = self.speaker(statement)
        chain = tuple(replace(c, name=self._full(c.span) or c.name) for c in carriers_of(statement, around))
        if speaker.type is ActorType.ORGANIZATION and speaker.name and speaker.span and is_outlet(speaker.name, known=self.outlets):
            inner = nested_speaker(statement, around)
            if inner is not None:
                through = Intermediary(speaker.name, speaker.type, speaker.span)
                told = Reason(f"the content begins with who said it; {speaker.name} reports it")
                speaker = self.resolved(Span.of(self.text, *inner))
                speaker = replace(speaker, reasons=(told, *speaker.reasons))
                chain = (through, *(c for c in chain if c.name != through.name))
        if speaker.obtained is not None:
            chain = (*(c for c in self._obtained_by(speaker.obtained) if c.name not in {x.name for x in chain}), *chain)
        return Voice(speaker, _distinct([c for c in chain if c.name != speaker.name]), addressee_of(statement, around))

    def _around(self, sentence: Span, statement: Statement) -> Surroundings:
        """What stands in one sentence."""
        own = {(c.start, c.end) for c in statement.cue}
        first, last = (bisect_left(self.names, at, key=lambda n: n.span.start) for at in (sentence.start, sentence.end))
        phrases, cues = (t[bisect_left(t, (sentence.start, 0)) : bisect_left(t, (sentence.end, 0))] for t in (self.phrases, self._cues))
        return Surroundings(self.text, sentence, self.names[first:last], phrases, [c for c in cues if c not in own], self.outlets)

    def speaker(self, statement: Statement) -> Speaker:
        """The speaker of one statement."""
        if not statement.source:
            reason = Reason("the text names no source for these words")
            return Speaker(None, None, ActorType.UNKNOWN, None, MentionForm.IMPLICIT, 0.0, reasons=(reason,))
        if len(statement.source) > 1:
            named = [s for s in statement.source if named_by(self.text, s.start, s.end, self.names)]
            return self.resolved((named or list(statement.source))[0])
        return self.resolved(statement.source[0])

    def resolved(self, source: Span) -> Speaker:
        """The actor that some words refer to."""
        source = Span.of(self.text, *_bare(self.text, source.start, source.end))
        if source.exact in _RELATIVE and (before := self._just_before(source)) is not None:
            return replace(self.resolved(before), mention=MentionForm.PRONOUN)
        heads = named_by(self.text, source.start, source.end, self.names)
        if len(heads) > 1 and joined(self.text, source.start, heads):
            return self._together(source, heads)
        number = self.found.number_of(source.start, source.end) if self.found else None
        if heads and heads[0].type is not NameType.NATIONALITY:
            number = self._number(heads[0].span) if number is None else number
            return self._chosen(source, number, MentionForm.NAME, heads[0].span)
        if form_of(source.exact) < _NAME:
            return self._first_person(source) or self._chosen(source, number, MentionForm.PRONOUN, None)
        return self._described(source, number)

    def _just_before(self, relative: Span) -> Span | None:
        """What a relative pronoun stands for: the noun phrase that ends right before it."""
        end = len(self.text[: relative.start].rstrip(" ,—–-"))
        start = min((s for s, e in self.phrases if e == end), default=None)
        return Span.of(self.text, start, end) if start is not None and start < end else None

    def _number(self, span: Span) -> int | None:
        return self.found.number_of(span.start, span.end) if self.found else None

    def _first_person(self, source: Span) -> Speaker | None:
        """Who says "I": inside quoted words, whoever says those; in an interview, whoever answers or asks."""
        form = form_of(source.exact)
        if form not in _SINGULAR:
            return None
        holders = [s for s in self.statements if s.source and any(c.start <= source.start and source.end <= c.end for c in s.content)]
        quoted = any(q[0] <= source.start < q[1] for q in self.quotations)
        if form == FORMS.index("i") and quoted and holders:
            inner = min(holders, key=lambda s: sum(c.end - c.start for c in s.content))
            if not any(x.start <= source.start < x.end for x in inner.source):
                said = self.speaker(inner)
                told = Reason(f"the first person inside the words of {said.name or inner.mention}")
                return replace(said, mention=MentionForm.PRONOUN, reasons=(told, *said.reasons))
        if quoted or self.entities is None:
            return None
        if self.interview is None:
            # Outside quotation marks it is the author, who is nobody of the story.
            told = Reason("left open: a first or second person outside quotation marks is the author, or whoever reads")
            return replace(_open(MentionForm.PRONOUN, ()), reasons=(told,))
        found = self.interview.who(source.start, form == FORMS.index("i"))
        if found is None:
            return None
        return self._named(self.entities.all[found[0]], source, MentionForm.PRONOUN, found[1], (Reason(found[2]),))

    def _described(self, source: Span, number: int | None) -> Speaker:
        """A description or an office: an actor named elsewhere, or one of its own."""
        kind, reason = classify(self.text, source, names=self.names)
        if kind is ActorType.UNNAMED:
            return self._own(source, kind, MentionForm.DESCRIPTION, 1.0, (Reason(reason),))
        office = kind is ActorType.PERSON and self.facts.at(source).role is not None
        form = MentionForm.TITLE if office else MentionForm.DESCRIPTION
        return self._chosen(source, number, form, None)

    def _chosen(self, source: Span, number: int | None, form: MentionForm, name: Span | None) -> Speaker:
        """Choose among the entities that a mention may refer to, or leave it open."""
        if self.found is None or self.entities is None or number is None:
            kind = ActorType.PERSON if name is not None else ActorType.UNKNOWN
            if form is MentionForm.PRONOUN:
                return _open(form, ())
            return self._own(name or source, kind, form, 0.0, (Reason("this model finds no actors"),))
        spread = self._compatible(self.entities.spread[number], source, self.entities)
        order = sorted(spread, key=lambda e: -spread[e])
        clear = order and spread[order[0]] >= _ENOUGH and (len(order) == 1 or spread[order[0]] - spread[order[1]] >= _MARGIN)
        if not clear:
            return self._unclear(source, form, number, {e: spread[e] for e in order})
        entity = self.entities.all[order[0]]
        reasons = why(self.found, self.entities, number, entity.number)
        if form is MentionForm.NAME:
            reasons = (Reason(f"named in the source: {name.exact if name else source.exact}"), *reasons)
        if entity.names:
            return self._named(entity, source, form, spread[order[0]], reasons)
        description = entity.span if form is MentionForm.PRONOUN else source
        heads = named_by(self.text, description.start, description.end, self.names)
        if len(heads) > 1 and joined(self.text, description.start, heads):
            return replace(self._together(description, heads), mention=form, score=spread[order[0]], reasons=reasons)
        kind, reason = classify(self.text, description, names=self.names)
        return self._own(description, kind, form, spread[order[0]], (*reasons, Reason(reason)))

    def _unclear(self, source: Span, form: MentionForm, number: int, spread: Mapping[int, float]) -> Speaker:
        """No actor is likely enough: an open question; for a description that fits nobody in the article, an actor of its own."""
        if self.found is None or self.entities is None:
            return _open(form, ())
        named = sum(p for e, p in spread.items() if self.entities.all[e].names)
        if form in {MentionForm.PRONOUN, MentionForm.NAME} or named >= _ENOUGH:
            return _open(form, [self._candidate(self.found, self.entities, e, spread[e], number) for e in list(spread)[:_SHOWN]])
        kind, reason = classify(self.text, source, names=self.names)
        return self._own(source, kind, form, 1 - named, (Reason(reason),))

    def _compatible(self, spread: Mapping[int, float], source: Span, entities: Entities) -> dict[int, float]:
        """Leave out what the source excludes: `he` is no organization, `it` no person; a pronoun is nobody's description."""
        form = form_of(source.exact)
        if form >= _NAME:
            # An office is held by a person.
            person = classify(self.text, source, names=self.names)[0] is ActorType.PERSON
            kept = {e: p for e, p in spread.items() if not (person and entities.all[e].names and entities.all[e].type is not ActorType.PERSON)}
            return _shared_out(kept, entities)
        kept = {e: p for e, p in spread.items() if self._can_be(entities.all[e], form) and form_of(entities.all[e].name) >= _NAME}
        return _shared_out(kept, entities)

    def _speaks_against(self, entity: int, form: int) -> bool:
        """Whether the text calls an actor by the other pronoun or form of address, and never by this one."""
        he, she = self._genders.get(entity, (0, 0))
        return (form == FORMS.index("she") and he > 0 and she == 0) or (form == FORMS.index("he") and she > 0 and he == 0)

    @cached_property
    def _genders(self) -> dict[int, tuple[int, int]]:
        """How often the text says "he" or Mr, and "she", Mrs or Ms of each person, where that is as good as sure."""
        if self.found is None or self.entities is None:
            return {}
        counts: dict[int, list[int]] = {}
        for i, spread in enumerate(self.entities.spread):
            form = int(self.found.mentions.form[i])
            if form in {FORMS.index("he"), FORMS.index("she")} and spread and max(spread.values()) >= _AS_GOOD_AS_SURE:
                counts.setdefault(max(spread, key=spread.__getitem__), [0, 0])[form == FORMS.index("she")] += 1
        for entity in self.entities.all:
            for name in entity.names if entity.type is ActorType.PERSON else ():
                if address := _ADDRESS.search(self.text, max(0, name.start - 5), name.start):
                    counts.setdefault(entity.number, [0, 0])[address[1] != "Mr"] += 1
        return {e: (he, she) for e, (he, she) in counts.items()}

    def _can_be(self, entity: Entity, form: int) -> bool:
        if not entity.names:
            number = self._number(entity.span)
            if self.found is None or number is None or self.found.scores[number] <= 0:
                return False
            if form in _PERSON_ONLY and len(named_by(self.text, entity.span.start, entity.span.end, self.names)) > 1:
                return False
            if form in _PERSON_ONLY and classify(self.text, entity.span, names=self.names)[0] not in _ONE_PERSON:
                return False
            person = self.found.probability(number, "person")
            return person >= _HARDLY if form in _PERSON_ONLY else person <= 1 - _HARDLY if form in _NOT_PERSON else True
        if form in _PERSON_ONLY:
            return entity.type is ActorType.PERSON and not self._speaks_against(entity.number, form)
        return entity.type is not ActorType.PERSON if form in _NOT_PERSON else True

    def _candidate(self, found: Found, entities: Entities, number: int, score: float, mention: int) -> Candidate:
        entity = entities.all[number]
        kind = entity.type if entity.names else classify(self.text, entity.span, names=self.names)[0]
        return Candidate(entity.name, kind, score, entity.span, why(found, entities, mention, number))

    def _named(self, entity: Entity, source: Span, form: MentionForm, score: float, reasons: Sequence[Reason]) -> Speaker:
        if entity.number not in self._descriptions:
            own = entity.names if entity.type is ActorType.PERSON else ()
            self._descriptions[entity.number] = self.facts.of_person([source, *self._mentions(entity)], own)
        said = self._descriptions[entity.number]
        kind, country, basis = entity.type, said.country, said.country_basis
        if entity.country is not None:
            kind, country, basis = ActorType.STATE, entity.country, entity.span
        if kind is ActorType.UNKNOWN:
            kind = ActorType.ORGANIZATION if form is MentionForm.NAME else ActorType.UNKNOWN
        return Speaker(
            id=actor_id(kind, entity.name, country=country if kind is ActorType.STATE else None),
            name=entity.name,
            type=kind,
            span=entity.span,
            mention=form,
            score=score,
            role=said.role,
            organization=said.organization,
            country=country,
            country_basis=basis,
            reasons=tuple(reasons),
        )

    def _mentions(self, entity: Entity) -> list[Span]:
        """The mentions that name an actor, with all that belongs to the noun phrase. What only refers to it may be a wrong guess, and is not looked at."""
        if self.found is None or self.entities is None:
            return []
        names = {(n.start, n.end) for n in entity.names}
        sure = [i for i, spread in enumerate(self.entities.spread) if spread.get(entity.number, 0.0) >= _SURE]
        spans = [self.found.span(i) for i in sure if self.found.mentions.form[i] >= _NAME and self.found.scores[i] > 0]
        return [s for s in spans if any(s.start <= start and end <= s.end for start, end in names)]

    def _own(self, description: Span, kind: ActorType, form: MentionForm, score: float, reasons: Sequence[Reason]) -> Speaker:
        """An actor without a name in this article; nothing merges it with anybody."""
        sentence = self.sentences.at(description.start)
        said, paper = self.facts.at(description), DocumentFacts()
        number = ground = None
        country, basis = said.country, said.country_basis
        if kind is ActorType.UNNAMED and (unnamed := describe_unnamed(self.text, description, sentence)) is not None:
            number, ground = unnamed.number, unnamed.ground
            country, basis = (country, basis) if country else (unnamed.country, unnamed.country_basis)
        if kind is ActorType.DOCUMENT:
            paper = self.facts.of_document(description)
        if kind is ActorType.STATE and (state := lookup(description.exact)) is not None:
            country, basis = state.code, description
        return Speaker(
            id=stable_id("a1", self.article.revision.id, f"{description.start}-{description.end}"),
            name=state_name(country) or description.exact if kind is ActorType.STATE and country else description.exact,
            type=kind,
            span=description,
            mention=form,
            score=score,
            role=said.role,
            organization=said.organization,
            country=country,
            country_basis=basis,
            number=number,
            ground=ground,
            author=paper.author,
            recipient=paper.recipient,
            obtained=paper.obtained,
            reasons=tuple(reasons),
        )

    def _obtained_by(self, obtained: Span) -> tuple[Intermediary, ...]:
        inside = [n for n in self.names if obtained.start <= n.span.start and n.span.end <= obtained.end and n.type is NameType.ORGANIZATION]
        return tuple(Intermediary(self._full(n.span) or without_article(n.span.exact), ActorType.ORGANIZATION, n.span) for n in inside)

    def _full(self, name: Span) -> str | None:
        """The fullest form of an organization's name in the article, without its article."""
        number = self._number(name)
        if self.entities is None or number is None or not (spread := self.entities.spread[number]):
            return None
        best = max(spread, key=spread.__getitem__)
        entity = self.entities.all[best]
        return without_article(entity.name) if entity.names and entity.country is None and spread[best] >= _SURE else None

    def _together(self, source: Span, heads: Sequence[Name]) -> Speaker:
        """Several named actors who said it together."""
        members = []
        for head in heads:
            number = self._number(head.span)
            one = self._chosen(head.span, number, MentionForm.NAME, head.span)
            members.append(one.name or head.span.exact)
        name = f"{', '.join(members[:-1])} and {members[-1]}"
        reason = Reason("the source names them together")
        return Speaker(actor_id(ActorType.GROUP, name), name, ActorType.GROUP, source, MentionForm.NAME, 1.0, members=tuple(members), reasons=(reason,))


def _shared_out(spread: Mapping[int, float], entities: Entities) -> dict[int, float]:
    """Make the kept probabilities sum to 1, if enough is left; "the document" is one document, however often it is described."""
    by_words: dict[str, int] = {}
    merged: dict[int, float] = {}
    for e in sorted(spread, key=lambda e: -spread[e]):
        first = e if entities.all[e].names else by_words.setdefault(entities.all[e].name.casefold(), e)
        merged[first] = merged.get(first, 0.0) + spread[e]
    total = sum(merged.values())
    return {e: p / total for e, p in merged.items()} if total >= _LEAST_LEFT else merged


def _distinct(chain: Sequence[Intermediary]) -> tuple[Intermediary, ...]:
    """A chain that names nobody twice: `the Washington Post` and then `The Post`."""
    out: list[Intermediary] = []
    for link in chain:
        if all(compare_organizations(link.name, other.name).verdict == "different" for other in out):
            out.append(link)
    return tuple(out)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A source without the dashes and commas at its ends."""
    words = text[start:end].strip(" \t\n,;:–—-")
    if not words:
        return start, end
    begin = text.index(words, start)
    return begin, begin + len(words)


def _open(form: MentionForm, candidates: Sequence[Candidate]) -> Speaker:
    shown = " or ".join(c.name for c in candidates[:2])
    reason = Reason(f"left open: it may be {shown}" if len(candidates) > 1 else "left open: nobody in the article fits well enough")
    return Speaker(None, None, ActorType.UNKNOWN, None, form, candidates[0].score if candidates else 0.0, candidates=tuple(candidates), reasons=(reason,))

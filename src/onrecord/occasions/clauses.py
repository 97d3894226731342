"""Which words of a sentence stand with the speaking: in the cue, right by it, or opening its clause.

There is no parser here. A statement's spans already say where the speaking is (cue), who speaks (source) and what is said (content); what
is left is to tell words that go with the cue's verb from those that go with another verb or with a noun. That is done by what lies between.
Where it cannot be told, the answer is no.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.occasions.venues import lexicon
from onrecord.statements.statement import Statement
from onrecord.text import Span

__all__ = ["Clause", "Standing", "clause_of"]

#: Stands for each character of the content, so that offsets stay.
HELD = "\ufffc"
#: Words that begin another clause, or a phrase with an event of its own.
_BREAK = re.compile(
    r"\b(?:after|before|since|until|till|following|because|although|though|despite|whether|if|unless|who|which|whose|whom|that|while|as|when|where|amid"
    r"|ahead of|prior to|than|so|yet|once|given)\b|[;:()\[\]]|\s[-–—―]\s|[—―]",
    re.IGNORECASE,
)
#: A conjunction with a verb after it, rather than another name.
_AND_VERB = re.compile(r"\b(?:and|but|or)\b (?!the |a |an |his |her |its |their |other |in |on |at |from |to |with |by )(?=[a-z])")
_ABOUT = re.compile(r"\b(?:about|over|against|regarding|concerning|referring to|in reference to|alluding to)\b", re.IGNORECASE)
#: What is wanted or not yet done has a time of its own.
_WANTED = re.compile(r"\b(?:not to|will|would|could|should|must|might|can|cannot|won['’]t) [a-z]+", re.IGNORECASE)
#: What may follow the content before words that belong to the cue again: `rejected X on Monday`, `said X, in a statement on Monday`.
_RESUMED = re.compile(r"^[\s,.\"”’']*(?:(?:in|at|on|during|from|by|via|to|before|late|early|earlier|over|throughout|this|last|the)\b[^,]*)?$", re.IGNORECASE)
#: What right before a date says that something else began or ended there, or that other words are quoted.
_NOT_THEN = re.compile(
    r"[\"“‘]['’]?$|(?<![\w.,!?])['’]{1,2}$"
    r"|\b(?:from|since|until|till|by|through|before|after|(?<!hours )(?<!evening )(?<!morning )of)\s$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[a-z]{4,}[.!?]['\"”’)]*\s+['\"“‘(A-Z]")
#: Verbs of speaking whose participle or clause sets the scene: "Speaking in Paris, ..." , "asked on Monday whether".
_SPEAKING = re.compile(
    r"\b(?:speaking|talking|asked|addressing|appearing|writing|testifying|questioned|interviewed|pressed|responding|replying|reacting|answering|briefing|posting"
    r"|tweeting|announcing|spoke|addressed|appeared|told|testified|telling|campaigning|stumping|quoted|approached|contacted|reached)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:released|published|issued|posted|dated|sent|unveiled|aired|broadcast|airing|delivered|conducted|written|made public|given|uploaded|shared)\b"
    r"(?: \w+){0,3}?,? ?(?:on|in|late|early|by|at)? ?$"
)
#: What may stand between the beginning of a clause and a time or place that opens it.
_OPENING = re.compile(
    r"^[\W_]*(?:(?:but|and|so|yet|then|meanwhile|still|however|also|even|just|only|earlier|later|early|late|back|again|separately|overnight),? ?)*"
    r"(?:(?:on|in|at|by|during|from|as recently as|as early as|as late as|over|throughout|the|of|an?|his|her|their|its) ?)*$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\W*(?:when |if )?(?:asked|pressed|questioned|quizzed)\b", re.IGNORECASE)
_ASKED_THEN = re.compile(r"\bwhen (?:asked|pressed|questioned|quizzed)\b")
#: A perfect tense after `and` looks back from today, not to the day of the verb before.
_PERFECT = re.compile(r"(?:has|have|had)\b")
#: What may follow a time that opens a clause before a comma: more of where and when. Anything else is a clause that the time belongs to.
_MORE = re.compile(
    r"\s*(?:$|,|(?:in|at|on|to|of|for|about|during|after|before|as|when|while|with|following|ahead|amid|near|outside|from|by|and|last|this|late|early|earlier"
    r"|yesterday|today|tonight|released|published|issued|broadcast|aired|held|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)"
)
#: `As talks went on in February, she said`: at the same time. `While` may also set two things against each other, and is left out.
_AS = re.compile(r"\W*(?:even |just )?as (?!of\b|recently\b|early\b|late\b)", re.IGNORECASE)
_LINKED = re.compile(r"^[\s,]*(?:and|then|also|later|,|\s)*$")
_OWNER = re.compile(r"(?:\b(?:the|a|an|his|her|its|their|this|that|our|my)|['’]s?) $", re.IGNORECASE)
#: Words between cue and time, at most, and so few that nothing can come between.
_FAR, _CLOSE = 14, 2
#: Characters around a time that decide whether it belongs to a noun.
_NEAR = 60
#: Characters of a sentence looked at on either side of its cue: longer ones are tables and other text without sentences.
_REACH = 1500


@dataclass(frozen=True, slots=True)
class Standing:
    """How some words stand with the speaking."""

    #: In words: `in the cue`, `after the cue` ...
    how: str
    #: How close: 0 in the cue, 1 right by it, 2 in its clause.
    rank: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement's cue in its sentence."""

    #: The sentence with the content's characters replaced, one by one.
    masked: str
    #: Offset of the sentence in the text.
    start: int
    #: The cue, in offsets of the sentence.
    cue: tuple[int, int]
    #: The source before, in or after the cue, in offsets of the sentence; none if it stands elsewhere.
    source: tuple[int, int] | None

    def standing(self, start: int, end: int, *, time: bool = True) -> Standing | None:
        """How the words between two offsets of the text stand with the speaking; none if they do not, or it cannot be told.

        Args:
            start: Offset of their first character, in the text.
            end: Offset past their last.
            time: Whether they are a time, which may belong to a noun (`Monday's vote`) or to a document that speaks (`a report of Monday`).
        """
        a, b = start - self.start, end - self.start
        if not 0 <= a < b <= len(self.masked) or HELD in self.masked[a:b]:
            return None
        if time and (_NOT_THEN.search(self.masked[max(0, a - _NEAR) : a]) or self._within_noun(a, b)):
            return None
        if self.source and self.source[0] <= a < self.source[1]:
            return self._in_source(a) if time else None
        if self.cue[0] <= a < self.cue[1]:
            return None if _blocked(self.masked[self.cue[0] : a]) else Standing("in the cue", 0)
        return self._after(a) if a >= self.cue[1] else self._before(a, b)

    def _within_noun(self, a: int, b: int) -> bool:
        """Whether a date or place owns or modifies a noun, as in `Monday's vote`, unless that noun is an occasion of speaking."""
        after = self.masked[b : b + _NEAR]
        owned = re.match(r"['’]s?\b|['’](?= )", after)
        if not owned and not (_OWNER.search(self.masked[max(0, a - _NEAR) : a]) and re.match(r" [a-z]", after)):
            return False
        noun = next((begin for begin, _, sense in lexicon().find(after) if sense.dates), None)
        return noun is None or len(after[:noun].split()) > _CLOSE + 2

    def _in_source(self, a: int) -> Standing | None:
        """A document that speaks is dated by its release: `a report published on Tuesday`."""
        before = self.masked[self.source[0] if self.source else 0 : a]
        noun = re.search(r"(\w+) (?:on |in )?$", before)
        sense = lexicon().sense(noun[1]) if noun else None
        if _PUBLISHED.search(before) or re.match(r"^(?:the |a |an )?$", before, re.IGNORECASE) or (sense and sense.written and not _BREAK.search(before)):
            return Standing("release of the source", 2)
        return None

    def _after(self, a: int) -> Standing | None:
        """Words after the cue, past an inverted source or the content."""
        between = self.masked[self.cue[1] : a]
        if self.source and self.cue[1] <= self.source[0] and self.source[1] <= a:
            between = between[: self.source[0] - self.cue[1]] + between[self.source[1] - self.cue[1] :]
        # An embedded post names its writer's handle before the date: `— A. Writer (@handle) July 5, 2016`.
        between = _ASKED_THEN.sub(" ", re.sub(r"\(@\w+\)", " ", between))
        gap = _past_content(between) if HELD in between else between
        if gap is None or _blocked(gap) or len(gap.split()) > _FAR or re.match(r"\W*of\b", gap) or _SENTENCE_END.search(gap) or _quoting(gap):
            return None
        if "," in gap and re.match(r"\s*(?:a|an|the|who|his|her|its)\b", gap.rsplit(",", 1)[1]):
            return None
        return Standing("after the cue", 1 if len(gap.split()) <= _CLOSE else 2)

    def _before(self, a: int, b: int) -> Standing | None:
        """Words before the cue: those that open its clause, and those between source and cue."""
        if self.source and self.source[1] <= a:
            return self._between(a, b)
        anchor = self.source[0] if self.source and self.source[0] < self.cue[0] else self.cue[0]
        if b > anchor:
            return None
        head = re.split(rf"[;:{HELD}]|\s[-–—―]\s|[—―]|[\"“”]", self.masked[:a])[-1]
        segment = re.split(r",\s", head)[-1]
        tail, asked = self.masked[b:anchor], _ASKED.match(segment)
        if re.search(r"[;:]|\s[-–—―]\s|[—―]", tail) or (HELD in tail and not asked):
            return None
        last = tail.rsplit(HELD, 1)[-1].rsplit(",", 1)[-1]
        joined = re.search(r"^(.*?)\b(?:when|where|in which|during which)\s*$", last)
        clear = joined[1] if joined else last
        room = _FAR if re.match(r" (?:in|at|during|on) ", last) else _CLOSE * 2 if anchor < self.cue[0] else _CLOSE * 4
        if _BREAK.search(clear) or re.search(r"\b(?:and|but|or|nor)\b", clear) or (not joined and len(last.split()) > room):
            return None
        return _opening(segment, head, tied=bool(joined), own="," not in tail or bool(asked) or bool(_MORE.match(tail)))

    def _between(self, a: int, b: int) -> Standing | None:
        gap = self.masked[self.source[1] if self.source else 0 : a]
        tail = self.masked[b : self.cue[0]]
        if HELD in gap + tail or _ABOUT.search(gap) or re.search(r"[;:]|[—―]", gap + tail):
            return None
        if _OPENING.match(gap) and not _BREAK.search(tail):
            return Standing("between speaker and cue", 1)
        if _speaks(gap) and not re.search(r"\b(?:after|before|since|until|following|that)\b", gap):
            return Standing("sets the scene", 2)
        if _blocked(gap):
            return None
        participle = re.match(r"\w+ing\b", self.masked[self.cue[0] :])
        if (participle and not _BREAK.search(tail) and not re.search(r"\b(?:and|but)\b", tail)) or (
            _LINKED.match(tail) and not _PERFECT.match(self.masked[self.cue[0] :])
        ):
            return Standing("in the clause before the cue", 2)
        return None


def clause_of(text: str, statement: Statement, *, sentence: Span) -> Clause | None:
    """Look at a statement's sentence from its cue; none if the cue is elsewhere, or there is none."""
    start, end = max(sentence.start, 0), min(sentence.end, len(text))
    cues = [s for s in statement.cue if start <= s.start and s.end <= end]
    if start >= end or not cues:
        return None
    start, end = max(start, cues[0].start - _REACH), min(end, cues[0].end + _REACH)
    cues = [s for s in cues if s.end <= end]
    masked = list(text[start:end])
    for span in statement.content:
        a, b = max(span.start, start) - start, min(span.end, end) - start
        if a < b:
            masked[a:b] = HELD * (b - a)
    sources = [s for s in statement.source if start <= s.start and s.end <= end]
    source = (min(s.start for s in sources) - start, max(s.end for s in sources) - start) if sources else None
    return Clause("".join(masked), start, (min(s.start for s in cues) - start, max(s.end for s in cues) - start), source)


def _past_content(gap: str) -> str | None:
    """What lies between a cue and words after the content, the content left out; none if those words belong to something else."""
    if re.search(rf"{HELD}[^{HELD}]*\w[^{HELD}]*{HELD}", gap):
        return None
    head, tail = gap.split(HELD, 1)[0], gap.rsplit(HELD, 1)[1]
    if len(tail.split()) > _FAR // 2 or not _RESUMED.match(tail):
        return None
    return re.sub(r"\bthat\s*$", "", head) + " , " + tail


def _opening(segment: str, head: str, *, tied: bool, own: bool) -> Standing | None:
    """How the words before a time or place open the cue's clause, or another that the cue's is tied to.

    Args:
        segment: The words before it, from the last comma.
        head: The same from the beginning of the sentence, or its last part.
        tied: Whether `when` or `where` ties the cue's clause to it.
        own: Whether no clause of its own follows it before a comma.
    """
    if _OPENING.match(segment):
        if not own:
            return None
        return Standing("opens the clause", 2 if "," in head.strip(" ,") else 1)
    if _speaks(segment) and not _BREAK.search(segment[segment.rfind(" ") :]) and not _opens_other(segment):
        return Standing("sets the scene", 2)
    going_on = _AS.match(segment)
    if going_on and not _blocked(segment[going_on.end() :]):
        return Standing("while something went on that is dated", 2)
    return Standing("in the clause that the cue's clause is tied to", 2) if tied and not _blocked(segment) else None


def _blocked(gap: str) -> bool:
    return bool(_BREAK.search(gap) or _AND_VERB.search(gap) or _ABOUT.search(gap) or _WANTED.search(gap))


def _quoting(gap: str) -> bool:
    """Whether a quotation, or a title in quotation marks, is open at the end."""
    return gap.count("“") > gap.count("”") or gap.count('"') % 2 == 1


def _speaks(segment: str) -> bool:
    """Whether a phrase before the subject is about speaking: `Speaking in Paris`, `In an interview with a broadcaster`."""
    return bool(
        _SPEAKING.search(segment)
        or (re.match(r"\W*(?:\w+ )?(?:in|at|during|on)\b", segment, re.IGNORECASE) and any(sense.dates for _, _, sense in lexicon().find(segment)))
    )


def _opens_other(segment: str) -> bool:
    return bool(re.match(r"\W*(?:\w+ )?(?:after|before|since|until|following|despite|because|ahead of|prior to)\b", segment, re.IGNORECASE))

"""The words that make a date a horizon: prepositions, lengths of time, events, and verbs of what will be and what was."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

__all__ = [
    "BARE_YEAR",
    "BROKEN",
    "CLAUSE_EVENT",
    "EDGE",
    "EVENT",
    "FAR",
    "FEAST",
    "FIRM",
    "FUTURE",
    "MID_YEAR",
    "NEAR",
    "NEGATION",
    "ONE_SPELL",
    "PAST",
    "PREPOSITION",
    "REACH",
    "RELATIONS",
    "SAYS_WHICH",
    "SEASON",
    "SOON",
    "SPELL",
    "SUPERLATIVE",
    "TARGET",
    "THE_PERIOD",
    "VAGUE",
    "VAGUE_SPELL",
    "WAS",
    "Relation",
]


class Relation(StrEnum):
    """How a statement stands to the date it names."""

    #: On it at the latest.
    BY = "by"
    #: Earlier than it begins.
    BEFORE = "before"
    #: In the time from now to it.
    WITHIN = "within"
    #: Lasts till then.
    UNTIL = "until"
    #: Later than it ends.
    AFTER = "after"
    #: In it.
    IN = "in"
    #: Begins with it.
    FROM = "from"
    #: Not earlier than it begins: `cannot happen before 2027`, `no decision until May`.
    NOT_BEFORE = "not before"


_UNIT = r"(?:minute|hour|day|week|fortnight|month|year|decade)s?"
SOON = r"(?:next|coming|following|upcoming)"
_LENGTH = rf"(?P<count>[\w,.½-]+(?: [\w-]+){{0,3}}?)[ -](?P<unit>{_UNIT})\b(?!-)"
#: Prepositions that make a date a horizon whatever the verb; the longest first.
RELATIONS: tuple[tuple[Relation, str], ...] = (
    (Relation.BY, r"(?:no|not) later than|at the latest by|on or before|by no later than|between now and|(?:by|before) or on|with a deadline of|(?:the |a )?deadline (?:\w+ ){0,4}?(?:is|of)|(?:the |a )?target (?:\w+ ){0,4}?is"),
    (Relation.NOT_BEFORE, r"(?:no|not) (?:earlier|sooner) than|not (?:before|until|till)"),
    (Relation.FROM, r"as (?:of|from)|starting (?:in|on|from)|beginning (?:in|on)|with effect from|effective(?: from)?|from"),
    (Relation.UNTIL, r"up until|until|till|up to|through(?! the)(?: to)?"),
    (Relation.BEFORE, r"before|ahead of|prior to|earlier than"),
    (Relation.AFTER, r"later than|after|beyond"),
    (Relation.WITHIN, r"within|in the course of|during|over the course of|throughout"),
    (Relation.BY, r"by|come"),
    (Relation.IN, r"in|on|at|for|as (?:early|soon) as|sometime|some time"),
)  # fmt: skip
PREPOSITION = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<r{n}>{p})" for n, (_, p) in enumerate(RELATIONS))
    + r")(?: about| around| roughly| as early as| as soon as| sometime(?: in)?| some time in)? (?:the )?$",
    re.IGNORECASE,
)
EDGE = re.compile(
    r"(?:(?P<first>(?:the )?(?:start|beginning|outset) of)|(?P<middle>(?:the )?middle of|mid[- ])|(?P<last>(?:the )?(?:very )?(?:end|close) of)"
    r"|(?:the )?(?P<half>first|second) half of)[ ]?(?:the )?$",
    re.IGNORECASE,
)
SPELL: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    (Relation.WITHIN, re.compile(rf"\b(?:within|inside)(?: the)?(?: {SOON})? {_LENGTH}", re.IGNORECASE)),
    (Relation.WITHIN, re.compile(rf"\b(?:in|over|during)(?: the| these| his| her| its| our| their)? {SOON} {_LENGTH}", re.IGNORECASE)),
    (Relation.UNTIL, re.compile(rf"\bfor(?: at least)?(?: the| another)? {SOON} {_LENGTH}", re.IGNORECASE)),
    (Relation.UNTIL, re.compile(rf"\bfor another {_LENGTH}", re.IGNORECASE)),
    (Relation.IN, re.compile(rf"\bin(?: about| around| roughly)? {_LENGTH}(?P<time>['’]s?['’]? time| time\b| from now)?", re.IGNORECASE)),
    (Relation.IN, re.compile(rf"(?<![\w-]){_LENGTH} from (?:now|today)\b", re.IGNORECASE)),
)  # fmt: skip
ONE_SPELL = re.compile(r"\b(?:over|within|during) the (?:next|coming) (?P<unit>week|month|year|decade)\b", re.IGNORECASE)
VAGUE_SPELL = re.compile(
    rf"\b(?:in|over|within|during) (?:the |these |a )?(?:(?:{SOON} )?(?:few |several |couple of )?{_UNIT}|(?:very )?near future|matter of {_UNIT})\b",
    re.IGNORECASE,
)
_EVENTS = (
    r"(?:general |presidential |parliamentary |local |mid-?term |snap |next |coming |upcoming |final |first |peace |party |annual |spring |summer |autumn |winter )*"
    r"(?:elections?|vote|polls|referendum|summit|talks|negotiations|meeting|conference|congress|inauguration|deadline|ceasefire|truce|armistice|war|season|winter|summer"
    r"|spring|autumn|harvest|games|tournament|trial|hearing|verdict|budget|holidays?|recess|term|ratification|withdrawal|handover|Olympics|World Cup|Ramadan|Hanukkah|Eid)\b"
)
EVENT = re.compile(rf"\b(?P<how>before|ahead of|until|till|by|prior to) (?:the |this |that |a )?(?:end of (?:the |this )?)?{_EVENTS}", re.IGNORECASE)
CLAUSE_EVENT = re.compile(
    r"\b(?P<how>until|till|unless and until) (?:(?:the|a|an|all|every|each|our|their|his|her|its|last|final|he|she|they|we|it|there)\b[^,.;:!?”\"]{3,80})",
    re.IGNORECASE,
)
FEAST = re.compile(
    r"\b(?P<feast>Christmas(?: Day| Eve)?|New Year(?:['’]s (?:Day|Eve))?|Easter(?: Sunday| Monday)?|Good Friday)\b(?! (?:shopp|market|present|Island|card|tree|Rising)\w*)"
)
THE_PERIOD = re.compile(
    r"\b(?:(?P<the>the|this) (?P<unit>day|week|month|quarter|year|decade|century)\b(?! of| before| after| \d)|(?P<end>year|month|week)[- ]end\b)", re.IGNORECASE
)
SEASON = re.compile(
    r"\b(?P<season>spring|summer|autumn|winter|(?<=by )fall|(?<=by the )fall|(?<=in the )fall)\b(?! of\b| \d|[ -](?:break|school|season|camp|games|Olympics|holidays?)\b)"
)
MID_YEAR = re.compile(r"\bmid[- ](?P<y>20\d\d|19\d\d)\b")
TARGET = re.compile(r"\b(?:(?P<y1>20\d\d) (?:target|deadline|goal|date)\b|(?:target|deadline|goal|date) (?:\w+ ){0,5}?(?:is|of|for \w+ is) (?P<y2>20\d\d)\b)")
BARE_YEAR = re.compile(r"\b(?:beyond|after|past|than|come) (?P<y>20\d\d)\b(?![,.]?\d)")

FUTURE = re.compile(
    r"\b(?:will|won['’]t|would|shall|going to|gonna|(?:is|are|was|were|be|been) (?:to|due|set|expected|scheduled|planned|likely|unlikely|poised|bound)|due to|set to"
    r"|expects?|expected|plans?|planned|planning|hopes?|hoped|hoping|intends?|intended|aims?|aimed|aiming|wants?|wanted|promis\w+|pledg\w+|vow\w*|commit\w*|must|should|has to|have to"
    r"|can(?:not)?|could|may|might|needs? to|forecasts?|predict\w*|sees?|likely|unlikely|ready to|about to|scheduled|slated|upcoming|until|wait"
    r"|takes? effect|comes? into (?:force|effect)|(?:begin|start|end|expire|open|close|resume|meet|return|leave)s(?= (?:on|in|at|from|next|this)\b| *$)|runs? out)\b|['’]ll\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:had|was|were|did|went|came|fell|rose|met|left|took|made|began|ended|started|closed|arrived|resigned|killed|died|has been|have been|ago)\b",
    re.IGNORECASE,
)
#: Verbs that are nothing but past.
WAS = re.compile(
    r"\b(?:(?:could|would|might|should|must|may) have|had|was|were|did|won|lost|said|told|spoke|saw|gave|got|ran|held|sent|went|came|fell|rose|met|left|took|made|began|knew|thought|wrote|paid|brought)\b"
)
NEGATION = re.compile(
    r"\b(?:cannot|can['’]?t|won['’]t|wouldn['’]t|not|never|no|nobody|nothing|none|neither|nor|hardly|scarcely|barely|unlikely|impossible|don['’]t|doesn['’]t|isn['’]t|aren['’]t|refus\w+|rul\w+ out)\b"
    r"(?:[^,;:.!?]|[,:.](?=\d))*$",
    re.IGNORECASE,
)
BROKEN = re.compile(r"[;!?\n—]|[:.](?!\d)|, (?:and|but|who|which|while|as)\b| but | because | (?:al)?though | whereas | and (?:he|she|they|we|it|the)\b")
REACH = 120
#: So far ahead, a date that says no year means one that has passed.
FAR = timedelta(days=240)
SAYS_WHICH = re.compile(r"\d{4}|\b(?:next|this|coming)\b", re.IGNORECASE)
#: Relations that need no verb of the future: `the ban stays until June`.
FIRM = frozenset({Relation.BY, Relation.UNTIL, Relation.NOT_BEFORE})
SUPERLATIVE = re.compile(r"\b(?:\w+est|first|last|worst|best|only|most|least|record|once|times?|twice|since|low|high)\b[^,;.]{0,24}$", re.IGNORECASE)
NEAR = re.compile(
    r"(?:(?:about|around|roughly|nearly|almost|just|only|another|some|approximately|as little as|less than|under|at most|up to) )*", re.IGNORECASE
)
VAGUE = frozenset({"few", "several", "many", "some", "couple"})

"""What somebody does by saying something: the act of a statement, in the spirit of PLOVER's and CAMEO's verbal events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["PLOVER", "Act", "Coded"]


class Act(StrEnum):
    """What is done by saying it; one a statement, the most specific that holds."""

    #: Says how things are: a fact, a view, an account.
    ASSERT = "assert"
    #: Backs, endorses, agrees to, accepts.
    SUPPORT = "support"
    #: Refuses, opposes, denies, rules out.
    REJECT = "reject"
    #: Asks that somebody act: demands, urges, calls for.
    DEMAND = "demand"
    #: Puts forward something to be agreed: proposes, offers, suggests.
    PROPOSE = "propose"
    #: Commits the speaker: promises, vows, says that they will.
    PROMISE = "promise"
    #: Says that the speaker will do harm unless or if.
    THREATEN = "threaten"
    #: Says that harm will come, by whomever.
    WARN = "warn"
    #: Blames, criticises, condemns, alleges wrongdoing.
    ACCUSE = "accuse"
    #: Puts a question.
    ASK = "ask"
    #: Thanks, welcomes, commends.
    PRAISE = "praise"
    #: Says what will happen.
    PREDICT = "predict"
    #: Announces what has been decided, ordered, ruled.
    DECIDE = "decide"
    #: Is worried, saddened, uneasy.
    EXPRESS_CONCERN = "express concern"


#: The event of PLOVER (Open Event Data Alliance, 2018 codebook) that an act is evidence of. CONSULT is PLOVER's event of talking as such; its THREATEN holds
#: warnings of what may follow, as CAMEO's root 13 does.
PLOVER: Mapping[Act, str] = MappingProxyType(
    {
        Act.ASSERT: "CONSULT",
        Act.SUPPORT: "AGREE",
        Act.REJECT: "REJECT",
        Act.DEMAND: "DEMAND",
        Act.PROPOSE: "CONSULT",
        Act.PROMISE: "AGREE",
        Act.THREATEN: "THREATEN",
        Act.WARN: "THREATEN",
        Act.ACCUSE: "DISAPPROVE",
        Act.ASK: "CONSULT",
        Act.PRAISE: "SUPPORT",
        Act.PREDICT: "CONSULT",
        Act.DECIDE: "CONSULT",
        Act.EXPRESS_CONCERN: "DISAPPROVE",
    }
)


@dataclass(frozen=True, slots=True)
class Coded:
    """The act of one statement, and who says so."""

    act: Act
    #: Calibrated probability, 0 to 1.
    score: float
    #: Name and version of what coded it.
    coder: str

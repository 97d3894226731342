"""Are two names the name of one organization? By words, and by first letters: `WHO`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from onrecord.actors.data import words as word_set
from onrecord.actors.name_parts import APOSTROPHES, BRACKETS, LONG, NO_LETTERS, NOTHING, Match, NameParts, Part

__all__ = ["compare_organizations", "organization_parts"]

#: Legal forms, and words that only say what kind of body it is.
_FORMS = word_set(
    "ltd limited inc incorporated llc llp plc corp corporation company co gmbh ag sa sas spa bv nv ab asa oyj "
    "oao ooo pjsc jsc kk pty party group holding holdings"
)
_SMALL = word_set("the of for and in on to de des du la le les et")
#: British and American spelling, and plurals.
_TWO_SPELLINGS = tuple((re.compile(p), r) for p, r in ((r"iz(?=ation|e)", "is"), (r"tre$", "ter"), (r"ense$", "ence"), (r"our$", "or"), (r"(?<=[^su])s$", "")))


@lru_cache(maxsize=1 << 16)
def organization_parts(text: str) -> NameParts:
    """The name of an organization taken apart."""
    cleaned = re.sub(r"'s$", "", APOSTROPHES.sub("'", unicodedata.normalize("NFKC", BRACKETS.sub(" ", text))).strip())
    words = [w for w in re.split(r"[\s/&,-]+", re.sub(r"^an? ", "", cleaned, flags=re.IGNORECASE)) if w]
    plain = [w for w in (NO_LETTERS.sub("", anyascii(w).casefold()) for w in words) if w]
    telling = [w for w in plain if w not in _SMALL]
    # Co-operation is one letter of OECD.
    unsplit = [w for w in (NO_LETTERS.sub("", anyascii(w).casefold()) for w in cleaned.split()) if w and w not in _SMALL]
    core = [w for w in telling if w not in _FORMS] or telling or plain or [text]
    after_of = {w for n, w in enumerate(plain) if "of" in plain[:n]}
    parts = tuple(Part(w, _one_spelling(w), "name", tied=w in after_of) for w in core)
    # WHO, MoD, U.N., and British Nato.
    short = len(plain) == 1 and (sum(c.isupper() for c in words[0]) > 1 or (words[0][:1].isupper() and len(plain[0]) >= LONG))
    letters = {"".join(w[0] for w in ws) for ws in (plain, telling, [w for w in plain if w != "the"], unsplit) if len(ws) > 1}
    keys = frozenset({p.sound for p in parts} | {f"={i}" for i in letters} | ({f"={plain[0]}"} if short else set()))
    return NameParts(parts, "", keys, frozenset(letters), plain[0] if short else "")


def _one_spelling(word: str) -> str:
    for pattern, one in _TWO_SPELLINGS:
        word = pattern.sub(one, word)
    return word


_TWO = 2


@lru_cache(maxsize=1 << 16)
def _organizations(one: NameParts, other: NameParts) -> Match:
    left, right = ({p.sound for p in name.parts} for name in (one, other))
    if one.parts == other.parts:
        return Match("same", 1.0, "the same name")
    if left == right:
        return Match("same", 0.95, "the same words")
    for short, long in ((one, other), (other, one)):
        if short.joined and short.joined in long.initials:
            # Two letters are the first letters of too many.
            told = len(short.joined) > _TWO
            return Match("same" if told else "compatible", 0.85 if told else 0.75, f"{short.joined.upper()} is made of the other's first letters")
    large = other if len(left) < len(right) else one
    shared = left & right
    if len(shared) == min(len(left), len(right)):
        missing = " ".join(p.plain for p in large.parts if p.sound not in shared)
        if all(p.tied for p in large.parts if p.sound in shared):
            return Match("different", 0.3, f"one is named after the other ({missing})")
        return Match("compatible", 0.6, f"only one has {missing}")
    return Match("different", 0.2, "not all words agree") if shared else NOTHING


def compare_organizations(left: str, right: str) -> Match:
    """Compare two names of organizations; which is left makes no difference.

    Example:
        >>> compare_organizations("WHO", "World Health Organization").verdict
        'same'
    """
    one, other = organization_parts(left), organization_parts(right)
    if one.keys.isdisjoint(other.keys):
        return NOTHING
    return _organizations(one, other) if left <= right else _organizations(other, one)

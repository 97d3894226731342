"""Which organizations carry other people's words: agencies, papers, broadcasters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onrecord.actors.matching import compare_organizations

__all__ = ["is_outlet"]

# Names that no word in them gives away. Agencies as listed by the European Alliance of News Agencies, its sister bodies, and ISO 3166 broadcasters'
# unions (EBU, ABU); what carries a word of `_WORDS` need not be here.
_NAMES = frozenset(
    [
        "reuters",
        "afp",
        "agence france-presse",
        "ap",
        "upi",
        "dpa",
        "efe",
        "ansa",
        "apa",
        "belga",
        "tass",
        "itar-tass",
        "interfax",
        "ria novosti",
        "ria",
        "ukrinform",
        "xinhua",
        "kyodo",
        "jiji",
        "yonhap",
        "kcna",
        "pti",
        "ani",
        "ians",
        "antara",
        "bernama",
        "anadolu",
        "irna",
        "isna",
        "wafa",
        "sana",
        "mena",
        "petra",
        "spa",
        "wam",
        "kuna",
        "qna",
        "ina",
        "unian",
        "anp",
        "ntb",
        "tt",
        "ritzau",
        "stt",
        "pap",
        "agerpres",
        "tanjug",
        "hina",
        "bta",
        "lusa",
        "bloomberg",
        "bbc",
        "itv",
        "sky",
        "channel 4",
        "cnn",
        "cnbc",
        "msnbc",
        "nbc",
        "abc",
        "cbs",
        "pbs",
        "npr",
        "c-span",
        "fox",
        "fox news",
        "cbc",
        "ctv",
        "sbs",
        "rnz",
        "rte",
        "rté",
        "rai",
        "zdf",
        "ard",
        "orf",
        "srf",
        "rtl",
        "tf1",
        "france 24",
        "rfi",
        "euronews",
        "al jazeera",
        "al-jazeera",
        "al arabiya",
        "al-arabiya",
        "cgtn",
        "nhk",
        "kbs",
        "ndtv",
        "rt",
        "rossiya 1",
        "politico",
        "axios",
        "semafor",
        "the guardian",
        "the economist",
        "the atlantic",
        "the new yorker",
        "buzzfeed",
        "vox",
        "vice",
        "slate",
        "salon",
        "the hill",
        "der spiegel",
        "die zeit",
        "die welt",
        "le monde",
        "le figaro",
        "libération",
        "el país",
        "el mundo",
        "la repubblica",
        "corriere della sera",
        "haaretz",
        "nikkei",
        "asahi",
        "wsj",
        "ft",
        "usa today",
        "bild",
        "twitter",
        "facebook",
        "telegram",
        "truth social",
        "instagram",
        "youtube",
        "weibo",
        "vkontakte",
        "bluesky",
        "mastodon",
    ]
)
_WORDS = re.compile(
    r"\b(?:news|sports|newspaper|times|post|press|journal|herald|tribune|guardian|telegraph|gazette|chronicle|observer|independent|standard|star|mail|mirror|sun|globe|examiner|inquirer|"
    r"courier|dispatch|bulletin|register|sentinel|weekly|daily|magazine|review|today|tv|television|radio|broadcasting|wire|newswire|newsroom|network|fm|podcast|zeitung|"
    r"pravda|tass|news agency|press agency|lantern|letter|monitor|echo|argus|reporter|spectator|statesman)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:news|post|times|tv|\.com|\.org|\.net)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+|['’]s$", re.IGNORECASE)


def is_outlet(name: str, *, known: Iterable[str] = ()) -> bool:
    """Whether an organization's name is that of an agency, paper, broadcaster or platform.

    Args:
        name: The name, with or without its article.
        known: Names that are outlets in any case, such as the article's own.

    Example:
        >>> is_outlet("the Daily Lantern"), is_outlet("the Security Council")
        (True, False)
    """
    bare = _ARTICLE.sub("", name.strip()).strip()
    if name.strip().casefold() in _NAMES or bare.casefold() in _NAMES:
        return True
    if any(k and compare_organizations(k, name).verdict == "same" for k in known):
        return True
    return bool(bare[:1].isupper() and (_WORDS.search(bare) or _SUFFIX.search(bare)))

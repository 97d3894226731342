"""Through whom the words came, and to whom they were said."""

import pytest

from onrecord.actors.actor import ActorType
from onrecord.actors.chain import Surroundings, addressee_of, carriers_of, nested_speaker
from onrecord.actors.names import Name, NameType
from onrecord.actors.outlets import is_outlet
from onrecord.statements import Attribution, QuoteKind, Statement
from onrecord.text import Span


def scene(
    text: str, *, source: str, cue: str, content: str, names: dict[str, NameType] | None = None, phrases: tuple[str, ...] = ()
) -> tuple[Statement, Surroundings]:
    def at(words: str) -> Span:
        start = text.index(words)
        return Span.of(text, start, start + len(words))

    statement = Statement(
        revision="r1:0",
        content=(at(content),),
        cue=(at(cue),),
        source=(at(source),),
        kind=QuoteKind.INDIRECT,
        attribution=Attribution.CUE,
        verbatim=(),
        insertions=(),
        paragraph="body",
        score=1.0,
        reader="hand",
    )
    tagged = sorted(Name(at(n), t) for n, t in (names or {}).items())
    spans = sorted((at(p).start, at(p).end) for p in phrases)
    return statement, Surroundings(text, Span.of(text, 0, len(text)), tagged, spans, (), ())


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("Reuters", True), ("the BBC", True), ("the Port Sennen Post", True), ("Al Jazeera", True), ("CNN’s", True), ("Halyard News Agency", True), ("Radio Tarn", True),
        ("the Security Council", False), ("NATO", False), ("parliament", False), ("Labour", False), ("the Ministry of Health", False), ("the Tarn Ferry Company", False),
    ],
)  # fmt: skip
def test_outlets_are_told_by_name(name: str, *, outlet: bool) -> None:
    assert is_outlet(name) is outlet


def test_told_an_agency_is_a_chain_and_no_addressee() -> None:
    made = scene(
        "A port official told Reuters the ferry would not sail.",
        source="A port official", cue="told", content="the ferry would not sail", names={"Reuters": NameType.ORGANIZATION}, phrases=("A port official", "Reuters", "the ferry"),
    )  # fmt: skip
    assert [c.name for c in carriers_of(*made)] == ["Reuters"]
    assert addressee_of(*made) is None


def test_told_parliament_is_an_addressee_and_no_chain() -> None:
    made = scene(
        "The minister told parliament that the budget would be cut.",
        source="The minister", cue="told", content="that the budget would be cut", phrases=("The minister", "parliament", "the budget"),
    )  # fmt: skip
    assert carriers_of(*made) == ()
    addressee = addressee_of(*made)
    assert addressee is not None
    assert addressee.name == "parliament"


@pytest.mark.parametrize(
    ("text", "names", "chain"),
    [
        ("In an interview with the Daily Lantern, Orsk said the bridge was safe.", {"the Daily Lantern": NameType.ORGANIZATION}, ["Daily Lantern"]),
        ("Speaking on BBC Radio 4, Orsk said the bridge was safe.", {"BBC Radio 4": NameType.ORGANIZATION}, ["BBC Radio 4"]),
        ("Orsk said the bridge was safe, according to state news agency Tass.", {"Tass": NameType.ORGANIZATION}, ["Tass"]),
        ("Orsk was quoted by the Interfax news agency and said the bridge was safe.", {"Interfax": NameType.ORGANIZATION}, ["Interfax"]),
        ("Orsk, who once sued the Daily Lantern, said the bridge was safe.", {"the Daily Lantern": NameType.ORGANIZATION}, []),
    ],
)
def test_what_carries_the_words(text: str, names: dict[str, NameType], chain: list[str]) -> None:
    made = scene(text, source="Orsk", cue="said", content="the bridge was safe", names=names)
    assert [c.name for c in carriers_of(*made)] == chain


def test_an_outlet_inside_the_content_is_no_chain() -> None:
    made = scene(
        "Orsk said she had told Reuters everything.",
        source="Orsk",
        cue="said",
        content="she had told Reuters everything",
        names={"Reuters": NameType.ORGANIZATION},
    )
    assert carriers_of(*made) == ()


def test_a_government_is_told() -> None:
    made = scene(
        "Orsk warned Denmark that the strait would close.",
        source="Orsk", cue="warned", content="that the strait would close", names={"Denmark": NameType.LOCATION}, phrases=("Orsk", "Denmark", "the strait"),
    )  # fmt: skip
    addressee = addressee_of(*made)
    assert addressee is not None
    assert (addressee.name, addressee.type) == ("Denmark", ActorType.STATE)


def test_an_outlet_reports_what_a_paper_says() -> None:
    text = "The Lantern reported that the memo also said the bridge should be closed."
    statement, around = scene(
        text,
        source="The Lantern",
        cue="reported",
        content="that the memo also said the bridge should be closed",
        phrases=("The Lantern", "the memo", "the bridge"),
    )
    inner = nested_speaker(statement, around)
    assert inner is not None
    assert text[slice(*inner)] == "the memo"


def test_a_plain_report_holds_nobody() -> None:
    statement, around = scene(
        "The Lantern reported that the bridge was closed after engineers said it shook.",
        source="The Lantern", cue="reported", content="that the bridge was closed after engineers said it shook", phrases=("The Lantern", "the bridge", "engineers"),
    )  # fmt: skip
    assert nested_speaker(statement, around) is None

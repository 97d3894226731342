"""Scoring of copies, on an invented set: the pairs, the groups, the command."""

import gzip
import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from onrecord.articles.duplicates import METHOD
from onrecord.cli.score import app
from onrecord.errors import UsageError
from onrecord.scoring.copies import LABELS, RULES, LabelledPair, adjusted_rand, judge_made, read_pairs, read_texts, score_copies, spread
from onrecord.text import stable_id

PIER = """VELDEN (Agency) - The harbour council of Velden voted on Tuesday to close the old ferry pier, ending a service that has run since the war.

The vote was seven to four, and it came after a hearing that lasted until midnight and drew three hundred residents.

Council leader Ines Marrow said the repairs would cost 12 million crowns, which the town does not have.

The ferry carries about 900 passengers a day, most of them workers at the cannery on Skerry Island.

Their union, which had asked for a year's delay, called the decision a betrayal and announced a march for Saturday.

Engineers found cracks in 31 of the pier's 80 pillars last autumn and advised that lorries be kept off it.

The operator, Norrline, has offered to run smaller boats from the fish market, but wants a subsidy of 400,000 crowns a year.

The provincial government in Aldmark has 60 days to object to the closure."""

FROST = """A late frost has destroyed much of the apple blossom in the Orre valley, and growers expect the smallest crop in a generation.

The cold came on three nights in a row, when thermometers in the orchards fell to six degrees below zero.

Fires and sprinklers saved some trees near the river, but on the slopes almost nothing is left, the growers' association said.

It has asked for loans without interest and for a halt to imports until the autumn.

Cider makers, who buy half of the crop, are looking for fruit abroad and warn that prices will rise.

Insurance covers hail but not frost, a point that the association has argued about with the insurers for years."""

UPDATE = """The provincial government stopped the closure of Velden's pier on Friday and ordered the town to keep the boats running until the autumn.

Transport minister Tomas Reel said in Aldmark that the vote had broken the law because the islanders were not heard in time.

He offered the town a loan for the repairs, to be paid back over twenty years, and sent for an engineer to look at the pillars again.

Hundreds cheered at the fish market when the news arrived, and a band that had come for the march played until dark.

""" + "\n\n".join(PIER.split("\n\n")[3:])


def paragraphs(text, start, end):
    return "\n\n".join(text.split("\n\n")[start:end])


TEXTS = {
    "pier": PIER,
    "cut": paragraphs(PIER, 0, 5),
    "edited": "Pier to close\n\n" + PIER.replace("said", "told reporters").replace("about 900", "some 900"),
    "update": UPDATE,
    "frost": FROST,
    "frost cut": paragraphs(FROST, 0, 4),
    "mixed": paragraphs(FROST, 2, 6) + "\n\n" + paragraphs(PIER, 5, 8),
}
IDS = {name: stable_id("r1", text) for name, text in TEXTS.items()}
ROWS = [
    ("pier", "cut", "copy"),
    ("pier", "edited", "copy"),
    ("frost", "frost cut", "copy"),
    ("pier", "update", "update"),
    ("pier", "mixed", "part"),
    ("pier", "frost", "other"),
]


def row(a, b, label, **more):
    return {"a": IDS[a], "b": IDS[b], "label": label, "sure": True, "stratum": "invented", "reason": "made so", **more}


PAIRS = tuple(LabelledPair(IDS[a], IDS[b], label, sure=True, stratum="invented") for a, b, label in ROWS)


@pytest.fixture
def files(tmp_path):
    pairs, first, second = tmp_path / "invented.jsonl", tmp_path / "one.jsonl.xz", tmp_path / "two.jsonl.gz"
    pairs.write_text("".join(json.dumps(row(*r)) + "\n" for r in ROWS), encoding="utf-8")
    lines = [json.dumps({"text": t, "title": n}) + "\n" for n, t in TEXTS.items()]
    with lzma.open(first, "wt", encoding="utf-8") as one, gzip.open(second, "wt", encoding="utf-8") as two:
        one.writelines(lines[:3])
        two.writelines(lines[3:])
    return pairs, first, second


def run(*args):
    return CliRunner().invoke(app, ["copies", *map(str, args)], env={"COLUMNS": "100"})


def test_all_is_right_on_the_invented_set():
    score = score_copies(PAIRS, {IDS[n]: t for n, t in TEXTS.items()})
    assert (score.total.gold, score.total.predicted, score.total.matched) == (3, 3, 3)
    assert score.rand == 1
    assert score.documents == len(TEXTS)
    assert score.called()["copy"] == (3, 3, 3)
    assert score.called()["update"][2] == score.called()["part"][2] == 0
    assert [i.high for i in score.intervals()] == [1, 1, 1]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_a_score(rule):
    score = score_copies(PAIRS, {IDS[n]: t for n, t in TEXTS.items()}, rule=rule)
    assert 0 <= score.total.f1 <= 1
    assert len(score.found) == len(PAIRS)


def test_the_intervals_hold_the_rates():
    pairs = [*PAIRS, LabelledPair(IDS["pier"], IDS["frost cut"], "copy", sure=False, stratum="invented")]
    score = score_copies(pairs, {IDS[n]: t for n, t in TEXTS.items()})
    assert score.total.recall == 0.75
    for rate, interval in zip((score.total.precision, score.total.recall, score.total.f1), score.intervals(), strict=True):
        assert interval.low <= rate <= interval.high


def test_copies_among_all_texts():
    found = spread({IDS[n]: t for n, t in TEXTS.items()})
    assert found.texts == len(TEXTS)
    assert {frozenset(g) for g in found.groups} == {frozenset(IDS[n] for n in ("pier", "cut", "edited")), frozenset(IDS[n] for n in ("frost", "frost cut"))}


def test_made_copies_are_found_and_other_texts_are_not():
    # Three languages of made-up words: what they share is nothing.
    letters = {0: "abcde", 1: "fghij", 2: "klmno"}
    words = [["The " + " ".join(v[k % 5] + v[j % 5] * (1 + (k * j) % 7) for j in range(10)) + "." for k in range(60)] for v in letters.values()]
    texts = {stable_id("r1", t): t for t in (" ".join(w) for w in words)}
    made = {m.way: m for m in judge_made(texts, number=3)}
    assert made["first half"].same == made["reworded"].same == made["first half"].number == 3
    assert made["another text"].same == 0


@pytest.mark.parametrize(
    ("gold", "guess", "index"),
    [
        ([], [], 1.0),
        ([["a", "b"]], [["a", "b"]], 1.0),
        ([["a", "b"]], [], 0.0),
        # Worked by hand: pairs in both 1, in the gold 2, in the guess 2, of 6.
        ([["a", "b"], ["c", "d"]], [["a", "b"], ["c"]], (1 - 2 * 1 / 6) / (1.5 - 2 * 1 / 6)),
        ([["a", "b", "c"]], [["a", "b"], ["c", "d"]], (1 - 3 * 2 / 6) / (2.5 - 3 * 2 / 6)),
    ],
)
def test_adjusted_rand_index(gold, guess, index):
    assert adjusted_rand(gold, guess, ["a", "b", "c", "d"]) == pytest.approx(index)


LABELLINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


@given(LABELLINGS)
def test_adjusted_rand_index_is_one_for_the_same_and_never_more(labels):
    def groups(side):
        return [[str(i) for i, pair in enumerate(labels) if pair[side] == k] for k in range(4)]

    names = [str(i) for i in range(len(labels))]
    assert adjusted_rand(groups(0), groups(0), names) == pytest.approx(1)
    assert adjusted_rand(groups(0), groups(1), names) <= 1 + 1e-9
    assert adjusted_rand(groups(0), groups(1), names) == pytest.approx(adjusted_rand(groups(1), groups(0), names))


def test_the_command(files):
    pairs, *articles = files
    result = run(pairs, *(x for f in articles for x in ("--articles", f)), "--all", "--made", "2", "--errors")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split()[:2] == ["precision", "100.0"]
    assert [line.split()[0] for line in lines[:3]] == ["precision", "recall", "F1"]
    assert lines[3].split()[:2] == ["ARI", "1.000"]
    assert [line.split()[0] for line in lines[5:11]] == list(LABELS)
    assert "pairs called copies: 4, in 2 groups" in result.stdout
    assert lines[-1].startswith("invented|pairs:6|docs:7|sha:")
    assert f"|match:{METHOD}|onrecord:" in lines[-1]


def test_the_command_as_json_and_its_floor(files):
    pairs, *articles = files
    options = [x for f in articles for x in ("--articles", f)]
    data = json.loads(run(pairs, *options, "--json").stdout)
    assert data["F1"]["value"] == data["adjusted_rand"] == 1
    assert data["labels"]["copy"] == {"pairs": 3, "met": 3, "called": 3}
    assert run(pairs, *options, "--floor", "99").exit_code == 0
    with pairs.open("a", encoding="utf-8") as more:
        more.write(json.dumps(row("pier", "frost cut", "copy")) + "\n")
    low = run(pairs, *options, "--floor", "99")
    assert low.exit_code == 1
    assert "below the floor" in low.stderr


def test_doubtful_labels_can_be_left_out(files):
    pairs, *articles = files
    with pairs.open("a", encoding="utf-8") as more:
        more.write(json.dumps(row("pier", "frost cut", "copy", sure=False)) + "\n")
    options = [x for f in articles for x in ("--articles", f)]
    assert "|pairs:7|" in run(pairs, *options).stdout
    assert "|pairs:6|" in run(pairs, *options, "--sure").stdout


def test_a_missing_file_of_articles_is_a_clear_error(files, tmp_path):
    pairs, first, _ = files
    with pytest.raises(UsageError, match="no such file of articles") as missing:
        read_texts([first, tmp_path / "none.jsonl.xz"])
    assert missing.value.item == str(tmp_path / "none.jsonl.xz")
    with pytest.raises(UsageError, match="4 of 7 texts are in none of the files") as absent:
        score_copies(read_pairs(pairs), read_texts([first]))
    assert "--articles" in absent.value.hint
    result = run(pairs, "--articles", tmp_path / "none.jsonl")
    assert result.exit_code != 0
    assert run(pairs).exit_code == 2


def test_a_missing_set_is_a_clear_error(tmp_path):
    with pytest.raises(UsageError, match="the pairs cannot be read"):
        read_pairs(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", "{}", '{"a": "x", "b": "y", "label": "twin", "sure": true, "stratum": "s"}', '{"a": "x", "b": "y", "label": "copy"}']
)
def test_a_damaged_set_says_where(tmp_path, line):
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_pairs(path)
    assert error.value.item == str(path)


@given(st.binary(max_size=200))
def test_any_bytes_give_texts_or_one_clear_error(tmp_path_factory, data):
    for end in (".jsonl", ".jsonl.gz", ".jsonl.xz"):
        path = tmp_path_factory.getbasetemp() / f"any{end}"
        path.write_bytes(data)
        try:
            assert isinstance(read_texts([path]), dict)
        except UsageError as error:
            assert str(path) in str(error)


def test_the_sets_of_the_project_hold_offsets_and_no_text():
    from pathlib import Path

    folder = Path(__file__).parents[1] / "articles"
    seen = []
    for name in ("copies-dev.jsonl", "copies-held.jsonl"):
        rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        assert len(read_pairs(folder / name)) == len(rows)
        assert {r["label"] for r in rows} <= set(LABELS)
        for r in rows:
            assert set(r) == {"a", "b", "a_name", "b_name", "label", "sure", "reason", "stratum", "jaccard", "contained", "a_shared", "b_shared"}
            assert len(r["a_shared"]) == len(r["b_shared"]) == 2
        seen.append({x for r in rows for x in (r["a"], r["b"])})
    assert not seen[0] & seen[1]

"""Whole matrices against gold that is kept as offsets."""

import json
import lzma

import pytest
from typer.testing import CliRunner

from onrecord.cli import app
from onrecord.errors import UsageError
from onrecord.positions.coder import Coder
from onrecord.scoring.matrix import Told, coded_articles, matrix_scores
from onrecord.scoring.stances import article_digest

TEXT = 'HALYARD - "We reject the levy," the baker, Ines Rook, said. She called for a night ferry.\n\nIt rained, the harbour master said.\n'
ISSUES = [
    {"id": "levy", "label": "Levy on ships", "aliases": ["berth charge"], "for": "charging ships", "against": "letting them in free"},
    {"id": "ferry", "label": "Night ferry", "for": "running a ferry at night", "against": "stopping at dusk"},
]


def spans(content, cue, source):
    return {role: [[TEXT.index(words), TEXT.index(words) + len(words)]] for role, words in (("content", content), ("cue", cue), ("source", source))}


@pytest.fixture
def gold(tmp_path):
    statements = [
        spans("We reject the levy", "said.", "the baker"),
        spans("a night ferry", "called for", "She"),
        spans("It rained", "said", "the harbour master"),
    ]
    row = {
        "article": article_digest(TEXT),
        "part": "held",
        "issues": ISSUES,
        "statements": statements,
        "codes": [[0, "levy", "oppose"], [1, "ferry", "support"]],
    }
    codes, articles = tmp_path / "matrix.jsonl", tmp_path / "news.jsonl.xz"
    codes.write_text(json.dumps(row) + "\n" + json.dumps(row | {"part": "dev", "codes": []}) + "\n", encoding="utf-8")
    with lzma.open(articles, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": "Another.", "title": "Other"}) + "\n" + json.dumps({"text": TEXT, "title": "A levy on ships"}) + "\n")
    return codes, articles


def test_a_coded_article_has_a_case_for_each_statement_and_issue(gold):
    (article,) = coded_articles(*gold, "held")
    assert article.title == "A levy on ships"
    assert [[case.stance for case in row] for row in article.cases] == [["oppose", "none"], ["none", "support"], ["none", "none"]]
    first = article.cases[0][0]
    assert (first.said, first.before, first.issue.id) == ("said.: We reject the levy", 'HALYARD - "', "levy")


def test_scores_count_what_is_told_as_the_product_tells_it(gold):
    coder = Coder.load()
    ((article, told),) = matrix_scores(coder, coded_articles(*gold, "held"), least=0.0)
    read = coder.beside(article.issues, article.title, *([getattr(row[0], what) for row in article.cases] for what in ("said", "before")))
    assert (told.pairs, told.gold, told.told) == (6, 2, len(read))
    assert told.right >= 1
    assert told.right + told.opposite + told.unspoken <= told.told
    ((_, none),) = matrix_scores(coder, coded_articles(*gold, "held"), least=1.1)
    assert (none.told, none.precision, none.recall) == (0, 0.0, 0.0)


def test_shares_are_of_a_hundred():
    told = Told(pairs=90, gold=20, told=8, right=6, opposite=1, unspoken=1)
    assert (told.precision, told.recall) == (75.0, 30.0)


def test_the_command_prints_figures_with_their_signature_and_holds_a_floor(gold):
    codes, articles = map(str, gold)
    asked = ["score", "matrix", "--codes", codes, "--articles", articles]
    done = CliRunner().invoke(app, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    out = json.loads(done.stdout)
    assert (out["articles"], out["pairs"], out["gold"]) == (1, 6, 2)
    assert out["signature"].startswith("articles:1|sha:")
    assert "match:matrix-held.v1|coder:positions-" in out["signature"]
    printed = CliRunner().invoke(app, asked).stdout
    assert "1 articles, 6 statements beside issues, 2 of them positions" in printed
    assert out["signature"] in printed
    alone = CliRunner().invoke(app, [*asked, "--unweighed"]).stdout
    assert "|match:matrix-held.v1|unweighed|coder:positions-" in alone
    low = CliRunner().invoke(app, [*asked, "--part", "dev", "--floor", "1"])
    assert low.exit_code == 1, "no positions there, so none told can be right"
    assert "below the floor" in low.stderr


def test_gold_that_is_none_is_refused(gold, tmp_path):
    codes, articles = gold
    assert isinstance(CliRunner().invoke(app, ["score", "matrix", "--codes", str(codes)]).exception, UsageError)
    with pytest.raises(UsageError, match="no matrices"):
        coded_articles(tmp_path / "nothing.jsonl", articles, "held")
    with lzma.open(articles, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": "Another.", "title": "Other"}) + "\n")
    with pytest.raises(UsageError, match="no matrices"):
        coded_articles(codes, articles, "held")

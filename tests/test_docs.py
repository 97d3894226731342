"""What the documentation shows is what happens."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import onrecord

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_readme_s_story_gives_the_readme_s_rows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    story = "\n".join(line.removeprefix(">").removeprefix(" ") for line in readme.splitlines() if line.startswith(">"))
    record = onrecord.read(story)
    rows = [line.split("  ") for line in blocks(ROOT / "README.md", "text")[0].splitlines()[1:]]
    shown = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    wanted = [[e.speaker.name, str(e.statement.kind), e.statement.content[0].exact] for e in record.entries]
    assert [[re.sub(r" \(.*", "", row[0]), *row[1:3]] for row in shown] == wanted
    assert [c.name for c in record.entries[1].voice.chain] == ["Halyard Wire"]
    first = json.loads(blocks(ROOT / "README.md", "json")[0])
    made = record.entries[0].to_json()
    assert {**first, "score": None} == {key: None if key == "score" else made[key] for key in first}
    # Another processor rounds otherwise.
    scores = [first["score"], *(float(row[3]) for row in shown)]
    assert scores == pytest.approx([s.score for s in (record.statements[0], *record.statements)], abs=0.03)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_python_in_the_docs_runs(page: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text('"We will not sign," the mayor said on Tuesday.', encoding="utf-8")
    script = "if __name__ == '__main__':\n" + "".join("    " + line + "\n" for b in blocks(page, "python") for line in b.splitlines())
    if "record =" not in script:
        script = script.replace("'__main__':\n", "'__main__':\n    import onrecord; record = onrecord.read('\"We will not sign,\" the mayor said.')\n", 1)
    (tmp_path / "shown.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "shown.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_reference_is_up_to_date_and_links_lead_somewhere() -> None:
    done = subprocess.run([sys.executable, "docs/build.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_command_line_in_the_docs_is_one() -> None:
    """Options that the docs show exist."""
    known = set(re.findall(r"`(--?[a-z][a-z-]*)`", (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8"))) | {"--help"}
    used = {
        o for p in PAGES for line in p.read_text(encoding="utf-8").splitlines() if "onrecord " in line for o in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)
    }
    assert used <= known

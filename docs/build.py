"""Write docs/reference from the code, or check that it is up to date and that every link in the docs leads somewhere.

python docs/build.py [--check]
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from typer.models import OptionInfo

import onrecord
from onrecord.cli import app
from onrecord.ledger import Ledger
from onrecord.ledger.migrations.versions import m0001_ledger
from onrecord.ledger.tables import METADATA

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?://|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)|!\[[^\]]*\]\((?!https?://)([^)\s]+)\)")
_WIDTH = 110


def main() -> None:
    """Write, or check."""
    pages = {"cli.md": commands(), "python.md": names(), "schema.md": schema()}
    if "--check" not in sys.argv:
        REFERENCE.mkdir(exist_ok=True)
        for name, page in pages.items():
            (REFERENCE / name).write_text(page, encoding="utf-8")
        return
    faults = [f"docs/reference/{n} is behind the code: run `make docs`" for n, page in pages.items() if _text(REFERENCE / n) != page]
    faults += broken_links()
    print("\n".join(faults) or "docs: reference up to date, all links lead somewhere")
    sys.exit(bool(faults))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def commands() -> str:
    """Every command with its arguments and options, from the functions behind them: what typer makes of these differs by its version."""
    out = ["# The command line", "", "Written by `make docs` from the program itself; `onrecord COMMAND --help` says the same."]
    for path, callback in _walk(app, "onrecord"):
        text = inspect.getdoc(callback) or ""
        out += ["", f"## {path}", "", re.sub(r"\x08\n(.+?)(?=\n\n|\Z)", lambda m: f"```text\n{m[1]}\n```", text, flags=re.DOTALL)]
        hints = get_type_hints(callback, include_extras=True)
        rows = [_parameter(p, hints[p.name]) for p in inspect.signature(callback).parameters.values()]
        out += ["", "| | what it is | default |", "|---|---|---|", *rows]
    return "\n".join(out) + "\n"


def _walk(group: typer.Typer, path: str) -> Iterator[tuple[str, Any]]:
    if group.registered_callback is not None:
        yield path, group.registered_callback.callback
    for command in group.registered_commands:
        yield f"{path} {command.name}", command.callback
    for inner in group.registered_groups:
        yield from _walk(inner.typer_instance, f"{path} {inner.name}")


def _parameter(parameter: inspect.Parameter, hint: Any) -> str:
    kind, info = get_args(hint)[:2]
    # Inside Annotated, typer keeps the first of an option's names as its default.
    given = [n for n in (info.default, *(info.param_decls or ())) if isinstance(n, str) and n.startswith("-")]
    listed = given or (["--" + parameter.name.replace("_", "-")] if isinstance(info, OptionInfo) else [info.metavar])
    choices = [m.value for m in kind] if inspect.isclass(kind) and issubclass(kind, Enum) else []
    said = (info.help or "") + (f" One of {', '.join(f'`{c}`' for c in choices)}." if choices else "")
    value = getattr(parameter.default, "value", parameter.default)
    shown = "" if value in (None, False, "", inspect.Parameter.empty) else f"`{value}`"
    return f"| {', '.join(f'`{n}`' for n in listed)} | {said} | {shown} |"


def names() -> str:
    """Every public name with its docstring, its fields and its methods."""
    out = ["# Python", "", "Written by `make docs` from the docstrings. Everything here is imported from `onrecord`; whatever is not here may move."]
    kinds: dict[str, list[str]] = {"Functions": [], "Types": [], "Errors": []}
    for name in onrecord.__all__:
        found = getattr(onrecord, name)
        kind = "Functions" if not inspect.isclass(found) else "Errors" if issubclass(found, Exception) else "Types"
        kinds[kind] += _entry(name, found)
    for kind, lines in kinds.items():
        out += ["", f"## {kind}", *lines]
    return "\n".join(out) + "\n"


def _entry(name: str, found: Any) -> list[str]:
    out = ["", f"### {name}", ""]
    if not inspect.isclass(found):
        out += ["```python", f"{name}{_signature(found)}", "```", ""]
    out += _docstring(found)
    if inspect.isclass(found) and not issubclass(found, Exception):
        fields = list(_fields(found))
        if fields:
            out += ["", "| field | type | what it is |", "|---|---|---|", *(f"| `{n}` | {f'`{t}`' if t else ''} | {c} |" for n, t, c in fields)]
        # A class may be put together from several of ours.
        own = {k: v for c in reversed(found.__mro__) if c.__module__.partition(".")[0] == "onrecord" for k, v in vars(c).items()}
        for method, value in own.items():
            target = value.fget if isinstance(value, property) else value.__func__ if isinstance(value, classmethod) else value
            if method.startswith("_") or not inspect.isfunction(target) or not target.__doc__:
                continue
            call = "" if isinstance(value, property) else "(…)" if len(inspect.signature(target).parameters) > 1 else "()"
            out += ["", f"- `.{method}{call}`: {inspect.getdoc(target).splitlines()[0]}"]
    return out


def _signature(found: Any) -> str:
    text = re.sub(r"<class (\w+)>", r"\1", str(inspect.signature(found)).replace("'", ""))
    return re.sub(r"(?<=[(,]) (?=\w+:)|(?<=\*,) ", "\n    ", text.replace("(", "(\n    ", 1).replace(") ->", ",\n) ->", 1)) if len(text) > _WIDTH else text


def _docstring(found: Any) -> list[str]:
    """Google sections become bold labels and lists; everything else stays."""
    lines = []
    for line in (inspect.getdoc(found) or "").splitlines():
        if re.fullmatch(r"(Args|Returns|Raises|Yields|Example):", line):
            lines += [f"**{line[:-1]}**", ""]
            section = line[:-1]
            if section == "Example":
                lines.append("```pycon")
        elif lines and line.startswith("    ") and "```pycon" not in lines:
            item = re.match(r"    (\w+): (.*)", line)
            lines.append(f"- `{item[1]}`: {item[2]}" if item else line[2:] if line.startswith("        ") else line[4:])
        else:
            lines.append(line.removeprefix("    ") if "```pycon" in lines else line)
    return [*lines, "```"] if "```pycon" in lines else lines


def _fields(found: type) -> Iterator[tuple[str, str, str]]:
    """Name, type and `#:` lines of each field or member."""
    source = inspect.getsource(found)
    indent = len(source) - len(source.lstrip())
    rows = [line[indent:] for line in source.splitlines()]
    tree = ast.parse("\n".join(rows)).body[0]
    for node in tree.body if isinstance(tree, ast.ClassDef) else ():
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(target, ast.Name) or target.id.startswith("_"):
            continue
        said = []
        at = node.lineno - 2
        while rows[at].strip().startswith("#:"):
            said.insert(0, rows[at].strip()[2:].strip())
            at -= 1
        kind = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ast.unparse(node.value)
        yield target.id, kind.replace("|", "\\|"), " ".join(said).replace("|", "\\|")


_QUERIES = {
    "Who was quoted most, and by how many outlets": """\
        SELECT speaker, count(*) AS statements, count(DISTINCT outlet) AS outlets
        FROM who_said_what WHERE speaker_type = 'person'
        GROUP BY speaker ORDER BY statements DESC LIMIT 20
        """,
    "Quotations that several outlets carried, and who was first": """\
        SELECT quotation, max(CASE WHEN first THEN outlet END) AS first_in, count(DISTINCT outlet) AS outlets, max(CASE WHEN longest THEN content END) AS words
        FROM who_carried_it GROUP BY quotation HAVING count(DISTINCT outlet) > 1 ORDER BY outlets DESC
        """,
}


def schema() -> str:
    """Every table with its columns, keys and indexes, and the views and full text of a ledger made for this page."""
    out = [
        "# The ledger's tables",
        "",
        "Written by `make docs` from the code and from a ledger made for this page. Numbers of rows mean nothing outside their ledger; ids do.",
    ]
    with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder) / "news.db", create=True) as ledger:
        made = ledger.sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").rows
        # A query that no longer runs is no example.
        for query in _QUERIES.values():
            ledger.sql(query)
    out += _in_datasette()
    out += ["", "## Tables"]
    for table in sorted(METADATA.tables.values(), key=lambda t: t.name):
        out += _table(table)
    out += ["", "## Views"]
    for kind, name, sql in made:
        if kind == "view":
            out += ["", f"### {name}", "", *_sql(sql)]
    out += [
        "",
        "## Full text",
        "",
        "In SQLite, the words of statements and of texts are in tables of FTS5 beside them; `facets` holds what a search is narrowed by, as words.",
    ]
    for _, name, sql in made:
        if (name.endswith("_fts") and "VIRTUAL TABLE" in sql) or "INSERT INTO statements_fts" in sql or "INSERT INTO revisions_fts" in sql:
            out += ["", f"### {name}", "", *_sql(sql)]
    out += [
        "",
        "In PostgreSQL they are columns of their own, which fill themselves:",
        "",
        *_sql(";\n".join(textwrap.dedent(s).strip() for s in m0001_ledger.POSTGRESQL)),
    ]
    return "\n".join(out) + "\n"


def _in_datasette() -> list[str]:
    out = [
        "",
        "## Opening it",
        "",
        "A ledger on SQLite is one file, and opens in [Datasette](https://datasette.io) as it is: names stand in place of keys, and search works on",
    ]
    out += [
        "`statements` and `revisions`. `onrecord sql` asks the same of a ledger on either database, and changes nothing.",
        "",
        *_sql("datasette news.db", "bash"),
    ]
    for what, query in _QUERIES.items():
        out += ["", f"{what}:", "", *_sql(query)]
    return out


def _table(table: Table) -> list[str]:
    out = ["", f"### {table.name}", "", table.comment or "", "", "| column | SQLite | PostgreSQL | key | what it is |", "|---|---|---|---|---|"]
    for column in table.columns:
        types = [column.type.compile(dialect=d).lower() for d in (sqlite.dialect(), postgresql.dialect())]
        out.append(f"| `{column.name}` | {types[0]} | {types[1]} | {_key(table, column)} | {(column.comment or '').replace('|', chr(92) + '|')} |")
    indexes = [f"- `{i.name}` on {', '.join(f'`{c.name}`' for c in i.columns)}" for i in sorted(table.indexes, key=lambda i: str(i.name))]
    return [*out, "", "Indexes:", "", *indexes] if indexes else out


def _key(table: Table, column: Column[Any]) -> str:
    alone = [c for c in table.constraints if type(c).__name__ == "UniqueConstraint" and column.name in c.columns]
    said = ["primary"] if column.primary_key else []
    said += [f"to `{f.target_fullname}`" for f in column.foreign_keys]
    said += ["unique" if len(c.columns) == 1 else f"unique with {', '.join(f'`{o.name}`' for o in c.columns if o is not column)}" for c in alone]
    return ", ".join([*said, *([] if column.nullable or column.primary_key else ["not null"])])


def _sql(code: str, language: str = "sql") -> list[str]:
    first, _, rest = textwrap.dedent(code).strip().partition("\n")
    return [f"```{language}", first, *textwrap.dedent(rest).splitlines(), "```"]


def broken_links() -> list[str]:
    """Relative links of every Markdown file in the tree that lead to nothing."""
    out = []
    for page in sorted([*ROOT.glob("*.md"), *(p for d in ("docs", "examples", "benchmarks", "training", "tests", "src") for p in (ROOT / d).rglob("*.md"))]):
        if "examples/articles" in page.as_posix():
            continue
        for one, two in _LINK.findall(_text(page)):
            if not (page.parent / (one or two)).exists():
                out.append(f"{page.relative_to(ROOT)}: the link {one or two} leads nowhere")
    return out


if __name__ == "__main__":
    main()

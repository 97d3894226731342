"""The forms of a roster, YAML and CSV, from text to text. What is wrong is said with line, field and what to do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

import yaml

from onrecord.actors.actor import ActorType
from onrecord.actors.known_actor import KnownActor, RoleHeld, actor_id
from onrecord.errors import UsageError

__all__ = ["read_csv", "read_yaml", "write_csv", "write_yaml"]

_FIELDS = ("id", "name", "type", "aliases", "roles", "organization", "country", "wikidata", "parent")
_ROLE_FIELDS = ("title", "start", "end", "organization")
_CHECKS = {
    "country": (re.compile("[A-Z]{2}"), "two capital letters (ISO 3166-1), such as GB"),
    "wikidata": (re.compile(r"Q[1-9]\d*"), "a Wikidata id, such as Q42"),
    "id": (re.compile(r"a1:[0-9a-f]{20}"), "an id that onrecord gave; leave it out to get one"),
    "start": (re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?[~?%]?|\.\."), "a date such as 2024-07-05, 2024-07 or 2024"),
}
_CHECKS["end"] = _CHECKS["start"]

#: A value and the line it stands in.
_Value = tuple[str, int]


def read_yaml(text: str, *, source: str) -> list[KnownActor]:
    """Actors of YAML, each once; see `Roster.from_yaml`."""
    return _unique(_from_yaml(text, source), source)


def read_csv(text: str, *, source: str) -> list[KnownActor]:
    """Actors of CSV, each once; see `Roster.from_csv`."""
    return _unique(_from_csv(text, source), source)


def write_yaml(actors: Iterable[KnownActor]) -> str:
    """Actors as YAML."""
    rows = [{k: _plain(v) for f in fields(a) if (v := getattr(a, k := f.name)) not in (None, ())} for a in actors]
    return yaml.safe_dump({"actors": rows}, sort_keys=False, allow_unicode=True, width=120)


def write_csv(actors: Iterable[KnownActor]) -> str:
    """Actors as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_FIELDS)
    for a in actors:
        roles = ";".join("|".join(_escaped(part or "") for part in (r.title, r.start, r.end, r.organization)).rstrip("|") for r in a.roles)
        cells = {"aliases": ";".join(map(_escaped, a.aliases)), "roles": roles}
        writer.writerow([cells.get(f, getattr(a, f)) for f in _FIELDS])
    return out.getvalue()


def _fault(source: str, line: int, what: str, hint: str) -> UsageError:
    return UsageError(f"line {line}: {what}", item=source, hint=hint)


def _checked(row: Mapping[str, _Value], known: Sequence[str], source: str, line: int, *, what: str) -> dict[str, str]:
    """Fields of one actor or role, each as it should be."""
    for field, (value, at) in row.items():
        if field not in known:
            raise _fault(source, at, f"unknown field {field!r}", f"{what} has {', '.join(known)}")
        check = _CHECKS.get(field)
        if check and value and not check[0].fullmatch(value):
            raise _fault(source, at, f"field {field!r} holds {value!r}", f"write {check[1]}")
    if not row.get(known[0] if what == "a role" else "name", ("", 0))[0]:
        raise _fault(source, line, f"{what} without a {'title' if what == 'a role' else 'name'}", "add it")
    return {f: v for f, (v, _) in row.items() if v}


def _actor(row: Mapping[str, _Value], aliases: Sequence[str], roles: Sequence[RoleHeld], source: str, line: int) -> KnownActor:
    got = _checked(row, _FIELDS, source, line, what="an actor")
    allowed = [t.value for t in ActorType if t not in (ActorType.UNNAMED, ActorType.UNKNOWN)]
    if got.get("type") not in allowed:
        at = row["type"][1] if "type" in row else line
        raise _fault(source, at, f"field 'type' holds {got['type']!r}" if "type" in got else "an actor without a type", f"write one of {', '.join(allowed)}")
    kind, name = ActorType(got["type"]), got["name"]
    wikidata, country = got.get("wikidata"), got.get("country")
    return KnownActor(
        id=got.get("id") or actor_id(kind, name, wikidata=wikidata, country=country),
        name=name,
        type=kind,
        aliases=tuple(aliases),
        roles=tuple(roles),
        organization=got.get("organization"),
        country=country,
        wikidata=wikidata,
        parent=got.get("parent"),
    )


def _role(row: Mapping[str, _Value], source: str, line: int) -> RoleHeld:
    got = _checked(row, _ROLE_FIELDS, source, line, what="a role")
    return RoleHeld(got["title"], got.get("start"), got.get("end"), got.get("organization"))


def _unique(actors: Iterable[tuple[int, KnownActor]], source: str) -> list[KnownActor]:
    """The actors, each once; parents are there."""
    lines: dict[str, int] = {}
    out = list(actors)
    for line, actor in out:
        if actor.id in lines:
            raise _fault(source, line, f"{actor.name!r} is the actor of line {lines[actor.id]}", "join them, or tell them apart by wikidata or country")
        lines[actor.id] = line
    names = lines.keys() | {n for _, a in out for n in a.names}
    for line, actor in out:
        if actor.parent is not None and actor.parent not in names:
            raise _fault(source, line, f"field 'parent' holds {actor.parent!r}, which is not in the roster", "add that actor, or leave the field out")
    return [actor for _, actor in out]


def _from_yaml(text: str, source: str) -> Iterator[tuple[int, KnownActor]]:
    try:
        # The C parser, where there is one, is ten times as fast.
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _fault(source, mark.line + 1 if mark else 1, f"not YAML: {getattr(error, 'problem', error)}", "see examples/roster.yaml") from error
    if isinstance(node, yaml.MappingNode):
        node = next((v for k, v in node.value if k.value == "actors"), node)
    if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
        return
    for item in _sequence(node, "actors", source):
        line = item.start_mark.line + 1
        row, aliases, roles = dict[str, _Value](), list[str](), list[RoleHeld]()
        for field, value in _mapping(item, "an actor", source):
            if field == "aliases":
                aliases = [v for n in _sequence(value, field, source) if (v := _scalar(n, field, source))]
            elif field == "roles":
                for n in _sequence(value, field, source):
                    cells = {k: (_scalar(v, k, source), v.start_mark.line + 1) for k, v in _mapping(n, "a role", source)}
                    roles.append(_role(cells, source, n.start_mark.line + 1))
            else:
                row[field] = (_scalar(value, field, source), value.start_mark.line + 1)
        yield line, _actor(row, aliases, roles, source, line)


def _mapping(node: yaml.Node, what: str, source: str) -> list[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _fault(source, node.start_mark.line + 1, f"{what} is fields with values", "write `name: …` and the other fields, one a line")
    return [(str(k.value), v) for k, v in node.value]


def _sequence(node: yaml.Node, field: str, source: str) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    raise _fault(source, node.start_mark.line + 1, f"field {field!r} is a list", "begin each item with `- `")


def _scalar(node: yaml.Node, field: str, source: str) -> str:
    """As written: a date stays a text, and NO is Norway."""
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else str(node.value).strip()
    raise _fault(source, node.start_mark.line + 1, f"field {field!r} is one value", "write it on one line, without `- `")


def _from_csv(text: str, source: str) -> Iterator[tuple[int, KnownActor]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [h.strip() for h in next(reader, [])]
        if missing := {"name", "type"} - set(header):
            raise _fault(source, 1, f"no column {' and '.join(sorted(missing))}", f"the first line names the columns: {', '.join(_FIELDS)}")
        line = reader.line_num + 1
        for cells in reader:
            if any(c.strip() for c in cells):
                yield line, _from_row(header, cells, source, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _fault(source, reader.line_num, f"not CSV: {error}", "save it as CSV with commas and double quotation marks") from error


def _from_row(header: Sequence[str], cells: Sequence[str], source: str, line: int) -> KnownActor:
    if len(cells) > len(header):
        raise _fault(source, line, f"{len(cells)} cells under {len(header)} columns", "put cells with commas between double quotation marks")
    got = {f: (c.strip(), line) for f, c in zip(header, cells, strict=False)}
    aliases = _split(got.pop("aliases", ("", 0))[0], ";")
    roles = []
    for role in _split(got.pop("roles", ("", 0))[0], ";", keep=True):
        parts = _split(role, "|", blank=True)
        if len(parts) > len(_ROLE_FIELDS):
            raise _fault(source, line, f"field 'roles' holds a role of {len(parts)} parts", "write title|start|end|organization")
        roles.append(_role({f: (p, line) for f, p in zip(_ROLE_FIELDS, parts, strict=False)}, source, line))
    return _actor(got, aliases, roles, source, line)


def _split(text: str, mark: str, *, keep: bool = False, blank: bool = False) -> list[str]:
    """Pieces between marks without a backslash; `keep` leaves backslashes for the next split, `blank` keeps empty pieces."""
    pieces = _pieces(text, mark)
    out = [p.strip() if keep else re.sub(r"\\(.)", r"\1", p.strip(), flags=re.DOTALL) for p in pieces]
    return out if blank else [p for p in out if p]


def _pieces(text: str, mark: str) -> list[str]:
    pieces, escaped = [""], False
    for c in text:
        if c == mark and not escaped:
            pieces.append("")
        else:
            pieces[-1] += c
        escaped = c == "\\" and not escaped
    return pieces


def _escaped(text: str) -> str:
    return re.sub(r"([\\;|])", r"\\\1", text)


def _plain(value: object) -> object:
    """As YAML takes it."""
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, RoleHeld):
        return {f.name: v for f in fields(value) if (v := getattr(value, f.name)) is not None}
    return str(value)

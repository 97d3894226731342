"""Role, country, type and use of mentions against a hand-made set in YAML (`tests/actors/mentions-*.yaml`; its header states the conventions)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from onrecord.actors.actor import ActorType
from onrecord.actors.countries import stands_for_government
from onrecord.actors.names import Name
from onrecord.actors.roles import describe
from onrecord.actors.unnamed import classify, describe_unnamed
from onrecord.errors import UsageError
from onrecord.text import Span

__all__ = ["FIELDS", "Verdict", "rates", "score_mentions"]

#: What is compared.
FIELDS = ("role", "country", "organization", "country_basis", "type", "use", "ground")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one mention."""

    mention: str
    field: str
    gold: str | None
    found: str | None

    @property
    def right(self) -> bool:
        """Whether they agree, articles, possessives and case aside."""
        return _bare(self.gold) == _bare(self.found)


def _bare(value: str | None) -> str:
    return re.sub(r"^(?:the|a|an)\s+|['’]s?$", "", value or "", flags=re.IGNORECASE).casefold().strip()


def score_mentions(path: Path, names_of: Any) -> list[Verdict]:  # noqa: ANN401 - a function of a text
    """Compare every field of every mention.

    Args:
        path: The YAML file.
        names_of: Gives the names of a text, as the product's model tags them.

    Raises:
        UsageError: It is not such a file.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [v for entry in entries for v in _verdicts(entry, names_of(entry["text"]))]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise UsageError(f"no set of mentions: {error}", item=str(path), hint="see tests/actors/README.md for the form") from error


def _verdicts(entry: Mapping[str, Any], names: Sequence[Name]) -> list[Verdict]:
    text, mention = entry["text"], entry["mention"]
    start = -1
    for _ in range(int(entry.get("nth", 1))):
        start = text.index(mention, start + 1)
    span, sentence = Span.of(text, start, start + len(mention)), Span.of(text, 0, len(text))
    if entry.get("use") == "place":
        return [Verdict(mention, "use", "place", stands_for_government(text, span).use)]
    said = describe(text, span, names=names, sentence=sentence)
    kind, _ = classify(text, span, names=names)
    unnamed = describe_unnamed(text, span, sentence) if entry["type"] == ActorType.UNNAMED else None
    role = said.role.exact if said.role else None
    if role and entry.get("role_before"):
        role = role.removeprefix(f"{entry['role_before']} ")
    found = {
        "role": role,
        "country": said.country or (unnamed.country if unnamed else None),
        "organization": said.organization.exact if said.organization else None,
        "country_basis": said.country_basis.exact if said.country_basis else unnamed.country_basis.exact if unnamed and unnamed.country_basis else None,
        "type": str(kind),
        "use": stands_for_government(text, span).use if entry.get("use") else None,
        "ground": unnamed.ground.exact if unnamed and unnamed.ground else None,
    }
    return [Verdict(mention, field, entry.get(field), found[field]) for field in FIELDS if field not in {"use", "ground"} or entry.get(field)]


def rates(verdicts: Sequence[Verdict]) -> dict[str, tuple[int, int]]:
    """Right and all, by field."""
    return {f: (sum(v.right for v in verdicts if v.field == f), sum(v.field == f for v in verdicts)) for f in FIELDS}

"""What people do with issues: follow them, say them in other words, follow them no more; look for positions on them; decide on what is suggested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from pydantic import BaseModel, Field

from onrecord.desk.searching import day
from onrecord.errors import UsageError
from onrecord.positions import Issue
from onrecord.positions.naming import issue_id
from onrecord.web import links
from onrecord.web.jobs import Line
from onrecord.web.routing import Done, add_action
from onrecord.web.site import Role, Site, Visitor
from onrecord.web.suggested import look, suggested

__all__ = ["add"]

#: Addresses of other pages.
_TAKEN = frozenset(("new", "suggest"))
_LABEL, _WORDS = 300, 5_000


class Note(BaseModel):
    """Why."""

    note: str = Field("", max_length=_WORDS, description="Why; kept with it.")


class NewIssue(Note):
    """An issue to follow."""

    id: str = Field("", max_length=64, description="Short name: a-z, 0-9, '.', '_', '-'; made from the label if there is none.")
    label: str = Field(max_length=_LABEL, description="What it is, in a few words.")
    aliases: str = Field("", max_length=_WORDS, description="Other words for it, one a line.")
    pro: str = Field("", max_length=_WORDS, description="What being for it means.")
    contra: str = Field("", max_length=_WORDS, description="What being against it means.")


class Wording(Note):
    """An issue in other words; what is not given stays as it is."""

    label: str | None = Field(None, max_length=_LABEL, description="What it is, in a few words.")
    aliases: str | None = Field(None, max_length=_WORDS, description="Other words for it, one a line; they take the place of those before.")
    pro: str | None = Field(None, max_length=_WORDS, description="What being for it means.")
    contra: str | None = Field(None, max_length=_WORDS, description="What being against it means.")
    whole: bool = Field(default=False, description="Whether what is not given is taken away: so says a form, whose empty fields do not arrive.")


class Number(Note):
    """A version."""

    number: int = Field(ge=1, le=1_000_000, description="Number of the version to take up again.")


class Days(BaseModel):
    """Where to look."""

    since: str = Field("", max_length=40, description="First day of publication: 2025-03-14, 2025-03 or 2025.")
    until: str = Field("", max_length=40, description="Last day, likewise.")


class Named(Note):
    """A suggestion."""

    suggestion: str = Field(max_length=_WORDS, description="Its label.")


class Accepted(Named):
    """A suggestion to follow."""

    id: str = Field("", max_length=64, description="Another short name for it.")
    label: str = Field("", max_length=_LABEL, description="Another label for it.")
    drafts: bool = Field(default=False, description="Whether its drafts of for and against are taken over, word for word.")


def _known(site: Site, name: str, *, retired: bool = False) -> Issue:
    found = site.desk.agenda(retired=retired).get(name)
    if found is None:
        raise UsageError("no such issue is followed", item=name, hint="the page of issues shows those that are")
    return found


def _aliases(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))


def _told(site: Site, name: str) -> dict[str, Any]:
    return {"issue": site.desk.ledger.issue_versions(name)[-1].to_json()}


def follow(site: Site, visitor: Visitor, given: NewIssue, _: dict[str, str]) -> Done:
    """Follow an issue."""
    taken = {i.id for i in site.desk.agenda(retired=True)} | _TAKEN
    name = given.id.strip() or issue_id(given.label, taken)
    if name in taken:
        raise UsageError("there is an issue of this short name", item=name, hint="give another, or say that one in other words")
    issue = Issue(name, given.label.strip(), _aliases(given.aliases), given.pro.strip() or None, given.contra.strip() or None)
    site.desk.add_issue(issue, by=visitor.name, note=given.note.strip() or None)
    return Done("issue-followed", links.issue(name), name, _told(site, name))


def edit(site: Site, visitor: Visitor, given: Wording, parts: dict[str, str]) -> Done:
    """Say an issue in other words: it gets another version."""
    issue = _known(site, parts["id"])
    if given.whole:
        given = given.model_copy(update={n: getattr(given, n) or "" for n in ("label", "aliases", "pro", "contra")})
    if given.label is not None and not given.label.strip():
        raise UsageError("an issue needs a label", hint="say what it is, in a few words")
    changes: dict[str, Any] = {} if given.label is None else {"label": given.label.strip()}
    changes |= {} if given.aliases is None else {"aliases": _aliases(given.aliases)}
    changes |= {} if given.pro is None else {"pro": given.pro.strip() or None}
    changes |= {} if given.contra is None else {"contra": given.contra.strip() or None}
    changed = site.desk.edit_issue(issue.id, by=visitor.name, note=given.note.strip() or None, **changes)
    return Done("issue-edited" if changed else "issue-same", f"{links.issue(issue.id)}#versions", issue.id, {"changed": changed, **_told(site, issue.id)})


def take_up(site: Site, visitor: Visitor, given: Number, parts: dict[str, str]) -> Done:
    """Say an issue as it was said in an earlier version: another version with those words."""
    name = _known(site, parts["id"], retired=True).id
    version = next((v for v in site.desk.ledger.issue_versions(name) if v.number == given.number), None)
    if version is None:
        raise UsageError(f"this issue has no version {given.number}", item=name)
    changed = site.desk.add_issue(version.issue, by=visitor.name, note=given.note.strip() or f"as in version {given.number}")
    return Done("issue-edited" if changed else "issue-same", f"{links.issue(name)}#versions", name, {"changed": changed, **_told(site, name)})


def retire(site: Site, visitor: Visitor, given: Note, parts: dict[str, str]) -> Done:
    """Follow an issue no more; its positions and codings stay."""
    name = _known(site, parts["id"]).id
    site.desk.retire_issue(name, by=visitor.name, note=given.note.strip() or None)
    return Done("issue-retired", links.issue(name), name, _told(site, name))


def follow_again(site: Site, visitor: Visitor, given: Note, parts: dict[str, str]) -> Done:
    """Follow an issue again that was followed no more."""
    issue = _known(site, parts["id"], retired=True)
    changed = site.desk.add_issue(issue, by=visitor.name, note=given.note.strip() or None)
    return Done("issue-followed" if changed else "issue-same", links.issue(issue.id), issue.id, {"changed": changed, **_told(site, issue.id)})


def examine(site: Site, visitor: Visitor, _: Note, parts: dict[str, str]) -> Done:
    """Look for positions on an issue in what is filed already, beside the pages; what was examined before is not examined again."""
    issue = _known(site, parts["id"])

    def work() -> Iterator[Line]:
        for at in site.desk.examine([issue.id]):
            yield Line(issue.id, f"{at.done:,} of {at.total:,} texts examined, {at.positions:,} positions found", to=links.issue(issue.id))

    job = site.jobs.start(f"look for positions on {issue.label}", work, by=visitor.name, now=site.now)
    return Done("begun", f"{links.issue(issue.id)}?job={quote(job.id)}", issue.id, {"job": job.id})


# Suggestions ------------------------------------------------------------------------------------------------------------------------


def search(site: Site, visitor: Visitor, given: Days, _: dict[str, str]) -> Done:
    """Look for issues that could be followed, beside the pages."""
    since, until = given.since.strip() or None, given.until.strip() or None
    day(since)
    day(until, last=True)
    job = look(site, visitor, since=since, until=until)
    return Done("begun", "/issues/suggest", "suggestions", {"job": job.id})


def accept(site: Site, visitor: Visitor, given: Accepted, _: dict[str, str]) -> Done:
    """Follow an issue that was suggested."""
    kept = suggested(site)
    one = kept.named(given.suggestion)
    name, label = given.id.strip() or None, given.label.strip() or None
    if (name or one.issue.id) in _TAKEN:
        raise UsageError("an issue cannot be called so here", item=name, hint="give another short name")
    drafts = {"pro": one.pro.content if one.pro else None, "contra": one.contra.content if one.contra else None} if given.drafts else {}
    new = site.desk.accept_suggestion(one, id=name, label=label, by=visitor.name, note=given.note.strip() or None, **drafts)
    kept.drop(one)
    return Done("issue-followed", links.issue(new), new, _told(site, new))


def refuse(site: Site, visitor: Visitor, given: Named, _: dict[str, str]) -> Done:
    """Refuse an issue that was suggested: what is like it is suggested no more."""
    kept = suggested(site)
    one = kept.named(given.suggestion)
    site.desk.refuse_suggestion(one, by=visitor.name, note=given.note.strip() or None)
    kept.drop(one)
    return Done("suggestion-refused", "/issues/suggest#refused", one.issue.label)


def reopen(site: Site, visitor: Visitor, given: Named, _: dict[str, str]) -> Done:
    """Take a refusal back: it may be suggested again."""
    site.desk.reopen_suggestion(given.suggestion, by=visitor.name, note=given.note.strip() or None)
    return Done("suggestion-open", "/issues/suggest", given.suggestion)


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    coder = Role.CODER
    add_action(router, "/issues/new", NewIssue, follow, role=coder)
    add_action(router, "/issues/suggest/look", Days, search, role=coder)
    add_action(router, "/issues/suggest/accept", Accepted, accept, role=coder)
    add_action(router, "/issues/suggest/refuse", Named, refuse, role=coder)
    add_action(router, "/issues/suggest/reopen", Named, reopen, role=coder)
    add_action(router, "/issues/{id}/edit", Wording, edit, role=coder)
    add_action(router, "/issues/{id}/version", Number, take_up, role=coder)
    add_action(router, "/issues/{id}/retire", Note, retire, role=coder)
    add_action(router, "/issues/{id}/follow", Note, follow_again, role=coder)
    add_action(router, "/issues/{id}/examine", Note, examine, role=coder)

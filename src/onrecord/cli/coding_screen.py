"""A statement to be coded, on a screen: where it stands, who says it, the words in their context, what the machine and others say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from onrecord.cli.found import speaker_of
from onrecord.cli.printing import is_plain, one_line
from onrecord.cli.screen import visible
from onrecord.desk.queue import Item, Queue
from onrecord.ledger.coding import Coding
from onrecord.positions import Act, Stance
from onrecord.text import Span

__all__ = ["ACT_KEYS", "KEYS_HELP", "STANCE_KEYS", "keys_line", "shown", "stance_word"]

STANCE_KEYS = {"s": Stance.SUPPORT, "o": Stance.OPPOSE, "c": Stance.CONDITIONAL, "n": Stance.NEUTRAL}
ACT_KEYS = {
    "a": Act.ASSERT, "s": Act.SUPPORT, "r": Act.REJECT, "d": Act.DEMAND, "p": Act.PROPOSE, "v": Act.PROMISE, "t": Act.THREATEN, "w": Act.WARN,
    "c": Act.ACCUSE, "q": Act.ASK, "e": Act.PRAISE, "f": Act.PREDICT, "x": Act.DECIDE, "n": Act.EXPRESS_CONCERN,
}  # fmt: skip
KEYS_HELP = """\
  Enter, a  accept what the machine says     s  support
  x         takes no position on the issue   o  oppose
  u         unsure: looked at, left open     c  conditional (asks for the condition, unless k gave it)
  -         skip: comes again next time      n  neutral: speaks of the issue, takes no side
  t         act: what is done by saying it   k  condition: type its words as they stand in the content
  m         note                             b  back: takes the last coding back
  q         quit; everything is kept         ?  these keys
At a terminal a key counts at once. In a file or a pipe each decision is a line: `s`, `c if they withdraw`, `t demand`."""

#: Characters of the text shown before and after a statement.
_BEFORE, _AFTER = 320, 240
#: How each part of a statement is shown: its style, and the word before it where there are no styles.
_PARTS = {"content": "bold", "source": "underline", "cue": "italic", "condition": "reverse"}


def shown(item: Item, queue: Queue, to: Console, *, number: int, total: str, act: Act | None, condition: Sequence[Span]) -> None:
    """Print a statement to be coded.

    Args:
        item: It.
        queue: Whose queue it is in.
        to: Where.
        number: Its place in this sitting.
        total: How many there are.
        act: The act that was chosen, but not written yet.
        condition: The condition likewise.
    """
    where = item.hit.where
    to.print(Rule(style="dim", characters="-"))
    to.print(_line((f"{queue.issue.id}: {one_line(queue.issue.label)}", "bold"), (f"  ({number} of {total}, coder {one_line(queue.coder)})", "dim")))
    to.print(_line((" ".join(x for x in (where.day, one_line(where.outlet or ""), one_line(where.title or where.url or where.source)) if x), "")))
    to.print(_line((_speaker(item), "")))
    if item.holder:
        to.print(_line((f"reported of {one_line(item.holder_name or item.holder)}: code where they stand, not the speaker", "bold")))
    to.print()
    to.print(_in_context(item, plain=is_plain(to), condition=condition))
    to.print()
    for line in _codings(item, queue):
        to.print(_line(line))
    if act or condition:
        chosen = [f"act {act}"] if act else []
        chosen += [f"condition “{one_line(' … '.join(s.exact for s in condition))}”"] if condition else []
        to.print(_line((f"chosen: {', '.join(chosen)}; now a stance", "bold")))


def keys_line(*, blind: bool) -> str:
    """What may be pressed."""
    return ("" if blind else "[a]ccept ") + "[s]upport [o]ppose [c]onditional [n]eutral [x] no position [u]nsure [-] skip [b]ack [?] [q]uit"


def stance_word(coding: Coding) -> str:
    """A coding in a few words."""
    word = "unsure" if coding.unsure else str(coding.stance) if coding.stance else "no position on the issue"
    word += f", if “{one_line(' … '.join(s.exact for s in coding.condition))}”" if coding.condition else ""
    return word + (f", act {coding.act}" if coding.act else "")


def _line(*parts: tuple[str, str]) -> Text:
    out = Text()
    for text, style in parts:
        out.append(text, style or None)
    return out


def _speaker(item: Item) -> str:
    speaker = item.hit.entry.speaker
    name = one_line(speaker_of(item.hit))
    about = [speaker.role.exact if speaker.role else None, speaker.organization.exact if speaker.organization else None, speaker.country]
    known = ", ".join(dict.fromkeys(one_line(x) for x in about if x and x not in name))
    said = item.hit.entry.said_on
    return f"{name}{f', {known}' if known else ''} ({speaker.type}){f', said on {said}' if said else ''}"


def _codings(item: Item, queue: Queue) -> Iterator[tuple[str, str]]:
    if queue.blind:
        yield "blind: what the machine and others say is hidden", "dim"
        return
    machine, act = item.machine, item.hit.entry.act
    if machine is None:
        yield "machine: no position on the issue", ""
    else:
        yield f"machine: {machine.stance} {machine.score:.2f} ({one_line(machine.coder)})", ""
        if machine.condition:
            yield f"  condition “{one_line(' … '.join(s.exact for s in machine.condition))}”", ""
    if act is not None:
        yield f"  act {act.act} {act.score:.2f}", ""
    for proposed in queue.proposed(item):
        words = f" “{one_line(proposed.evidence.exact)}”" if proposed.evidence else ""
        yield f"proposed by {one_line(proposed.coder)}: {proposed.stance or 'no position on the issue'}{words}", ""
    for coding in item.codings:
        yield f"{one_line(coding.by)}: {stance_word(coding)}{f' ({one_line(coding.note)})' if coding.note else ''}", ""


def _in_context(item: Item, *, plain: bool, condition: Sequence[Span]) -> Text:
    """The words around, with content, source, cue and the chosen condition marked."""
    statement, text = item.hit.entry.statement, item.text
    parts = [("content", s) for s in statement.content] + [("source", s) for s in statement.source] + [("cue", s) for s in statement.cue]
    parts += [("condition", s) for s in condition]
    first, last = min(s.start for _, s in parts), max(s.end for _, s in parts)
    start, end = max(0, first - _BEFORE), min(len(text), last + _AFTER)
    start += text[start:first].find(" ") + 1 if start else 0
    end -= len(text[last:end]) - text[last:end].rfind(" ") if end < len(text) and " " in text[last:end] else 0
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    out, ends = Text(lead), sorted({start, end, *(e for _, s in parts for e in (s.start, s.end))})
    for a, b in pairwise(ends):
        covering = [name for name, s in parts if s.start <= a and b <= s.end]
        if plain:
            out.append("".join(f"[{name}: " for name, s in sorted(parts, key=lambda p: -p[1].end) if s.start == a))
        out.append(_shown(text[a:b]), " ".join(_PARTS[name] for name in covering) if covering and not plain else None)
        if plain:
            out.append("]" * sum(s.end == b for _, s in parts))
    return out.append(tail)


def _shown(text: str) -> str:
    return visible(text.replace("\r", " ").replace("\n\n", "\n"))

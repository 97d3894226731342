"""`onrecord code`: a person says where speakers stand on an issue, statement by statement; every decision is written at once."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from onrecord.cli.keys import END, Keys, Pressed, keys
from onrecord.cli.ledgers import Debug, LedgerName, opened
from onrecord.cli.printing import WIDE, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.errors import ModelError, UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.desk.queue import Item, Made, Queue
    from onrecord.positions import Act
    from onrecord.text import Span

__all__ = ["code"]

_STOPPED = "stopped; what was coded stays, and the same command goes on from there"


def code(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Its id in the agenda.", show_default=False)],
    *,
    coder: Annotated[str | None, typer.Option("--coder", metavar="NAME", help="Who codes. Default: your login.", show_default=False)] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Hide what the machine and other coders say.")] = False,
    as_coded_by: Annotated[
        str | None, typer.Option("--as-coded-by", metavar="NAME", help="The very statements that this coder has coded, in the same order.", show_default=False)
    ] = None,
    order: Annotated[
        str, typer.Option(metavar="uncertain|new|random", help="What the machine is least sure of first, the newest first, or by lot.")
    ] = "uncertain",
    words: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Statements with these words, also where the machine found no position.", show_default=False)
    ] = None,
    actor: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Whose: a name, a part of one, or an id.", show_default=False)] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day: 2025-03-14, 2025-03 or 2025.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day, likewise.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many statements at most.", show_default=False)] = None,
    refit: Annotated[bool, typer.Option("--refit/--no-refit", help="Whether the machine learns from the codings at the end.")] = True,
    only_refit: Annotated[bool, typer.Option("--only-refit", help="Code nothing; let the machine learn from the codings that there are.")] = False,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Code by hand where speakers stand on an issue, one key a decision. What you say goes before what the machine says.

    Where standard input is no terminal, each decision is a line, such as `s`, `c if they withdraw` or `t demand`.

    From the 20th coding on the machine's stances on the issue are refitted from the codings, and it says whether that made them better.

    \b
    Examples:
      onrecord code ceasefire-30d
      onrecord code ceasefire-30d --coder otto --blind --as-coded-by mira
      onrecord code ceasefire-30d --order random --limit 100 --since 2025-03

    Exit codes: 0 done, 1 some lines of a script could not be followed, 2 there is no such issue, or the ledger is wrong, 130 stopped.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug, interrupted=_STOPPED) as desk:
        queue = _queue(desk, issue, coder, order, blind=blind, as_coded_by=as_coded_by, words=words, actor=actor, since=since, until=until)
        if only_refit:
            _teach(queue)
            return
        from onrecord.desk.coding import is_due, labelled

        before = len(labelled(desk.ledger, queue.issue.id))
        with keys() as pressed:
            sitting = Sitting(queue, pressed, _console(), limit)
            try:
                sitting.run()
            finally:
                put(sitting.summary())
        if refit and is_due(before, len(labelled(desk.ledger, queue.issue.id))):
            try:
                _teach(queue)
            except ModelError as error:
                say_plainly(f"{queue.issue.id}: not refitted: {error}")
        if sitting.misunderstood and not sitting.keys.interactive:
            raise typer.Exit(1)


def _queue(
    desk: Desk,
    issue: str,
    coder: str | None,
    order: str,
    *,
    blind: bool,
    as_coded_by: str | None,
    words: str | None,
    actor: list[str] | None,
    since: str | None,
    until: str | None,
) -> Queue:
    from onrecord.desk.login import login
    from onrecord.desk.queue import Draw, Queue
    from onrecord.desk.searching import day
    from onrecord.desk.standing import issue_named
    from onrecord.ledger.standing import PositionQuery

    if order not in set(Draw):
        raise UsageError(f"there is no order {order!r}", hint=f"orders are {', '.join(Draw)}")
    query = PositionQuery(actors=tuple(actor or ()), since=day(since), until=day(until, last=True))
    return Queue(desk.ledger, issue_named(desk.ledger.agenda(), issue), login(coder), Draw(order), query, words=words, as_coded_by=as_coded_by, blind=blind)


def _console() -> Console:
    if sys.stdout.isatty():
        return Console(emoji=False, highlight=False)
    return Console(width=WIDE, color_system=None, emoji=False, highlight=False)


def _teach(queue: Queue) -> None:
    from onrecord.cli.screen import counting
    from onrecord.desk.coding import CodesOfModel, teach
    from onrecord.desk.reading import coder_named

    with counting() as progress:
        taught = teach(queue.ledger, CodesOfModel(coder_named(), tuple(queue.ledger.agenda())), queue.issue, progress=progress)
    put(str(taught))


@dataclass(slots=True)
class Sitting:
    """One sitting of a coder at a queue."""

    queue: Queue
    keys: Keys
    to: Console
    limit: int | None = None
    #: What was decided in this sitting, in order: the item, and the coding if one was made.
    done: list[tuple[Item, Made | None]] = field(default_factory=list)
    #: Keys and words that meant nothing.
    misunderstood: int = 0
    exhausted: bool = False
    _act: Act | None = None
    _condition: tuple[Span, ...] = ()
    _note: str | None = None

    def run(self) -> None:
        """Go through the queue until it is empty, enough, or left."""
        while self.limit is None or len(self.done) < self.limit:
            item = self.queue.next()
            if item is None:
                self.exhausted = True
                return
            self._act, self._condition, self._note = None, (), None
            self._show(item)
            if not self._decide(item):
                return

    def summary(self) -> str:
        """What was done, in a line."""
        coded = sum(made is not None for _, made in self.done)
        skipped = len(self.done) - coded
        gone = f"; {self.queue.gone} of {self.queue.as_coded_by}'s statements are in the ledger no more" if self.queue.gone else ""
        end = "; nothing is left" if self.exhausted and self.done else "; there is nothing to code" if self.exhausted else ""
        return f"{self.queue.issue.id}: {coded} coded, {skipped} skipped{end}{gone}"

    def _show(self, item: Item) -> None:
        from onrecord.cli.coding_screen import keys_line, shown

        total = str(self.limit) if self.limit else "…"
        shown(item, self.queue, self.to, number=len(self.done) + 1, total=total, act=self._act, condition=self._condition)
        if self.keys.interactive:
            self._say(keys_line(blind=self.queue.blind))

    def _say(self, text: str) -> None:
        self.to.print(one_line(text), markup=False, highlight=False)

    def _wrong(self, text: str) -> None:
        self.misunderstood += 1
        if self.keys.interactive:
            self._say(text)
        else:
            say_plainly(f"onrecord: {text}")

    def _decide(self, item: Item) -> bool:
        """Follow keys until the item is decided; False to leave."""
        while True:
            pressed = self.keys.key()
            if pressed.key in ("q", END):
                return False
            if pressed.key == "b":
                if self._back(item):
                    return True
            elif self._followed(item, pressed):
                return True

    def _followed(self, item: Item, pressed: Pressed) -> bool:
        """Follow a key; True if the item is decided."""
        from onrecord.cli.coding_screen import KEYS_HELP, STANCE_KEYS

        key = pressed.key
        if key in STANCE_KEYS:
            return self._stance(item, pressed)
        if key in ("\r", "\n", "a"):
            return self._accept(item)
        if key in ("x", "u"):
            return self._keep(item, self.queue.code(item, None, act=self._act, note=self._note, unsure=key == "u"))
        if key == "-":
            self.done.append((item, None))
            return True
        if key in ("t", "k", "m"):
            if {"t": self._choose_act, "k": self._choose_condition, "m": self._write_note}[key](item, pressed):
                self._show(item)
        elif key == "?":
            self.to.print(KEYS_HELP, markup=False, highlight=False)
        else:
            self._wrong(f"{key!r} means nothing here; ? shows the keys")
        return False

    def _stance(self, item: Item, pressed: Pressed) -> bool:
        from onrecord.cli.coding_screen import STANCE_KEYS
        from onrecord.positions import Stance

        stance = STANCE_KEYS[pressed.key]
        if stance is Stance.CONDITIONAL and not self._condition:
            typed = pressed.argument if pressed.argument or not self.keys.interactive else self.keys.line("condition; Enter for none: ")
            if typed and not self._find(item, typed):
                return False
        return self._keep(item, self.queue.code(item, stance, act=self._act, condition=self._condition, note=self._note))

    def _accept(self, item: Item) -> bool:
        if self.queue.blind:
            self._wrong("blind: there is nothing to accept; choose a stance")
            return False
        machine = item.machine
        condition = self._condition or (machine.condition if machine else ())
        made = self.queue.code(item, machine.stance if machine else None, act=self._act, condition=condition, note=self._note)
        return self._keep(item, made)

    def _keep(self, item: Item, made: Made) -> bool:
        from onrecord.cli.coding_screen import stance_word

        self.done.append((item, made))
        self._say(f"coded: {stance_word(made.coding)}")
        return True

    def _back(self, item: Item) -> bool:
        """Go back to the item before, and take its coding back."""
        if not self.done:
            self._wrong("this is the first one")
            return False
        last, made = self.done.pop()
        if made is not None:
            self.queue.take_back(made)
            self._say("taken back")
        self.queue.again(last, item)
        return True

    def _asked(self, pressed: Pressed, prompt: str) -> str | None:
        return pressed.argument if pressed.argument is not None else self.keys.line(prompt)

    def _choose_act(self, item: Item, pressed: Pressed) -> bool:  # noqa: ARG002 - of the same kind as the others
        from onrecord.cli.coding_screen import ACT_KEYS
        from onrecord.positions import Act

        choices = ", ".join(f"{key} {act}" for key, act in ACT_KEYS.items())
        if pressed.argument is None and self.keys.interactive:
            self._say(choices)
        typed = pressed.argument or (self.keys.key().key if self.keys.interactive else "")
        act = ACT_KEYS.get(typed) or (Act(typed) if typed in set(Act) else None)
        if act is None:
            self._wrong(f"{typed!r} is no act; acts are {choices}")
            return False
        self._act = act
        return True

    def _choose_condition(self, item: Item, pressed: Pressed) -> bool:
        typed = self._asked(pressed, "condition: ")
        return bool(typed) and self._find(item, typed or "")

    def _find(self, item: Item, typed: str) -> bool:
        span = item.find(typed)
        if span is None:
            self._wrong(f"“{typed}” does not stand in the content, or not at one place alone; type its words as they stand there")
            return False
        self._condition = (span,)
        return True

    def _write_note(self, item: Item, pressed: Pressed) -> bool:  # noqa: ARG002 - of the same kind as the others
        self._note = self._asked(pressed, "note: ") or None
        return False

"""What the coder of positions learns from: Perspectrum, statements coded by hand, PLOVER's records, and sentences made by a small grammar.

An example is an issue (or none), what was said, the words before, and what is known of it: a stance, a set of acts one of which holds, or both.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord.scoring.stances import coded_cases, plover_cases
from training.positions_net import ACTS, STANCES

NONE, SUPPORT, OPPOSE, CONDITIONAL, NEUTRAL = range(len(STANCES))


@dataclass(frozen=True)
class Example:
    issue: str | None
    said: str
    before: str = ""
    stance: int | None = None
    acts: tuple[int, ...] = ()
    weight: float = 1.0
    key: str = ""


# Perspectrum ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    text: str
    #: (paraphrases, stance) of each cluster.
    clusters: tuple[tuple[tuple[str, ...], int], ...]


def claims(folder: Path, part: str) -> list[Claim]:
    """Perspectrum 1.0 (Chen et al. 2019), as its authors split it."""
    pool = {p["pId"]: p["text"] for p in json.loads((folder / "perspective_pool_v1.0.json").read_text())}
    split = json.loads((folder / "dataset_split_v1.0.json").read_text())
    out = []
    for c in json.loads((folder / "perspectrum_with_answers_v1.0.json").read_text()):
        if split[str(c["cId"])] == part:
            clusters = tuple(
                (tuple(pool[p] for p in q["pids"]), SUPPORT if q["stance_label_3"] == "SUPPORT" else OPPOSE)
                for q in c["perspectives"]
                if q["stance_label_3"] in ("SUPPORT", "UNDERMINE")
            )
            out.append(Claim(c["text"], clusters))
    return out


def from_claims(known: list[Claim], rng: random.Random, *, strangers: float = 0.25) -> Iterator[Example]:
    """Each cluster once, in one of its wordings, and perspectives on other claims; in half of them the claim says what being for and against it means."""
    every = [text for c in known for texts, _ in c.clusters for text in texts]
    for c in known:
        for n, (texts, stance) in enumerate(c.clusters):
            others = [(t, s) for m, (ts, s) in enumerate(c.clusters) if m != n for t in ts]
            for text in rng.sample(texts, min(2, len(texts))):
                yield Example(_asked(c.text, others, rng), _framed(text, rng), stance=stance)
            if rng.random() < strangers:
                yield Example(_asked(c.text, others, rng), _framed(rng.choice(every), rng), stance=NONE)


#: Ways to ask for the contrary of an issue.
_CONTRARY = ("Stopping this: {}", "Against: {}", "Rejecting this: {}", "No to this: {}", "It is wrong that: {}", "Opposition to: {}")


def contrary(some: list[Example], rng: random.Random, share: float) -> Iterator[Example]:
    """Statements beside the contrary of their issue: who was for it is against that. Which side a statement takes hangs on what is asked, and not on its tone."""
    for e in some:
        if e.issue is None or e.stance not in (SUPPORT, OPPOSE) or rng.random() >= share:
            continue
        label, _, more = e.issue.partition(". For: ")
        pro, _, contra = more.partition(". Against: ")
        label = rng.choice(_CONTRARY).format(label[:1].lower() + label[1:] if label[:2].istitle() and rng.random() < 0.5 else label)
        label += (f". For: {contra}" if contra else "") + (f". Against: {pro}" if pro else "")
        yield replace(e, issue=label, stance=OPPOSE if e.stance == SUPPORT else SUPPORT, weight=0.7 * e.weight)


def _asked(claim: str, others: list[tuple[str, int]], rng: random.Random) -> str:
    claim = claim.strip().rstrip(".")
    if rng.random() < 0.5:
        return claim
    pro = [t for t, s in others if s == SUPPORT and len(t) < 90]
    contra = [t for t, s in others if s == OPPOSE and len(t) < 90]
    claim += f". For: {rng.choice(pro).rstrip('.')}" if pro else ""
    return claim + (f". Against: {rng.choice(contra).rstrip('.')}" if contra else "")


_CUES = ("said", "says", "argued", "added", "told reporters", "insisted", "wrote", "according to", "believes", "noted")


def _framed(text: str, rng: random.Random) -> str:
    return f"{rng.choice(_CUES)}: {text}" if rng.random() < 0.5 else text


# Coded by hand ----------------------------------------------------------------------------------------------------------------------


def coded(path: Path, issues: Path, articles: dict[str, str], part: str) -> list[Example]:
    """Statements coded by hand, as `onrecord.scoring.stances` reads them."""
    return [
        Example(c.issue.text, c.said, c.before, stance=STANCES.index(c.stance), acts=(ACTS.index(c.act or ""),), key=c.name)
        for c in coded_cases(path, issues, articles, part)
    ]


def crossed(some: list[Example], rng: random.Random, count: int) -> Iterator[Example]:
    """Statements beside an issue that another was drawn for; those of near issues are left out."""
    near = {frozenset(p) for p in (("aca-repeal", "medicare-for-all"), ("paris-accord", "green-new-deal"), ("paris-accord", "keystone"))}
    for _ in range(count):
        one, other = rng.choice(some), rng.choice(some)
        ids = frozenset((one.key.split()[0], other.key.split()[0]))
        if len(ids) == 2 and ids not in near:
            yield Example(one.issue, other.said, other.before, stance=NONE)


# PLOVER -----------------------------------------------------------------------------------------------------------------------------

#: Acts of which one may hold where PLOVER has an event.
EVENTS = {
    "AGREE": ("support", "promise", "propose"), "REJECT": ("reject",), "DEMAND": ("demand",), "THREATEN": ("threaten", "warn"),
    "DISAPPROVE": ("accuse", "express concern"), "SUPPORT": ("praise", "support"),
}


def from_plover(path: Path) -> list[Example]:
    """The odd numbers of each event; the even ones are held aside."""
    return [Example(None, text, acts=tuple(ACTS.index(a) for a in EVENTS[event]), weight=1.5) for text, event in plover_cases(path, tuple(EVENTS), train=True)]


# A small grammar --------------------------------------------------------------------------------------------------------------------

_IT = ("it", "this", "the plan", "the proposal", "the idea", "the measure", "that", "the bill", "such a step", "the offer")
_CLAUSES = (
    "the money is found elsewhere", "the neighbours agree to the same terms", "it comes with a guarantee in writing", "the committee is given a say", "nobody loses their job over it",
    "the other side stops first", "the figures are published", "it is put to a vote", "our people are consulted", "the courts allow it", "the cost is shared fairly",
    "inspectors are let in", "there is a clear date for its end", "it applies to everybody", "the prisoners are released", "taxes do not go up", "the villages are protected",
    "the text is changed", "both houses pass it", "we see it in writing", "the safeguards we asked for are in it", "it is reviewed after a year", "the rules are enforced",
)
_IF = ("only if", "if", "provided that", "as long as", "so long as", "on condition that", "but only if", "once")
_UNLESS = ("unless", "until", "as long as it is not certain that")
_WE = ("we", "I", "they", "the party", "the government", "my members", "our side", "most of us", "the union", "he", "she")
_BACK = ("support", "back", "accept", "vote for", "agree to", "sign", "consider", "go along with", "live with")
_AGAINST = ("oppose", "reject", "block", "vote against", "refuse")
_UNDECIDED = (
    "is still studying {it}", "has not decided on {it}", "has taken no position on {it}", "would not say how {we} will vote on {it}", "sees good arguments on both sides of {it}",
    "declined to comment on {it}", "will look at {it} when the text is there", "is aware of {it}, and has no view yet", "explained how {it} would work",
    "expects a vote on {it} next week", "does not know whether {it} will pass", "said that {it} had been discussed for an hour", "is keeping an open mind about {it}",
)
_FOR = ("fully supports {it}", "will vote for {it}", "called {it} the right thing to do", "said {it} was long overdue", "welcomed {it}", "urged everybody to back {it}", "signed {it}", "stands behind {it}")
_CONTRA = ("will vote against {it}", "called {it} a mistake", "ruled {it} out", "said {it} would never happen", "rejected {it}", "warned that {it} would do great harm", "wants {it} scrapped", "refuses {it}")


def made(labels: list[str], rng: random.Random, count: int) -> Iterator[Example]:
    """Sentences of a grammar, beside the label of an issue that "it" stands for: conditions, silence on which side, and plain yes and no."""
    for _ in range(count):
        it, we, clause = rng.choice(_IT), rng.choice(_WE), rng.choice(_CLAUSES)
        label = rng.choice(labels)
        before = rng.choice(("", "", f"{label.rstrip('.')}. ", f"Asked about the matter ({label.rstrip('.').lower()}), one of those present answered. "))
        sort = rng.random()
        if sort < 0.5:
            if rng.random() < 0.75:
                main, word = f"{we} {rng.choice(('would', 'will', 'could', 'can', 'might'))} {rng.choice(_BACK)} {it}", rng.choice(_IF)
            else:
                main = rng.choice((f"{we} cannot {rng.choice(_BACK)} {it}", f"{we} will {rng.choice(_AGAINST)} {it}", f"no to {it}"))
                word = rng.choice(_UNLESS)
            text = f"{main} {word} {clause}" if rng.random() < 0.7 else f"{word.removeprefix('but ')} {clause}, {main}"
            yield Example(label, _framed(text, rng), before, stance=CONDITIONAL, weight=0.7)
        else:
            rows, stance = (_UNDECIDED, NEUTRAL) if sort < 0.8 else (_FOR, SUPPORT) if sort < 0.9 else (_CONTRA, OPPOSE)
            yield Example(label, f"{we} {rng.choice(rows).format(it=it, we=we)}", before, stance=stance, weight=0.7)


#: Of each act: cues that name it, with contents that go with them; and contents that do it under any cue.
_WHAT = (
    "the bridge", "the two islands", "the fishing rights", "the new school", "the budget", "the hostages", "the pipeline", "the merger", "the night train", "the vaccine", "the border posts",
    "the strike fund", "the river treaty", "the election date", "the harbour tax", "the wage deal", "the forest", "the archive", "the airport", "the water supply",
)
_WHO = ("the council", "the ministry", "the rebels", "the company", "our neighbours", "the union", "the opposition", "the general", "the bank", "the mayor", "the other side", "parliament")
_HARM = (
    "shut down {what}", "walk out of the talks", "send in the army", "cut off the gas", "impose sanctions on {who}", "expel the envoys", "take {who} to court", "close the port", "veto every bill",
    "strike for a month", "bomb the depots", "withhold the payments",
)
_DEED = (
    "rebuild {what}", "pay every claim by spring", "send twelve boats", "publish the accounts", "keep {what} open", "free the prisoners", "hire a hundred nurses", "hold a vote on {what}",
    "protect {what}", "lower the fares", "return to the talks",
)
_BAD = (
    "has lied about {what}", "is to blame for the deaths", "stole the money for {what}", "broke the agreement on {what}", "is a coward and a fraud", "turned a blind eye to the fraud", "has betrayed the people",
    "shelled the hospital", "failed to do the simplest things",
)
_BY_ACT = {
    "assert": ((("said", "noted", "explained", "told reporters", "wrote", "recalled"), ("{what} has cost 40 million", "{who} met twice last week", "there were no boats in the harbour", "most people here speak both languages", "{who} owns a third of {what}")),),
    "support": (
        (("backed", "endorsed", "supports", "agreed", "accepted", "defended", "welcomes"), ("the plan for {what}", "the offer of {who}", "a bill on {what}", "that {what} should be saved", "the decision of {who}")),
        (("said", "told reporters"), ("we are with {who} on this", "{who} was right about {what}", "I fully agree with {who}", "we can accept the terms for {what}")),
    ),
    "reject": (
        (("rejected", "refused", "ruled out", "denied", "dismissed", "opposes", "balked at", "declined"), ("the plan for {what}", "to give up {what}", "any talks on {what}", "that {who} had been paid", "a vote on {what}")),
        (("said", "insisted"), ("that is not going to happen", "we will never give up {what}", "it is simply untrue that we sold {what}", "no, and no again")),
    ),
    "demand": (
        (("demanded", "urged", "called on", "called for", "pressed", "appealed to"), ("{who} to give back {what}", "that {who} leave at once", "an inquiry into {what}", "{who} to {deed}")),
        (("said", "insisted"), ("{who} must {deed}", "{who} has to act now", "{who} should resign", "it is time for {who} to {deed}")),
    ),
    "propose": (
        (("proposed", "suggested", "offered", "floated", "put forward", "recommended"), ("to share {what}", "a joint committee on {what}", "a pause of ten days", "that {who} and the owners meet in the spring", "to {deed}")),
        (("said",), ("why not let {who} run {what}?", "one way out would be to share {what}", "we could sell half of {what} and keep the rest")),
    ),
    "promise": (
        (("promised", "vowed", "pledged", "swore", "committed"), ("to {deed}", "that {what} would be safe", "not to touch {what}", "more money for {what}")),
        (("said", "told voters"), ("we will {deed}", "I am going to {deed}", "you have my word: we will {deed}", "my government will {deed}")),
    ),
    "threaten": (
        (("threatened", "warned", "vowed", "said"), ("to {harm}", "to {harm} unless {who} gives way", "we will {harm} if {who} does not back down", "{who} will pay a heavy price", "if {who} moves, we will {harm}")),
    ),
    "warn": (
        (("warned", "cautioned", "said"), ("{what} could collapse within weeks", "people will die if {what} is closed", "a war over {what} would ruin both", "that the cuts could put {what} at risk", "the dam may not hold")),
    ),
    "accuse": (
        (("accused", "blamed", "condemned", "criticised", "slammed", "denounced", "mocked"), ("{who} of lying about {what}", "{who} for the delay", "the sale of {what} as theft", "{who} as cowards")),
        (("said", "wrote", "argued"), ("{who} {bad}", "this is the worst that {who} has done", "{who} does not care about {what}")),
    ),
    "ask": ((("asked", "wondered", "wanted to know", "said"), ("who will pay for {what}?", "whether {who} had seen the letter", "why was {what} sold?", "how many people knew of it", "is there anybody left to ask?")),),
    "praise": (
        (("praised", "thanked", "congratulated", "hailed", "paid tribute to", "applauded", "welcomed"), ("{who} for saving {what}", "the courage of {who}", "the crews who kept {what} open", "a good day for {what}")),
        (("said",), ("{who} did a wonderful job", "we are grateful to {who}", "I am proud of what {who} has done")),
    ),
    "predict": (
        (("predicted", "expects", "forecast", "said", "believes", "estimated"), ("{what} will be finished by autumn", "{who} is going to win by ten points", "prices will rise by a fifth next year", "it will take years before {what} pays", "turnout is likely to be low")),
    ),
    "decide": (
        (("ruled", "announced", "ordered", "decided", "decreed", "voted", "approved", "signed"), ("that {what} be closed", "the sale of {what}", "to move {what} to the coast", "{who} to hand over the files", "a budget of nine million for {what}")),
        (("said",), ("we have decided to close {what}", "the board voted last night to sell {what}")),
    ),
    "express concern": (
        (("fears", "worried", "expressed concern", "is concerned", "voiced alarm", "regretted", "said"), ("about the fate of {what}", "that {what} may never reopen", "we are deeply worried about {what}", "it breaks my heart to see {what} like this", "for the safety of the crews", "we are sad and uneasy about {who}")),
    ),
}


def acting(rng: random.Random, each: int) -> Iterator[Example]:
    """Sentences of a grammar that do each act, by a cue that names it and by words alone."""
    for act, rows in _BY_ACT.items():
        for _ in range(each):
            cues, contents = rng.choice(rows)
            fill = {"what": rng.choice(_WHAT), "who": rng.choice(_WHO)}
            more = {k: rng.choice(v).format(**fill) for k, v in (("harm", _HARM), ("deed", _DEED), ("bad", _BAD))}
            text = rng.choice(contents).format(**fill, **more)
            quoted = f"“{text[0].upper()}{text[1:]},”" if rng.random() < 0.4 else text
            yield Example(None, f"{rng.choice(cues)}: {quoted}", acts=(ACTS.index(act),), weight=0.5)

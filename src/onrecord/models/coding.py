"""The manifest of a model that codes positions: what its outputs mean, and how its scores become probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.models.manifest import ModelFiles, model_files, read_manifest

__all__ = ["CodingManifest", "Weights", "load_coding_manifest"]


@dataclass(frozen=True, slots=True)
class Weights:
    """How the outputs of the network are weighed with what else tells, see `onrecord.positions.weighing`."""

    #: Of the numbers, see `onrecord.positions.weighing.WEIGHING_VERSION`.
    version: str
    #: Of what says that a statement is on the issue; the last is added as it is. The others likewise.
    bears: tuple[float, ...]
    #: Of what says that a side is taken under a condition, against one that is taken.
    conditional: tuple[float, ...]
    #: Of what says that none is.
    neutral: tuple[float, ...]
    #: Of what says that it is support.
    side: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CodingManifest(ModelFiles):
    """Everything but the weights of what codes positions."""

    #: Version of the inputs, see `onrecord.positions.inputs`.
    inputs: str
    #: What the stance logits are of, in order; the first is `none`: not on this issue.
    stances: tuple[str, ...]
    #: What the act logits are of, in order.
    acts: tuple[str, ...]
    #: Width of the vectors.
    width: int
    #: What logits are divided by, and what is added to each then, so that probabilities mean what they say (Guo et al. 2017; Platt 1999).
    stance_temperature: float
    stance_shift: tuple[float, ...]
    act_temperature: float
    act_shift: tuple[float, ...]
    #: Probability of a stance below which none is told.
    least: float
    #: Mean cosine of a statement's vector and an issue's that have nothing to do with each other.
    usual: float
    #: None for a model that is not weighed: the probabilities are those of its network.
    weights: Weights | None = None


def load_coding_manifest(folder: Path) -> CodingManifest:
    """Read and check a manifest.

    Raises:
        ModelError: It is missing, not JSON, of another format, or its parts do not fit one another.
    """
    return read_manifest(folder, _checked)


def _checked(folder: Path, data: dict[str, Any]) -> CodingManifest:
    stances, acts = (tuple(str(x) for x in data[key]) for key in ("stances", "acts"))
    shifts = {key: tuple(float(x) for x in data[key]) for key in ("stance_shift", "act_shift")}
    if stances[0] != "none" or len(shifts["stance_shift"]) != len(stances) or len(shifts["act_shift"]) != len(acts):
        raise ValueError("stances, acts and shifts do not fit")
    return CodingManifest(
        **model_files(folder, data),
        inputs=str(data["inputs_version"]),
        stances=stances,
        acts=acts,
        width=int(data["width"]),
        stance_temperature=float(data["stance_temperature"]),
        stance_shift=shifts["stance_shift"],
        act_temperature=float(data["act_temperature"]),
        act_shift=shifts["act_shift"],
        least=float(data["least"]),
        usual=float(data["usual"]),
        weights=_weights(data["weighing"]) if "weighing" in data else None,
    )


def _weights(data: dict[str, Any]) -> Weights:
    bears, conditional, neutral, side = (tuple(float(x) for x in data[key]) for key in ("bears", "conditional", "neutral", "side"))
    return Weights(str(data["version"]), bears, conditional, neutral, side)

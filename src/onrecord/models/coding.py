"""The manifest of a model that codes positions: what its outputs mean, and how its scores become probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.models.manifest import ModelFiles, model_files, read_manifest

__all__ = ["CodingManifest", "load_coding_manifest"]


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
    )

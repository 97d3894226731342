"""The manifest of a model that codes positions: what its outputs mean, and how its scores become probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.models.manifest import read_manifest, whole

__all__ = ["CodingManifest", "load_coding_manifest"]


@dataclass(frozen=True, slots=True)
class CodingManifest:
    """Everything but the weights."""

    #: Folder that holds the files.
    folder: Path
    #: `positions`.
    name: str
    #: Such as `1.0.0`.
    version: str
    #: Precision of the weights.
    form: str
    #: SPDX identifier of the weights.
    license: str
    #: Corpora the weights were made from, each with its licence.
    corpora: tuple[Mapping[str, str], ...]
    #: File name to SHA-256.
    files: Mapping[str, str]
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

    @property
    def label(self) -> str:
        """Name and version, as every position carries them."""
        return f"{self.name}-{self.version}"

    @property
    def digest(self) -> str:
        """First 12 digits of the weights' SHA-256."""
        return self.files["model.onnx"][:12]

    def path(self, file: str) -> Path:
        """Where a file lies, once it has been found whole.

        Raises:
            ModelError: It is missing, or its SHA-256 is another.
        """
        return whole(self.folder, file, self.files)


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
        folder=folder,
        name=str(data["name"]),
        version=str(data["version"]),
        form=str(data["form"]),
        license=str(data["license"]),
        corpora=tuple(data["corpora"]),
        files={str(k): str(v) for k, v in data["files"].items()},
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

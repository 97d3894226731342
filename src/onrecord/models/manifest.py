"""The manifest: what a model file is, where it came from, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError

__all__ = ["Branch", "Manifest", "ModelFiles", "available", "find_model", "load_manifest", "model_files", "read_manifest"]

_REINSTALL = "reinstall with: pip install --force-reinstall onrecord"
_FORMAT = 1
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Branch:
    """The second network, which grows from the middle of the first, and what numpy needs to read its output."""

    #: Name of each part of the output and its half-open range of columns.
    layout: Mapping[str, tuple[int, int]]
    #: Names of the name tags (`O`, `B-person` ...), in the order of the part `names`.
    name_tags: tuple[str, ...]
    #: Shape (k, k): learned score of going from name tag (row) to name tag (column).
    name_transitions: NDArray[np.float32]
    #: Shape (k,): learned score of the first name tag.
    name_start: NDArray[np.float32]
    #: Kinds of things a mention is of, in the order of the parts `kind_start` and `kind_end`.
    kinds: tuple[str, ...]
    #: Shape (w,): learned score of each bucket of a mention's length.
    widths: NDArray[np.float32]
    #: Learned weight of each bucket of each pair feature, see `onrecord.actors.pairs`.
    pairs: Mapping[str, NDArray[np.float32]]
    #: Version of the pair features.
    pairs_version: str


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What the manifest of a model of any family says: which files, whence, under what licence."""

    #: Folder that holds the files.
    folder: Path
    #: Its family, such as `en`.
    name: str
    #: Such as `1.0.0`.
    version: str
    #: Precision of the weights: `fp32`, or `int8` (products in 8 bits, activations quantised as they come).
    form: str
    #: SPDX identifier of the weights.
    license: str
    #: Corpora the weights were made from, each with its licence.
    corpora: tuple[Mapping[str, str], ...]
    #: File name to SHA-256, 64 hexadecimal digits.
    files: Mapping[str, str]

    @property
    def label(self) -> str:
        """Name and version, as every statement and position carries them."""
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
        path = self.folder / file
        expected = self.files.get(file)
        if expected is None or not path.is_file():
            raise ModelError("the model file is missing", item=str(path), hint=_REINSTALL)
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != expected:
            msg = f"the model file is damaged: SHA-256 {found[:12]}…, expected {expected[:12]}…"
            raise ModelError(msg, item=str(path), hint=_REINSTALL)
        return path


@dataclass(frozen=True, slots=True)
class Manifest(ModelFiles):
    """Everything but the weights of a reader."""

    #: Names of the tags, in the order of the emissions.
    tags: tuple[str, ...]
    #: Version of the features the encoder expects, see `onrecord.reading.features`.
    features: str
    #: Word pieces in one window, [CLS] and [SEP] counted.
    window: int
    #: Width of one link vector; the output holds four, one after another.
    link_width: int
    #: Shape (k, k): learned score of going from tag (row) to tag (column).
    transitions: NDArray[np.float32]
    #: Shape (k,): learned score of the first tag.
    start: NDArray[np.float32]
    #: Shape (2, link_width): stands for "no cue" to a content and "no source" to a cue.
    no_link: NDArray[np.float32]
    #: The second network, for actors; None in a model that finds statements alone.
    branch: Branch | None = None


def _packaged() -> Path:
    return Path(str(resources.files("onrecord.models"))) / "files"


def available(family: str = "en") -> list[str]:
    """Names of the models inside the package, newest version last.

    Args:
        family: `en` for readers, `positions` for what codes positions.
    """
    folder = _packaged()
    return sorted((p.parent.name for p in folder.glob(f"{family}-*/manifest.json")), key=_age) if folder.is_dir() else []


def _age(label: str) -> tuple[str, tuple[int, ...]]:
    """Name, then version by its numbers: 1.10 is newer than 1.9."""
    name, _, version = label.rpartition("-")
    return name, tuple(int(n) for n in re.findall(r"\d+", version))


def find_model(name: str | Path | None = None, family: str = "en") -> Path:
    """Find a model's folder.

    Args:
        name: A name from `available()`, a folder, or None for the newest.
        family: As for `available`.

    Raises:
        ModelError: There is none; the message lists what there is.
    """
    known = available(family)
    if name is None:
        if not known:
            raise ModelError("no model file in the package", item=str(_packaged()), hint=_REINSTALL)
        return _packaged() / known[-1]
    folder = Path(name)
    if (folder / "manifest.json").is_file():
        return folder
    if str(name) in known:
        return _packaged() / str(name)
    listed = ", ".join(known) or "none"
    raise ModelError("no such model", item=str(name), hint=f"available: {listed}; or give a folder with a manifest.json")


def load_manifest(folder: Path) -> Manifest:
    """Read and check a manifest.

    Raises:
        ModelError: It is missing, not JSON, of another format, or its parts do not fit one another.
    """
    return read_manifest(folder, _checked)


def read_manifest(folder: Path, checked: Callable[[Path, dict[str, Any]], _Made]) -> _Made:
    """Read a manifest of whichever family.

    Args:
        folder: The model's.
        checked: Makes it out of the JSON; what it misses there is an error of the manifest.

    Raises:
        ModelError: It is missing, not JSON, of another format, or its parts do not fit one another.
    """
    path = folder / "manifest.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError("the manifest is missing", item=str(path), hint=_REINSTALL) from None
    except (OSError, ValueError) as error:
        msg = f"the manifest cannot be read: {error}"
        raise ModelError(msg, item=str(path), hint=_REINSTALL) from error
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        msg = f"the manifest has format {found}, this onrecord reads {_FORMAT}"
        raise ModelError(msg, item=str(path), hint="install the onrecord that goes with the model")
    try:
        return checked(folder, data)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"the manifest is damaged: {type(error).__name__}: {error}"
        raise ModelError(msg, item=str(path), hint=_REINSTALL) from error


def model_files(folder: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `ModelFiles` out of the JSON of a manifest."""
    return {
        "folder": folder,
        **{key: str(data[key]) for key in ("name", "version", "form", "license")},
        "corpora": tuple(data["corpora"]),
        "files": {str(k): str(v) for k, v in data["files"].items()},
    }


def _checked(folder: Path, data: dict[str, Any]) -> Manifest:
    tags = tuple(str(t) for t in data["tags"])
    width = int(data["link_width"])
    arrays = {
        "transitions": ((len(tags), len(tags)), data["transitions"]),
        "start": ((len(tags),), data["start"]),
        "no_link": ((2, width), data["no_link"]),
    }
    made = {name: _frozen(name, values, shape) for name, (shape, values) in arrays.items()}
    return Manifest(
        **model_files(folder, data),
        tags=tags,
        features=str(data["features"]),
        window=int(data["window"]),
        link_width=width,
        transitions=made["transitions"],
        start=made["start"],
        no_link=made["no_link"],
        branch=_branch(data["branch"]) if "branch" in data else None,
    )


def _branch(data: dict[str, Any]) -> Branch:
    tags = tuple(str(t) for t in data["name_tags"])
    layout: dict[str, tuple[int, int]] = {}
    column = 0
    for name, width in data["layout"]:
        layout[str(name)] = (column, column + int(width))
        column += int(width)
    shapes = {"name_transitions": (len(tags), len(tags)), "name_start": (len(tags),), "widths": (len(data["widths"]),)}
    made = {name: _frozen(name, data[name], shape) for name, shape in shapes.items()}
    return Branch(
        layout=layout,
        name_tags=tags,
        name_transitions=made["name_transitions"],
        name_start=made["name_start"],
        kinds=tuple(str(k) for k in data["kinds"]),
        widths=made["widths"],
        pairs={str(k): _frozen(str(k), v, (len(v),)) for k, v in data["pairs"].items()},
        pairs_version=str(data["pairs_version"]),
    )


def _frozen(name: str, values: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:  # noqa: ANN401 - numbers out of JSON, checked here
    array = np.array(values, dtype=np.float32)
    if array.shape != shape or not np.isfinite(array).all():
        msg = f"{name} has shape {array.shape}, expected {shape}"
        raise ValueError(msg)
    array.setflags(write=False)
    return array

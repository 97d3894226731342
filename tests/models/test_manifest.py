"""A model file that is missing or damaged gives one clear error."""

import json
import shutil
from pathlib import Path

import pytest

from onrecord.errors import ModelError, UsageError
from onrecord.models import available, find_model, load_manifest, open_session
from onrecord.reading import Reader


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(find_model(), folder)
    return folder


def test_the_package_holds_a_reader() -> None:
    manifest = load_manifest(find_model())
    assert manifest.label in available()
    assert manifest.license
    assert all(c["name"] and c["license"] for c in manifest.corpora)
    assert manifest.path("model.onnx").is_file()


def test_a_missing_file(copy: Path) -> None:
    (copy / "model.onnx").unlink()
    with pytest.raises(ModelError, match="missing"):
        Reader.load(copy)


def test_a_damaged_file(copy: Path) -> None:
    with (copy / "model.onnx").open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"damage")
    with pytest.raises(ModelError, match="damaged"):
        Reader.load(copy)


def test_a_file_cut_short(copy: Path) -> None:
    (copy / "tokenizer.json").write_bytes((copy / "tokenizer.json").read_bytes()[:100])
    with pytest.raises(ModelError, match="damaged"):
        Reader.load(copy)


@pytest.mark.parametrize("change", [{"format": 99}, {"tags": ["O"]}, {"start": None}, {"link_width": "wide"}, {"features": "features.v0"}])
def test_a_manifest_that_does_not_fit(copy: Path, change: dict[str, object]) -> None:
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelError):
        Reader.load(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_manifest_that_is_none(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match="manifest"):
        load_manifest(copy)


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match="en-"):
        find_model("xx-9.9.9")


def test_an_unknown_engine(copy: Path) -> None:
    with pytest.raises(UsageError, match="onnxruntime"):
        open_session(copy / "model.onnx", engine="abacus")


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="does not load"):
        open_session(tmp_path / "model.onnx")

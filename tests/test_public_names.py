import subprocess
import sys

import pytest

import onrecord

HEAVY = [
    "onrecord.desk",
    "onnxruntime",
    "openvino",
    "numpy",
    "trafilatura",
    "lxml",
    "urllib3",
    "typer",
    "rich",
    "jinja2",
    "tokenizers",
    "py3langid",
    "markdown_it",
    "yaml",
    "torch",
]


def test_import_is_light() -> None:
    code = f"import sys, onrecord; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("name", onrecord.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    found = getattr(onrecord, name)
    assert (found.__doc__ or "").strip()
    assert name in dir(onrecord)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        onrecord.nothing_such  # noqa: B018 - looking it up is the test


def test_the_version_is_the_package_s() -> None:
    from importlib.metadata import version

    assert onrecord.__version__ == version("onrecord")

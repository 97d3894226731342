"""Both engines compute the same; the one that is not installed says how to install it."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from onrecord.errors import MissingExtraError
from onrecord.models import find_model, open_session


def test_an_engine_that_is_not_installed_says_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'onrecord\[openvino\]'"):
        open_session(find_model() / "model.onnx", engine="openvino")


@pytest.mark.skipif(find_spec("openvino") is None, reason="the extra is not installed")
def test_openvino_computes_the_same() -> None:
    rng = np.random.default_rng(0)
    ids, mask = rng.integers(1000, 20000, (2, 40)), np.ones((2, 40), dtype=np.int64)
    features = rng.integers(0, 4, (2, 3, 40))
    one, other = (
        open_session(find_model() / "model.onnx", engine=e).run({"ids": ids, "features": features, "mask": mask}, ["emissions"])[0]
        for e in ("onnxruntime", "openvino")
    )
    assert (one.argmax(-1) == other.argmax(-1)).mean() > 0.9


def test_a_window_reads_the_same_alone_and_in_a_batch() -> None:
    """Padding and neighbours change nothing but rounding."""
    session = open_session(find_model() / "model.onnx")
    rng = np.random.default_rng(1)
    ids, features = rng.integers(1000, 20000, (2, 50)), rng.integers(0, 4, (2, 3, 50))
    mask = np.ones((2, 50), dtype=np.int64)
    ids[1, 30:], mask[1, 30:] = 0, 0
    together = session.run({"ids": ids, "features": features, "mask": mask}, ["emissions"])[0][1, :30]
    alone = session.run({"ids": ids[1:, :30], "features": features[1:, :, :30], "mask": mask[1:, :30]}, ["emissions"])[0][0]
    assert (together.argmax(-1) == alone.argmax(-1)).mean() > 0.9

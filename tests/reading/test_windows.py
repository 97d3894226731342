import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading.windows import batches, owners, padded, plan


@given(st.integers(0, 3000), st.integers(8, 300), st.data())
def test_windows_cover_and_owners_partition(length, window, data):
    overlap = data.draw(st.integers(0, window // 2))
    ranges = plan(length, window=window, overlap=overlap)
    assert all(e - s <= window for s, e in ranges)
    kept = owners(ranges, length)
    assert [i for s, e in kept for i in range(s, e)] == list(range(length))
    for (s, e), (first, last) in zip(ranges, kept, strict=True):
        assert s <= first <= last <= e


def test_an_owner_stands_far_from_the_edge():
    ranges = plan(500, window=254, overlap=64)
    for (s, e), (first, last) in zip(ranges, owners(ranges, 500), strict=True):
        assert s == 0 or first - s >= 32
        assert e == 500 or e - last >= 31


@given(st.lists(st.integers(1, 256), min_size=1, max_size=60), st.integers(1, 9))
def test_batches_hold_everything_once(lengths, most):
    made = list(batches(lengths, most=most))
    assert sorted(i for b in made for i in b) == list(range(len(lengths)))
    assert all(len(b) <= most for b in made)


def test_padding_is_zeros_behind():
    out = padded([np.array([[1, 2]]), np.array([[3]])], 3)
    assert out.tolist() == [[[1, 2, 0]], [[3, 0, 0]]]


@pytest.mark.parametrize("length", [0, 1, 254, 255])
def test_short_streams(length):
    ranges = plan(length, window=254, overlap=64)
    assert len(ranges) == (0 if length == 0 else 1 if length <= 254 else 2)

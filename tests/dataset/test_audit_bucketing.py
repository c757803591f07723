"""What trainers cut off each photo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.dataset.audit.bucketing import buckets, cut


@pytest.mark.parametrize(
    ("size", "resolution", "bucket", "lost"),
    [
        ((1024, 1024), 1024, (1024, 1024), 0.0),
        ((4000, 3000), 1024, (1152, 896), 0.036),
        ((3000, 4000), 1024, (896, 1152), 0.036),
        ((512, 512), 1024, (1024, 1024), 0.0),
        ((10240, 1024), 1024, (2048, 256), 0.2),
        ((1000, 1000), 512, (512, 512), 0.0),
    ],
)
def test_what_becomes_of_a_photo(size, resolution, bucket, lost):
    found = cut(*size, resolution)
    assert (found.width, found.height) == bucket
    assert found.lost == pytest.approx(lost, abs=0.001)
    assert found.enlarged == pytest.approx(max(bucket[0] / size[0], bucket[1] / size[1]))


@given(st.integers(1, 20000), st.integers(1, 20000), st.sampled_from([64, 512, 768, 1024]))
def test_a_photo_always_fills_its_bucket(width, height, resolution):
    found = cut(width, height, resolution)
    assert found.width * found.height <= resolution**2
    assert found.width % (resolution // 16) == found.height % (resolution // 16) == 0
    assert found.left >= -1e-9
    assert found.top >= -1e-9
    assert min(found.left, found.top) == pytest.approx(0, abs=1e-9)
    assert width * found.enlarged * (1 - 2 * found.left) == pytest.approx(found.width)
    assert height * found.enlarged * (1 - 2 * found.top) == pytest.approx(found.height)


@pytest.mark.parametrize("resolution", [1, 15, 64, 1000, 1024])
def test_buckets_come_both_ways_round(resolution):
    sizes = buckets(resolution)
    assert sizes
    assert {(h, w) for w, h in sizes} == set(sizes)

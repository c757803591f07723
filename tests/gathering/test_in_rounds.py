"""What a gathering that may stop early still answers of a policy."""

import pytest

from fluxdiag.gathering.in_rounds import answers_all
from fluxdiag.gating.reading import read_policy

ASSERT = '[assert]\n"identity.trigger" = { min = 0.5 }\n'
FOR = '[[assert_for]]\nmatch = { %s }\nassert = { "identity.trigger" = { min = 0.3 } }\n'


@pytest.mark.parametrize(
    ("policy", "answered"),
    [
        (ASSERT, True),
        (ASSERT + FOR % "strength = 0.5", False),  # the verdict may be settled before those pictures are drawn
        (ASSERT + FOR % 'suite = "quick"', True),
        (ASSERT + '"bleed.class" = { max = 0.5 }\n', True),
    ],
)
def test_numbers_by_strength_are_not_what_looks_ask_for(tmp_path, policy, answered):
    file = tmp_path / "gate.toml"
    file.write_text(f"schema = 1\n{policy}", encoding="utf-8")
    assert answers_all(read_policy(str(file))) is answered

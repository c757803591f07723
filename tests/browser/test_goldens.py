"""What a screen reader is told of each state: the first screen whole, of the rest its headings and the causes with their status.

The goldens lie in `goldens/`, one small text a state, to be read in a review. FLUXDIAG_RENEW_GOLDENS=1 writes them anew:

    FLUXDIAG_RENEW_GOLDENS=1 python -m pytest tests/browser/test_goldens.py && git diff tests/browser/goldens
"""

import os
from pathlib import Path

import pytest

import states

GOLDENS = Path(__file__).parent / "goldens"
RENEW = os.environ.get("FLUXDIAG_RENEW_GOLDENS") == "1"
OUTLINE = """() => {
  const words = (element) => element.innerText.replace(/\\s+/g, " ").trim();
  const line = (one) =>
    one.matches("h2") ? `- ${words(one)}`
    : one.matches("h3") ? `  - ${words(one)}`
    : `  - ${words(one.querySelector("h3"))}: ${words(one.querySelector(".chip"))}`;
  const told = document.querySelectorAll("main h2, main h3:not(.cause h3), main .cause > summary");
  return [...told].map(line).join("\\n");
}"""
"""headings, and causes with their status"""


def read_out(page) -> str:
    return f"# first screen\n{page.locator('header').aria_snapshot()}\n\n# below it\n{page.evaluate(OUTLINE)}\n"


@pytest.mark.parametrize("state", sorted(states.STATES))
def test_a_screen_reader_is_told_the_same_as_before(state, opened):
    with opened(state) as page:
        told = read_out(page)
    golden = GOLDENS / f"{state}.yml"
    if RENEW:
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_state():
    assert {golden.stem for golden in GOLDENS.glob("*.yml")} == set(states.STATES)

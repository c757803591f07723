"""The first screen alone says what is wrong, how sure that is and what to do: on a laptop and on a phone, in every state."""

import pytest
from looking import NARROW, WIDE

import states

WHOLE = sorted(set(states.STATES) - set(states.UNREADABLE))
PARTS = (".badge", "h1", ".sure", ".remedy", ".frames, .shown .missing", ".numbers", ".gate")
BOXES = "parts => parts.map(part => document.querySelector(part).getBoundingClientRect().bottom)"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("state", WHOLE)
def test_the_verdict_fits_the_first_screen(state, opened):
    with opened(state) as page:
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            bottoms = dict(zip(PARTS, page.evaluate(BOXES, PARTS), strict=True))
            assert max(bottoms.values()) <= size["height"], (size, bottoms)
            assert page.evaluate(SIDEWAYS) <= 0, size


@pytest.mark.parametrize("state", states.UNREADABLE)
def test_a_run_that_cannot_be_judged_says_so_and_what_to_do(state, opened):
    with opened(state) as page:
        words = page.locator("#verdict").inner_text()
        assert "fluxdiag gather" in words if state == "interrupted" else "another version" in words
        assert "HEALTHY" not in page.locator("body").inner_text()
        assert "What to do" in words


@pytest.mark.parametrize("state", ["several", "hostile", "very-large"])
def test_nothing_has_to_be_scrolled_sideways_at_four_times_the_size(state, opened):
    """320 px is 1280 at 400 % (WCAG 1.4.10); tables and pictures scroll in frames of their own."""
    with opened(state, viewport={"width": 320, "height": 600}) as page:
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert page.evaluate(SIDEWAYS) <= 0


def test_the_words_of_a_stranger(opened):
    with opened("overcaptioned") as page:
        words = page.locator("#verdict").inner_text()
        for part in ("FIX NEEDED", "describe the face", "Strong evidence", "Not ruled out", "captions", "Costs", "Should bring"):
            assert part in words
        assert page.get_by_alt_text("A reference photo of the person").is_visible()


def test_what_was_not_measured_looks_neither_like_zero_nor_like_a_pass(opened):
    with opened("no-references") as page:
        likeness = page.locator(".numbers li").first
        assert "not measured: no reference photos were given" in likeness.inner_text()
        assert likeness.locator(".yes, .no").count() == 0
        assert page.locator("p.gate.yes").count() == 0

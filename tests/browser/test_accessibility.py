"""No rule of axe-core is broken: WCAG 2.2 A and AA and its best practices, none switched off.

Each state is judged twice, in opposite corners of theme x width x closed or open; one state in all eight. FLUXDIAG_WHOLE_MATRIX=1
judges every state in all eight (ten minutes). Rows and tiles that repeat one another are judged twice each (looking.py).
"""

import itertools
import os

import pytest
from looking import NARROW, UNREPEATED, WIDE, open_all, violations

import states

CORNERS = list(itertools.product((False, True), ("light", "dark"), (WIDE, NARROW)))
"""(all parts open, theme, width)"""
OPPOSITE = ((False, "light", WIDE), (True, "dark", NARROW))
WHOLE = os.environ.get("FLUXDIAG_WHOLE_MATRIX") == "1"


@pytest.mark.parametrize("state", sorted(states.STATES))
def test_axe_finds_nothing(state, opened):
    with opened(state) as page:
        page.evaluate(UNREPEATED)
        opened_already = False
        for everything, theme, size in CORNERS if WHOLE or state == "several" else OPPOSITE:
            if everything and not opened_already:
                open_all(page)
                page.evaluate(UNREPEATED)  # what the plots drew
                opened_already = True
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], (state, everything, theme, size)


def test_axe_finds_nothing_in_forced_colours(opened):
    with opened("overcaptioned", forced_colors="active") as page:
        page.evaluate(UNREPEATED)
        assert violations(page) == []


def test_every_picture_has_words_of_its_own(opened):
    with opened("very-large") as page:
        alts = page.evaluate(
            "[...document.querySelectorAll('img')].filter(img => !img.closest('dialog, .wipe')).map(img => img.alt)"
        )
        assert "" not in alts
        assert len(alts) == len(set(alts))


def test_every_control_is_large_enough_to_be_hit(opened):
    """WCAG 2.5.8: 24 px, but for links inside sentences."""
    with opened("several", viewport=NARROW) as page:
        small = page.evaluate(
            "[...document.querySelectorAll('button, summary, label, nav a')].filter(control => control.checkVisibility())"
            ".map(control => [control.innerText, control.getBoundingClientRect().height]).filter(([, height]) => height < 24)"
        )
        assert small == []

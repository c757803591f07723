"""The page of two runs in a real browser: nothing cut, nothing sideways, no rule of axe-core broken, no script and no request."""

import pytest
from looking import NARROW, UNREPEATED, WIDE, violations

from fluxdiag.compare import compare, write_page
from reported import FAULTY_TRUTH, judged

CUT = (
    "[...document.querySelectorAll('h1, .sides p')].filter(part => part.scrollHeight > part.clientHeight + 1)"
    ".map(part => part.innerText)"
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    """Four of the numbers that are judged became better, so the sentence is as long as sentences come."""
    folder = tmp_path_factory.mktemp("compared")
    before, after = judged(folder / "before", FAULTY_TRUTH), judged(folder / "after")
    found = compare(before, after)
    long = "Clearly better: likeness with the trigger, the same person each time, what the trigger adds, the face in groups. " * 2
    return write_page(found.model_copy(update={"sentence": long.strip()}), before, after, folder / "page.html").as_uri()


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (NARROW, "dark")])
def test_the_answer_stands_there_whole_and_axe_finds_nothing(browser, address, size, theme):
    context = browser.new_context(viewport=size, color_scheme=theme)
    page, troubles = context.new_page(), []
    page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(address)
    assert page.evaluate(CUT) == []
    assert page.evaluate(SIDEWAYS) <= 0
    page.evaluate(UNREPEATED)
    assert violations(page) == []
    assert troubles == []
    context.close()

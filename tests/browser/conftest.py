"""Reports in a real browser. Without Chromium these tests skip; where CI=true they fail instead, so that none is lost in silence.

Playwright drives the Chromium of the system (`apt-get install chromium`): it needs no separate driver, can switch theme,
script, forced colours and print, and its own browser download is not used. axe-core comes with axe-playwright-python.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from looking import WIDE

import states
from fluxdiag.errors import FluxdiagError
from fluxdiag.report import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
Opened = Callable[..., Any]


def _missing(what: str) -> None:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no {what} on this machine")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        _missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """State -> its report, rendered once. The run folder lies beside it, as a user has it."""
    made: dict[str, Path] = {}

    def report(state: str) -> Path:
        if state not in made:
            run = states.STATES[state](tmp_path_factory.mktemp(state))
            try:
                render(run)
            except FluxdiagError:
                assert state in states.UNREADABLE
            made[state] = run.report_file
        return made[state]

    return report


@pytest.fixture
def opened(browser: Browser, report_of: Callable[[str], Path]) -> Opened:
    """opened("healthy", **options of Playwright's new_context) -> the page, and every request and error it caused."""

    @contextmanager
    def open_(state: str, **options: Any) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": WIDE, **options})
        page = context.new_page()
        page.troubles = []  # type: ignore[attr-defined]
        page.on("request", lambda request: _note(page, request.url))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))  # type: ignore[attr-defined]
        page.on("console", lambda message: page.troubles.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
        page.goto(report_of(state).as_uri())
        yield page
        assert page.troubles == []  # type: ignore[attr-defined]
        context.close()

    return open_


def _note(page: Page, url: str) -> None:
    """The page itself and what it carries are no requests."""
    if not url.startswith(("file:", "data:", "blob:")):
        page.troubles.append(url)  # type: ignore[attr-defined]

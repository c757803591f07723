"""The page of a batch in a real browser: nothing sideways, no rule of axe-core broken, no script and no request."""

import pytest
from looking import NARROW, WIDE, violations

from fluxdiag.batch import written
from fluxdiag.batching.records import Answer, Batch, Job
from fluxdiag.batching.rows import row_of
from fluxdiag.gating.reading import read_policy
from fluxdiag.report import render
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, judged
from states import HOSTILE

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    """A row of each kind: faulty, healthy, one without pictures, one that nobody could judge; names as long as they come."""
    out, policy = tmp_path_factory.mktemp("batch"), read_policy("marketplace")
    rows = []
    for name, truth in (("faulty", FAULTY_TRUTH), ("healthy", HEALTHY_TRUTH), ("bare", HEALTHY_TRUTH)):
        run = judged(out / "runs" / name, truth)
        render(run)
        job = Job(name=f"{name}-{'x' * 80}", case=run.case(), folder=str(run.folder), suite="quick", thorough=False)
        rows.append(row_of(job, Answer(), out, policy, "low"))
    for shot in run.shots():
        (run.folder / shot.file).unlink()
    rows.append(row_of(job.model_copy(update={"name": HOSTILE}), Answer(error=f"{HOSTILE} {'long ' * 60}"), out, None, "low"))
    skipped = {"x-000500.safetensors": "a checkpoint of x's training; `fluxdiag sweep` compares them"}
    found = Batch(
        manifest="loras.csv", suite="quick", thorough=False, policy="marketplace", fail_on="low", rows=rows, skipped=skipped
    )
    return written(found, out).as_uri()


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (NARROW, "dark")])
def test_every_row_is_there_and_axe_finds_nothing(browser, address, size, theme):
    context = browser.new_context(viewport=size, color_scheme=theme)
    page, troubles = context.new_page(), []
    page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(address)
    assert page.locator(".lora").count() == 4
    assert page.locator(".lora:visible h2").count() == 4
    assert page.evaluate(SIDEWAYS) <= 0
    assert violations(page) == []
    assert troubles == []
    context.close()


def test_the_links_lead_to_the_reports(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("a.go").first.click()
    assert "fluxdiag report on" in page.locator(".subject").inner_text()
    context.close()

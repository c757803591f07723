"""What the script adds, and that nothing is lost without it: keyboard, viewer, wiping, copying, plots, print."""

import pytest
from looking import open_all

VISIBLE = "element => element.checkVisibility({ visibilityProperty: true })"
FOCUSED = """(() => {
  const on = document.activeElement, box = on.getBoundingClientRect();
  on.dataset.seen ??= `${Math.random()}`;
  return [on.dataset.seen, on.tagName, box.width * box.height > 0];
})()"""


def test_without_a_script_everything_can_be_read(opened):
    with opened("overcaptioned", java_script_enabled=False) as page:
        words = page.locator("body").inner_text()
        for part in ("FIX NEEDED", "Every cause that was looked for", "Likeness with the LoRA on", "All measurements", "SHA-256"):
            assert part in words
        assert page.locator("button:visible").count() == 0
        assert page.locator("details.interactive:visible").count() == 0
        assert page.locator("#identity svg:visible").count() > 4
        assert page.locator("table.shots img:visible").count() > 50


def test_without_a_script_pictures_swap_by_keyboard(opened):
    with opened("overcaptioned", java_script_enabled=False) as page:
        first = page.locator("#verdict .compare")
        first.locator("input").first.focus()
        assert first.locator(".frame:visible").count() == 2
        page.keyboard.press("ArrowRight")
        assert first.locator(".frame:visible").count() == 1
        assert "LoRA on, no trigger" in first.locator(".frame:visible").inner_text()
        page.keyboard.press("ArrowRight")
        assert "LoRA on, with trigger" in first.locator(".frame:visible").inner_text()


def test_without_a_script_a_cause_opens(opened):
    with opened("healthy", java_script_enabled=False) as page:
        cause = page.locator("details.cause").last
        cause.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert cause.get_by_text("Measured", exact=True).first.is_visible() or cause.locator(".body").is_visible()


def test_the_keyboard_reaches_every_control_and_nothing_else(opened):
    """As many stops as there are controls in view; each of them can be seen when it has the focus."""
    with opened("overcaptioned") as page:
        page.evaluate("document.querySelectorAll('details[open]').forEach(details => details.open = false)")
        controls = page.evaluate(
            "[...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')]"
            f".filter({VISIBLE}).filter(control => control.type !== 'radio' || control.checked).length"
        )
        seen = []
        for _ in range(controls):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(FOCUSED))
        assert len({mark for mark, *_ in seen}) == controls
        assert all(tag != "BODY" and there for _, tag, there in seen)


def test_the_viewer_opens_walks_and_gives_the_focus_back(opened):
    with opened("overcaptioned") as page:
        link = page.locator("a.open").nth(1)
        link.focus()
        page.keyboard.press("Enter")
        title = page.locator("#viewer-title")
        assert page.locator("dialog").evaluate("dialog => dialog.open")
        first = title.inner_text()
        assert first == link.locator("img").get_attribute("alt")
        page.keyboard.press("ArrowRight")
        assert title.inner_text() != first
        page.keyboard.press("ArrowLeft")
        assert title.inner_text() == first
        page.keyboard.press("ArrowDown")
        assert title.inner_text().partition(", LoRA")[2] == first.partition(", LoRA")[2] != ""
        assert page.url.partition("#")[2].startswith("shot-")
        page.keyboard.press("Escape")
        assert not page.locator("dialog").evaluate("dialog => dialog.open")
        assert page.evaluate("document.activeElement.className") == "open"


def test_a_link_to_a_single_picture_opens_what_holds_it(opened):
    with opened("overcaptioned") as page:
        anchor = page.locator("#images details.probe").nth(1).locator("td[id]").first.get_attribute("id")
        page.goto(f"{page.url.partition('#')[0]}#{anchor}")
        assert page.locator(f"[id='{anchor}'] img").is_visible()


def test_one_picture_is_wiped_over_the_other_by_keyboard(opened):
    with opened("overcaptioned") as page:
        first = page.locator("#verdict .compare")
        first.locator(".pick-wipe").check()
        slider = first.locator("input[type=range]")
        assert slider.get_attribute("aria-valuetext") == "50 % LoRA on, no trigger"
        slider.focus()
        page.keyboard.press("Home")
        assert slider.get_attribute("aria-valuetext") == "0 % LoRA on, no trigger"
        assert "0px 0px 0px 0%" in first.locator(".stack img").last.evaluate("img => getComputedStyle(img).clipPath")


def test_the_fix_is_copied_as_text(opened):
    with opened("several", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator("#verdict .copy").click()
        page.get_by_text("Copied", exact=True).wait_for()
        copied = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert "+ rank: 32" in copied
        assert "+ steps: 1,950" in copied


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plots_are_drawn_when_they_are_opened_in_the_colours_of_the_page(theme, opened):
    with opened("overcaptioned", color_scheme=theme) as page:
        assert page.locator(".js-plotly-plot").count() == 0
        open_all(page)
        plots = page.locator(".js-plotly-plot")
        assert plots.count() == page.locator("details.interactive").count() >= 8
        assert page.locator(".modebar-btn").count() == 0
        title = plots.first.locator(".xtick text").first.evaluate("text => getComputedStyle(text).fill")
        assert title == page.evaluate("getComputedStyle(document.body).color")


def test_hostile_words_are_only_words_in_plots_too(opened):
    with opened("hostile") as page:
        open_all(page)
        assert page.locator(".js-plotly-plot a, .js-plotly-plot img, img[onerror], [onclick]").count() == 0
        assert page.locator(".js-plotly-plot").get_by_text("<img src=x").count() > 0
        assert page.evaluate("document.title").count("<img") == 1


def test_all_evidence_is_on_paper(opened):
    with opened("overcaptioned") as page:
        page.evaluate("document.querySelectorAll('details[open]').forEach(details => details.open = false)")
        hidden = page.locator("details.text p").first
        assert not hidden.is_visible()
        page.emulate_media(media="print")
        for part in ("details.text p", "table.shots img", ".cited td", ".captions li"):
            assert page.locator(part).last.evaluate(VISIBLE), part
        assert page.locator("nav, fieldset, .copy, .interactive").evaluate_all(f"all => all.filter({VISIBLE}).length") == 0
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_data_can_be_saved_without_a_script(opened):
    with opened("overcaptioned", java_script_enabled=False, accept_downloads=True) as page:
        with page.expect_download() as download:
            page.get_by_text("Save evidence and diagnosis as JSON").click()
        assert '"trigger.effect"' in download.value.path().read_text()

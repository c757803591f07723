"""What the browser tests do with a page: open all of it, leave out what repeats, judge it with axe-core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""no rule of these is switched off"""

# Elements with the same tags, classes and attributes all the way down, inside ancestors with the same tags and classes: the first
# two of the page are kept. Takes a page of some 6,000 elements to about 1,200; rows, tiles and marks are judged twice instead of
# two hundred times. A column's heading is counted for itself, as it would be left without words.
UNREPEATED = """() => {
  const shape = (element) => {
    const marked = [...element.attributes].map(({ name, value }) => (/^(class|role|scope|type)$/.test(name) ? value : name));
    const inside = new Set([...element.children].map(shape));
    return [element.tagName, ...marked, ...inside].join(" ");
  };
  const thin = (element, path, seen) => {
    for (const child of [...element.children]) {
      const kind = `${path}>${shape(child)}`;
      seen[kind] = (seen[kind] ?? 0) + 1;
      if (seen[kind] > 2 && !child.matches("section, script, style")) child.remove();
      else thin(child, `${path}>${child.tagName}.${child.getAttribute("class")}`, child.matches("th") ? {} : seen);
    }
  };
  thin(document.body, "", {});
  return document.querySelectorAll("*").length;
}"""


def open_all(page: Page) -> None:
    """Every part that can be opened, the plots drawn."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    drawn = "[...document.querySelectorAll('details.interactive:not([hidden])')].every(details => details.dataset.drawn)"
    while not page.evaluate(drawn):  # the page's policy forbids the eval that wait_for_function is made of
        page.wait_for_timeout(50)


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each. It is put into the page once, however often it is asked."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {"runOnly": list(TAGS), "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{one['id']}: {node['html'][:160]}: {node['failureSummary']}" for one in found for node in one["nodes"][:3]]

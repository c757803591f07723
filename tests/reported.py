"""Reports of simulated runs, for the tests of the page: runs with pictures, and a page as a browser would take it apart."""

from html.parser import HTMLParser

from PIL import Image, PngImagePlugin

from fluxdiag.diagnose import diagnose
from fluxdiag.measure import measure
from fluxdiag.records import Case
from fluxdiag.report import render
from fluxdiag.runs import Run
from simulated import HEALTHY, HEALTHY_GAINS, OVERCAPTIONED, OVERCAPTIONED_GAINS, Simulation, Truth
from states import sealed

HEALTHY_TRUTH = Truth(HEALTHY, HEALTHY_GAINS)
FAULTY_TRUTH = Truth(OVERCAPTIONED, OVERCAPTIONED_GAINS, described=True)


class Pictured(Simulation):
    """A simulated run with pictures, and with a case that a test may have changed before anything was drawn."""

    def __init__(self, folder, truth, **changes):
        super().__init__(folder, truth)
        self.changes = changes

    def case(self) -> Case:
        return super().case().model_copy(update=self.changes)

    def write(self) -> Run:
        run = super().write()
        for index, shot in enumerate(run.shots()):
            file = run.folder / shot.file
            file.parent.mkdir(exist_ok=True)
            notes = PngImagePlugin.PngInfo()
            notes.add_text("prompt", "a private note")
            Image.new("RGB", (96, 96), (index % 256, 40 + index % 90, 120)).save(file, pnginfo=notes)
        return sealed(run)


def judged(folder, truth=HEALTHY_TRUTH, **changes) -> Run:
    run = Pictured(folder, truth, **changes).write()
    measure(run), diagnose(run)
    return run


def page(run: Run) -> str:
    return render(run).read_text(encoding="utf-8")


class Reader(HTMLParser):
    """What a browser would make of it: tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.words, self.inside = [], [], ""
        self.feed(html.replace("<wbr>", ""))  # where a word may break it is one word all the same

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.inside != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def flat(text: str) -> str:
    return " ".join(text.split())

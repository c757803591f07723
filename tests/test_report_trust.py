"""The page believes nobody, asks nothing of the network, reads well, and fits the screen."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from fluxdiag.records import Fact, Measurement, Photo, Span
from fluxdiag.report import templates_folder
from fluxdiag.reporting import words
from fluxdiag.reporting.figures import axis_of
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, Reader, judged, page
from simulated import Simulation

ATTACK = "</script><img src=x onerror=alert(1)>"
BIDI = "\u202egnp.exe\u2066\u200b"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Run:
    return judged(tmp_path_factory.mktemp("faulty"), FAULTY_TRUTH)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> str:
    text = f"{ATTACK}{BIDI}"
    lora = Simulation(Path("unused"), HEALTHY_TRUTH).case().lora
    file = lora.model_copy(
        update={"path": f"/home/ana maria/{text.replace('/', '')}.safetensors", "trainer": text, "problems": (text,)}
    )
    photos = tuple(
        Photo(
            path=f"C:\\Users\\ana\\{index}{BIDI}<p>.png",
            sha256=f"photo{index}",
            caption=ATTACK * 400,
            appearance=(Span(start=0, end=10**9, text="x", kind="hair"), Span(start=3, end=9, text="x", kind="eyes")),
            problem=None
            if index == 0
            else "cannot read 'C:\\\\Users\\\\ana\\\\x.png' of /home/ana maria/set/y.png or /mnt/secret/z.png"
            if index
            else None,
        )
        for index in range(4)
    )
    run = judged(
        tmp_path_factory.mktemp("hostile"),
        FAULTY_TRUTH,
        lora=file,
        trigger=Fact(value=text, source=text),
        class_word=Fact(value=text, source=text),
        description=text,
        settings={text: Fact(value=text, source="/home/ana maria/config.yaml")},
        photos=photos,
        gaps={text: text},
    )
    return page(run)


def test_hostile_text_is_only_ever_text(hostile):
    assert "<img src=x" not in hostile
    assert "&lt;img src=x onerror=alert(1)&gt;" in hostile
    reader = Reader(hostile)
    assert not reader.all("script")
    assert not [attributes for _, attributes in reader.tags for name in attributes if name.startswith("on")]
    assert all(image["src"].startswith("data:image/webp;base64,") for image in reader.all("img"))
    assert not set(BIDI) & set(hostile) - set("gnp.exe")
    assert "[U+202E]" in hostile
    assert len(hostile.encode()) < 6_000_000


def test_no_folder_of_the_user_is_shown(hostile):
    for private in ("/home", "ana maria", "Users", "secret"):
        assert private not in hostile
    assert "cannot read &#39;x.png&#39; of y.png or z.png" in hostile.replace("set/", "")


def test_nothing_is_asked_of_the_network_and_the_policy_forbids_it(hostile):
    head = hostile[hostile.index("<head>") :]
    assert re.match(r"<head>\s*<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;", head)
    assert not re.search(r"https?:|url\(|@import|<link(?! rel=\"icon\" href=\"data:,\")", hostile)


def test_templates_switch_off_no_escaping():
    for file in templates_folder().iterdir():
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|\son\w+=|=\{\{|style=", source), file.name


# ------------------------------------------------------------------------------------------------ form


def test_the_same_run_gives_the_same_bytes(faulty):
    assert page(faulty) == page(faulty)


def test_headings_nest_and_the_document_says_what_it_is(faulty):
    reader = Reader(page(faulty))
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert reader.all("html") == [{"lang": "en"}]
    assert "FIX NEEDED: x.safetensors" in reader.text


def test_text_colours_reach_aa_in_light_and_dark():
    css = (templates_folder() / "style.css.jinja").read_text(encoding="utf-8")
    tokens = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", css)
    for theme in (1, 2):
        colours = {token[0]: _luminance(token[theme]) for token in tokens}
        for name in ("text", "soft", "link", "good", "bad", "open"):
            for ground in ("page", "panel"):
                low, high = sorted((colours[name], colours[ground]))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground, theme)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


NUMBERS = [
    (1950, "1,950"), (0.0, "0"), (-0.0, "0"), (2.5, "2.50"), (14.43, "14.4"), (0.453, "0.45"),
    (1e-4, "0.0001"), (1e-6, "1e-06"), (1e-9, "1e-09"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "shown"), NUMBERS)
def test_numbers_read_as_people_write_them(value, shown):
    assert words.number(value) == shown


def test_value_and_interval_have_the_same_places():
    found = Measurement(key="k", value=-0.004, low=-0.06, high=0.05, n=8)
    assert (words.value_of(found), words.interval_of(found)) == ("0.00", "-0.06 to 0.05")


def test_an_axis_holds_everything_and_at_least_zero_to_one():
    axis = axis_of([Measurement(key="k", value=-3.0, low=-7.5, high=1.2, n=3)])
    assert axis.low <= -7.5
    assert axis.high >= 1.2
    assert 0 in axis.ticks
    assert axis.at(-99) == axis.at(axis.low)


def test_rendering_imports_no_model_library():
    heavy = ["torch", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "open_clip", "plotly"]
    code = f"import sys; from fluxdiag.report import render; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[]"


# ------------------------------------------------------------------------------------------------ in a browser

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--window-size=1280,720",
)  # fmt: skip


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("kind", ["faulty", "hostile"])
def test_the_verdict_fits_the_first_screen(kind, tmp_path, request):
    """The page itself runs no script, so a copy without its policy measures itself."""
    html = request.getfixturevalue("hostile") if kind == "hostile" else page(request.getfixturevalue("faulty"))
    probe = (
        "<script>document.title = JSON.stringify(['.badge', 'h1', '.remedy', '.compare', '.numbers'].map("
        "name => Math.round(document.querySelector(name).getBoundingClientRect().bottom)).concat("
        "document.documentElement.scrollWidth))</script></body>"
    )
    copy = tmp_path / "copy.html"
    copy.write_text(re.sub(r"<meta http-equiv[^>]*>", "", html).replace("</body>", probe), encoding="utf-8")
    command = [CHROMIUM, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", copy.as_uri()]
    dump = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    *bottoms, width = map(int, re.search(r"<title>\[([\d,]+)\]", dump)[1].split(","))
    assert max(bottoms) <= 720
    assert width <= 1280

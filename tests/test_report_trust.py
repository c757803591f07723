"""The page believes nobody, asks nothing of the network, reads well, and fits the screen."""

import base64
import gzip
import hashlib
import html
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

import states
from fluxdiag.records import Fact, Measurement, Photo, Span
from fluxdiag.report import render
from fluxdiag.reporting import assets, words
from fluxdiag.reporting.environment import templates_folder
from fluxdiag.reporting.figures import axis_over
from fluxdiag.reporting.gallery import Tile
from fluxdiag.reporting.pictures import Views, photo_pictures
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, Reader, judged, page
from simulated import Simulation

ATTACK = "</script><img src=x onerror=alert(1)>"
FORBIDDEN = r"\|\s*safe|autoescape|Markup|\son\w+=|=\{\{|style=|innerHTML|outerHTML|insertAdjacent"
"""what would let text of the run become markup, in a template or in our script"""
BIDI = "\u202egnp.exe\u2066\u200b"


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
    kinds = [script.get("type", "ours") for script in reader.all("script")]
    assert kinds == ["application/json", "text/plain", "ours"]
    assert not [attributes for _, attributes in reader.tags for name in attributes if name.startswith("on")]
    assert {image["src"].partition("base64")[0] for image in reader.all("img")} == {"data:image/webp;", "data:,"}
    assert not set(BIDI) & set(hostile) - set("gnp.exe")
    assert "[U+202E]" in hostile
    assert len(hostile.encode()) < 6_000_000


def test_no_folder_of_the_user_is_shown(hostile):
    for private in ("/home", "ana maria", "Users", "secret"):
        assert private not in hostile
    assert "cannot read &#39;x.png&#39; of y.png or z.png" in hostile.replace("set/", "")


def test_nothing_is_asked_of_the_network_and_the_policy_forbids_it(hostile):
    head = hostile[hostile.index("<head>") :]
    policy = re.match(r"<head>\s*<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"", head)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(policy).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in rules["script-src"]
    assert not re.search(r"https?:|url\(|@import|<link(?! rel=\"icon\" href=\"data:,\")", hostile)


def test_only_our_scripts_may_run(faulty):
    """The digests of the policy are those of our own script, as it stands in the page, and of the plotting library."""
    page_ = page(faulty)
    ours = re.findall(r"<script>(.*?)</script>", page_, re.DOTALL)
    packed = re.search(r'<script type="text/plain" id="plotting">([^<]*)</script>', page_)[1]
    sources = [*ours, gzip.decompress(base64.b64decode(packed)).decode()]
    allowed = re.search(r"script-src ([^;]*);", html.unescape(page_))[1]
    assert allowed.split() == [f"'{assets.digest(source)}'" for source in sources]


def test_a_changed_plotting_library_is_refused(tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / assets.PLOTLY).write_bytes(gzip.compress(b"alert(1)"))
    with pytest.raises(ValueError, match="not the file that was released"):
        assets.plotly(tmp_path)


def test_data_in_the_page_is_json_that_can_neither_end_its_element_nor_hold_nan(hostile):
    block = re.search(r'<script type="application/json" id="plots">(.*?)</script>', hostile, re.DOTALL)[1]
    assert not set("<>&") & set(block)
    assert json.loads(block)
    assert json.loads(assets.json_block({"a": "</script><!--\u2028&"})) == {"a": "</script><!--\u2028&"}
    with pytest.raises(ValueError, match="Out of range"):
        assets.json_block([float("nan")])


def test_labels_of_plots_are_escaped_before_the_library_reads_them():
    assert assets.label('<a href="https://x">\u202ey') == "&lt;a href=&quot;https://x&quot;&gt;[U+202E]y"
    assert len(assets.label("a" * 999)) == assets.LONGEST_LABEL + 1


def test_a_picture_of_a_run_leads_only_into_the_run_folder(faulty):
    shot = faulty.shots()[0]
    for strange in ("javascript:alert(1)", "../../etc/passwd.png", "https://x/y.png", "shots/../../x.png", "/shots/a.png"):
        assert Tile(shot.model_copy(update={"file": strange}), "", Views(), None).file == ""
    assert Tile(shot.model_copy(update={"id": 'x" onclick="'}), "", Views(), None).anchor == ""


def test_a_photo_that_is_not_the_one_of_the_case_is_not_shown(tmp_path):
    """A run folder that came from elsewhere could name any file of this machine."""
    secret = tmp_path / "secret.png"
    Image.new("RGB", (8, 8)).save(secret)
    known = Photo(path=str(secret), sha256=hashlib.sha256(secret.read_bytes()).hexdigest())
    assert len(photo_pictures([known], 5)) == 1
    assert photo_pictures([known.model_copy(update={"sha256": "guessed"})], 5) == []
    assert photo_pictures([known.model_copy(update={"path": str(tmp_path / "gone.png")})], 5) == []


def test_the_public_page_has_no_photo_no_name_and_no_date(tmp_path):
    run = states.laid_out("overcaptioned", tmp_path)
    case = run.case()
    photos = tuple(p.model_copy(update={"problem": f"bad since 2024-03-{i + 1:02d}"}) for i, p in enumerate(case.photos))
    states.changed(run, case={"photos": photos})
    own = page(run)
    assert "A reference photo of the person" in own
    assert "2024-03-02" in own
    shown = render(run, public=True).read_text(encoding="utf-8")
    assert "A reference photo of the person" not in shown
    assert "Training photo" not in shown
    assert "left out of this public copy" in shown
    assert "2024-03" not in shown
    assert "photo 02" in shown
    assert 'href="shots/' not in shown
    for photo in (*case.photos, *case.references):
        assert Path(photo.path).name not in Reader(shown).text


def test_the_static_page_has_no_plotting_library_and_all_the_numbers(faulty):
    whole, static = Reader(page(faulty)), Reader(render(faulty, static=True).read_text(encoding="utf-8"))
    assert "Point at the values" in whole.text
    assert "Point at the values" not in static.text
    assert len(static.all("svg")) == len(whole.all("svg"))
    assert faulty.report_file.stat().st_size < 700_000


def test_templates_switch_off_no_escaping():
    for file in templates_folder().glob("*.*"):
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|\son\w+=|=\{\{|style=|innerHTML|outerHTML|insertAdjacent", source), (
            file.name
        )


# ------------------------------------------------------------------------------------------------ form


def test_the_same_run_gives_the_same_bytes(faulty):
    assert page(faulty) == page(faulty)


def test_the_same_run_gives_the_same_bytes_in_another_process(tmp_path):
    """Sets of texts have another order in each process; seven kinds named equally often would show it."""
    run = states.STATES["overcaptioned"](tmp_path)
    drawn = "import sys; from pathlib import Path; from fluxdiag.report import render; from fluxdiag.runs import Run\n"
    drawn += "sys.stdout.buffer.write(render(Run(Path(sys.argv[1]))).read_bytes())"
    pages = {
        subprocess.run(
            [sys.executable, "-c", drawn, run.folder], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(pages) == 1


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
                assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground, theme)
        for mark in ("accent", "other", "faint", "open"):
            assert _contrast(colours[mark], colours["page"]) >= 3, (mark, theme)


def _contrast(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


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
    axis = axis_over([-7.5, 1.2])
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


@pytest.mark.parametrize("state", ["hostile", "healthy"])
def test_the_page_is_ascii_and_nothing_of_it_depends_on_references_inside_a_script(state, tmp_path):
    run = states.STATES[state](tmp_path)
    render(run)
    source = run.report_file.read_text(encoding="ascii")
    scripts = re.findall(r"<(?:script|style)\b[^>]*>(.*?)</(?:script|style)>", source, re.DOTALL)
    assert len(scripts) >= 4
    assert not [found for script in scripts for found in re.findall(r"&#\d+;", script)]
    assert "“" in Reader(source).text

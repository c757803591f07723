"""What the page says, and in every state of a run. Runs are simulated, pictures are small PNGs."""

import base64
import io
import re
import shutil

import pytest
from PIL import Image

from fluxdiag.dataset.audit.records import Audit, Overlap, ReferenceAudit
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import RunMismatch
from fluxdiag.measure import measure
from fluxdiag.records import Case, Change, Conflict, Photo, Span
from fluxdiag.registry import rules
from fluxdiag.report import render
from fluxdiag.reporting import words
from fluxdiag.reporting.findings import explanation, status_word
from fluxdiag.reporting.gallery import Gallery
from fluxdiag.reporting.held_out import remarks, said_of_references
from fluxdiag.reporting.telling import told_of
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, Pictured, Reader, flat, judged, page
from simulated import HEALTHY, HEALTHY_GAINS, Truth


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Run:
    return judged(tmp_path_factory.mktemp("faulty"), FAULTY_TRUTH)


def reworded(run: Run, **changes) -> None:
    run.write(run.diagnosis_file, run.diagnosis().model_copy(update=changes))


# ------------------------------------------------------------------------------------------------ what it says


def test_the_first_words_are_the_verdict_and_the_sentence(faulty):
    reader = Reader(page(faulty))
    diagnosis = faulty.diagnosis()
    assert reader.text.index("FIX NEEDED") < reader.text.index(diagnosis.sentence) < reader.text.index("The fix")
    assert diagnosis.symptoms[0].sentence in reader.text
    assert "Strong evidence for “Captions describe the person's appearance”" in reader.text
    assert "words, not probabilities" in reader.text
    for change in diagnosis.prescription:
        assert flat(change.to) in reader.text


OPEN = [
    ("The pictures look right, but: The rank has room.", "The pictures look right, but: The rank has room.", ""),
    ("They do not decide whether it is: 0.3 is not above 0.4.", "They do not decide whether it is.", "0.3 is not above 0.4."),
]


@pytest.mark.parametrize(("sentence", "words", "figures"), OPEN)
def test_the_heading_of_an_open_verdict_is_a_whole_sentence(faulty, sentence, words, figures):
    diagnosis = faulty.diagnosis().model_copy(update={"verdict": "undetermined", "sentence": sentence})
    told = told_of(diagnosis, Gallery((), faulty.case()), str)
    assert (told.sentence, told.figures) == (words, figures)


def test_every_measurement_and_every_gap_stands_in_the_page(tmp_path):
    run = judged(tmp_path, Truth(HEALTHY, references=0, photos=0))
    reader, evidence = Reader(page(run)), run.evidence()
    assert evidence.gaps
    for key, reason in evidence.gaps.items():
        assert f"{key} not measured: {flat(reason)}" in reader.text
    for key, found in evidence.measurements.items():
        assert f"{key} {words.value_of(found)} {words.interval_of(found)} {found.n} {found.unit}".strip() in reader.text


def test_every_cause_has_a_card_with_its_own_text_and_every_citation_leads_somewhere(faulty):
    reader = Reader(page(faulty))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for finding in faulty.diagnosis().findings:
        assert f"cause-{finding.cause}" in ids
        for sentence in finding.because:
            assert flat(sentence) in reader.text
    for rule in rules():
        for _, paragraph in explanation(rule.text):
            assert paragraph in reader.text
    for link in reader.all("a"):
        target = link["href"]
        assert "download" in link or (target[1:] in ids if target.startswith("#") else (faulty.folder / target).is_file())


def test_every_picture_is_there_once_in_the_gallery_and_none_is_dropped(tmp_path):
    gone = frozenset({"trigger/park-portrait", "trigger/library-close"})
    run = judged(tmp_path, Truth(HEALTHY, HEALTHY_GAINS, no_face=gone))
    (run.folder / run.shots()[-1].file).unlink()
    (run.folder / run.shots()[-2].file).write_bytes(b"no picture")
    reader = Reader(page(run))
    alts = [image["alt"] for image in reader.all("img")]
    assert len(alts) == len(set(alts))
    again = re.compile(r"Compared|Face|LoRA o|Without|A reference|Reference|Training|$")
    assert len([alt for alt in alts if not again.match(alt)]) == len(run.shots()) - 2
    assert "1 of 168 picture files is missing or broken" in reader.text
    assert "1 of 168 picture files is no longer what was measured" in reader.text
    assert "park-portrait, seed 101, LoRA on, trigger: no face" in alts


def test_pictures_are_re_encoded_without_what_the_file_carried(faulty):
    for image in Reader(page(faulty)).all("img")[:5]:
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/webp;base64"
        decoded = base64.b64decode(data)
        assert b"private" not in decoded
        with Image.open(io.BytesIO(decoded)) as picture:
            assert picture.size == (96, 96)
            assert not picture.getexif()


def test_the_compared_pictures_share_prompt_and_seed_and_are_the_median(faulty):
    html = page(faulty)
    shown = [image["alt"] for image in Reader(html).all("img")[:2]]
    questions = {re.search(r": (.*), LoRA", alt)[1] for alt in shown}
    assert len(questions) == 1
    assert [alt.partition(":")[0] for alt in shown] == ["LoRA on, no trigger", "LoRA on, with trigger"]
    assert "The middle one of 16 pairs by the step in likeness" in html


def test_captions_have_their_appearance_marked(tmp_path):
    caption = "ohwx woman with brown hair & <b>blue</b> eyes"
    spans = tuple(
        Span(start=caption.index(t), end=caption.index(t) + len(t), text=t, kind="hair") for t in ("brown hair", "hair & ")
    )
    html = page(judged(tmp_path, photos=(Photo(path="/home/ana/p.png", sha256="p", caption=caption, appearance=spans),)))
    assert "<mark>brown hair<small> hair</small></mark> &amp; &lt;b&gt;blue&lt;/b&gt; eyes" in html


# ------------------------------------------------------------------------------------------------ states


def test_a_healthy_run_needs_no_fix(tmp_path):
    text = Reader(page(judged(tmp_path))).text
    assert "HEALTHY" in text
    assert "No fix is needed" in text


def test_without_trigger_description_and_dataset_the_page_says_so(tmp_path):
    text = Reader(page(judged(tmp_path, Truth(HEALTHY, trigger=False, photos=0, references=0)))).text
    assert "UNDETERMINED" in text
    assert "trigger not known" in text
    assert "1. Without the LoRA" in text
    assert "2. LoRA on, no trigger" in text
    assert "with trigger" not in text.partition("The numbers behind it")[0]


def test_without_references_consistency_takes_the_first_screen_too(tmp_path):
    text = Reader(page(judged(tmp_path, Truth(HEALTHY, references=0)))).text
    assert "Consistency Is it always the same person?" in text
    assert "at 1 pictures are as alike as the trigger's own pictures" in text


def test_a_run_without_a_single_picture_has_a_page(tmp_path):
    run = Pictured(tmp_path, HEALTHY_TRUTH).write()
    run.write_shots(())
    run.write(run.gather_file, run.gather_info().model_copy(update={"shots": 0}))
    measure(run), diagnose(run)
    text = Reader(page(run)).text
    assert "No pictures were made." in text
    assert "There are no two pictures to compare" in text


def test_a_broken_file_and_disagreeing_causes_are_shown(tmp_path):
    run = judged(tmp_path)
    steps = Change(setting="steps", to="900", because="too many", safe=False)
    conflict = Conflict(setting="rank", wanted=("wrong-rank: 32", "other: 8"))
    reworded(run, verdict="broken", sentence="The file does nothing.", prescription=(steps,) * 5, conflicts=(conflict,))
    text = Reader(page(run)).text
    assert "BROKEN" in text
    assert "2 more" in text
    assert "Check this one by hand" in text
    assert "wrong-rank: 32" in text


def test_a_probability_is_shown_with_a_calibration_for_the_base_only(faulty, tmp_path):
    shutil.copytree(faulty.folder, tmp_path / "run")
    run = Run(tmp_path / "run")
    findings = tuple(finding.model_copy(update={"probability": 0.86}) for finding in run.diagnosis().findings)
    reworded(run, findings=findings)
    assert "86%" not in Reader(page(run)).text
    reworded(run, calibration="ours-2026")
    assert "Strong evidence, probability 86% for" in Reader(page(run)).text


def test_what_could_not_be_told_is_never_an_acquittal(faulty):
    unknown = faulty.diagnosis().findings[0].model_copy(update={"status": "unknown", "cites": ()})
    assert status_word(unknown) == "not assessable"
    assert status_word(unknown.model_copy(update={"cites": ("trigger.effect",)})) == "not decided"
    before = {"lacking": (), "cites": ("trigger.effect",), "because": ("Not measured to the end.", "not measured: x")}
    for why, word in (("divided", "not decided"), ("missing", "not assessable"), ("spared", "not measured to the end")):
        said = before | {"why_open": why}
        assert status_word(unknown.model_copy(update=said)) == word, "the sentences are not asked"
    assert status_word(unknown.model_copy(update=before)) == "not measured to the end"
    assert status_word(unknown.model_copy(update=before | {"because": ("not measured: x",)})) == "not assessable"


def test_a_diagnosis_of_older_evidence_is_refused_and_no_older_verdict_stays(tmp_path):
    run = judged(tmp_path)
    assert "HEALTHY" in Reader(page(run)).text
    run.evidence_file.write_text(run.evidence_file.read_text().replace('"value"', ' "value"', 1))
    with pytest.raises(RunMismatch, match=r"diagnosis\.json"):
        render(run)
    text = Reader(run.report_file.read_text(encoding="utf-8")).text
    assert "HEALTHY" not in text
    assert "CANNOT BE READ" in text
    assert "Run fluxdiag diagnose" in text
    assert str(tmp_path) not in text


PHOTOS = tuple(Photo(path=f"/r/{number}.png", sha256=f"{number}") for number in range(9))


def audited(*names: str) -> Audit:
    overlaps = tuple(Overlap(reference=name, photo="a.png", kind="a twin: same pose, same moment") for name in names)
    return Audit.model_construct(references=ReferenceAudit(folder="r", references=9, overlaps=overlaps))


@pytest.mark.parametrize(
    ("left_out", "twins", "said", "losses", "likeness"),
    [
        ((), (), "never trained on", None, None),
        (
            ("/r/1.png",),
            ("1.png",),
            "8 of them never trained on; 1 was ",
            "Without 1 reference that is no outside photo.",
            "1 of the 9",
        ),
        # gathered when only the same picture was looked for: the audit knows better, and the page says so
        (
            (),
            ("1.png", "2.png"),
            "7 of them never trained on; 2 were ",
            "2 of the photos that it takes for never seen",
            "2 of the 9",
        ),
        (("/r/1.png",), None, "8 of them never trained on; 1 was ", "Without 1 reference", "1 of the 9"),
    ],
)
def test_references_that_were_trained_on_are_never_called_held_out(left_out, twins, said, losses, likeness):
    case = Case.model_construct(references=PHOTOS, reference_source="held-out", overlap=left_out)
    audit = None if twins is None else audited(*twins)
    assert said_of_references(case, audit).startswith(said)
    told = remarks(case, audit, ["loss.gap", "identity.trigger", "bleed.class"])
    assert "bleed.class" not in told
    for key, start in (("loss.gap", losses), ("identity.trigger", likeness)):
        assert (key in told) == (start is not None)
        assert told.get(key, "").startswith(start or "")


def test_the_page_says_of_a_number_what_it_loses_by_a_reference_that_was_trained_on(tmp_path):
    first = Pictured(tmp_path / "first", HEALTHY_TRUTH).write().case().references[0]
    text = Reader(page(judged(tmp_path / "run", overlap=(first.path,)))).text
    assert "of them never trained on; 1 was trained on, or is a twin of such a photo" in text
    assert "what was learnt by heart scores there too" in text
    assert "left out of the losses on photos never seen, counted in the likeness" in text

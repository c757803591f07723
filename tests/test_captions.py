"""`captions lint` and `captions fix`, through the command line's own app and on awkward folders."""

import json
import resource
import zipfile

import pytest
from typer.testing import CliRunner

from fluxdiag.captions import check, fix, lint, photos_of
from fluxdiag.commands.captions import app
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.errors import FluxdiagError

BAD = "A woman with brown curly hair, green eyes, and freckles standing in a park, sunny day, full body shot, photorealistic"
GOOD = "MYCHAR01 standing in a park, sunny day, full body shot, photorealistic"


def dataset(folder, **captions):
    folder.mkdir(exist_ok=True)
    for name, text in captions.items():
        (folder / f"{name}.png").write_bytes(b"x")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_the_guides_bad_caption_becomes_its_good_one():
    assert check("a.txt", BAD, "MYCHAR01").rewritten == GOOD


@pytest.mark.parametrize(
    ("caption", "rewritten"),
    [
        ("1girl, solo, long hair, blue eyes, park", "MYCHAR01, solo, park"),
        (
            "The image shows a young woman with red hair sitting on a bench. She has green eyes.",
            "The image shows MYCHAR01 sitting on a bench.",
        ),
        ("MYCHAR01, a woman with brown hair, reading", "MYCHAR01 reading"),
        ("a red car on a road", "MYCHAR01, a red car on a road"),
        ("She is wearing a red dress.", "MYCHAR01"),
        ("MYCHAR01 and a woman behind her in a blue coat", "MYCHAR01 and a woman behind her in a blue coat"),
        ("MYCHAR01 smiling", "MYCHAR01 smiling"),
    ],
)
def test_the_trigger_is_the_subject(caption, rewritten):
    assert check("a.txt", caption, "MYCHAR01").rewritten == rewritten


def test_kinds_are_kept_and_dropped_when_asked(tmp_path):
    dataset(tmp_path, a="ohwx smiling, red dress, brown hair, park")
    assert lint(tmp_path, "ohwx", keep=["clothing"]).captions[0].rewritten == "ohwx smiling, red dress, park"
    assert lint(tmp_path, "ohwx", drop=["expression"]).captions[0].rewritten == "ohwx, park"


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ((), 1, "2 of 3 captions describe the character"),
        (("--keep", "clothing"), 1, "1 of 3 captions describe the character, clothing aside"),
        (("--keep", "clothing", "--keep", "hair"), 0, "0 of 3 captions describe the character, clothing, hair aside"),
        (("--drop", "expression"), 1, "3 of 3 captions describe the character"),
    ],
)
def test_what_is_kept_is_told_and_does_not_count(tmp_path, options, code, says):
    dataset(tmp_path, a="ohwx in a red coat", b="ohwx, brown hair, park", c="ohwx smiling")
    run = CliRunner().invoke(app, ["lint", str(tmp_path), "--trigger", "ohwx", *options])
    assert (run.exit_code, run.stderr.splitlines()[-1]) == (code, says)
    assert "a.txt: clothing: a red coat" in run.stdout


def test_a_set_shared_out_over_processes_is_judged_alike(tmp_path, monkeypatch):
    folder = dataset(tmp_path / "d", a=BAD, b=GOOD, c="a dog", d="a woman in a red coat", e="MYCHAR01, blue eyes")
    alone = lint(folder, "MYCHAR01", drop=["expression"])
    monkeypatch.setattr("fluxdiag.captions.MANY", 2)
    monkeypatch.setattr("fluxdiag.captions.CHUNK", 2)
    assert lint(folder, "MYCHAR01", drop=["expression"]) == alone
    assert len(alone.captions) == 5


def test_lint_prints_the_promised_json(tmp_path):
    dataset(tmp_path, a="ohwx woman with green eyes in a park")
    run = CliRunner().invoke(app, ["lint", str(tmp_path), "--trigger", "ohwx woman", "--json"])
    said = json.loads(run.stdout)
    assert run.exit_code == 1
    assert (said["schema"], said["trigger"]) == (1, "ohwx woman")
    assert said["captions"][0]["spans"] == [{"start": 16, "end": 26, "text": "green eyes", "kind": "eyes"}]
    assert said["captions"][0]["rewritten"] == "ohwx woman in a park"


def test_clean_captions_exit_with_zero(tmp_path):
    assert CliRunner().invoke(app, ["lint", str(dataset(tmp_path, a="ohwx in a park")), "--trigger", "ohwx"]).exit_code == 0


def test_fix_writes_a_new_folder_and_leaves_the_old(tmp_path):
    source = dataset(
        tmp_path / "set" if (tmp_path / "set").mkdir() is None else tmp_path, a=BAD, b="<b>a woman</b> with red hair"
    )
    before = {file: file.read_bytes() for file in source.iterdir()}
    run = CliRunner().invoke(app, ["fix", str(source), "--trigger", "MYCHAR01", "--out", str(tmp_path / "new")])
    assert run.exit_code == 0
    assert (tmp_path / "new" / "a.txt").read_text() == GOOD + "\n"
    assert {file: file.read_bytes() for file in source.iterdir()} == before
    page = (tmp_path / "new" / "diff.html").read_text()
    assert "<b>a woman" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--base", "nowhere"), "nowhere: there is no such folder"),
        (("--keep", "clothing", "--drop", "clothing"), "clothing cannot be kept and dropped"),
        (("--drop", "hair", "--drop", "expression"), "only expression is kept unless dropped, and hair would change nothing"),
    ],
)
def test_an_option_that_would_be_passed_over_is_refused(fluxdiag, tmp_path, options, says):
    done = fluxdiag("captions", "lint", dataset(tmp_path, a=GOOD), "--trigger", "MYCHAR01", *options)
    assert done.code == 2
    assert says in done.mistake


def test_fix_names_the_file_that_a_full_disk_refuses(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    found = lint(dataset(tmp_path, a=GOOD), "MYCHAR01")
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match=r"a\.txt"):
            fix(found, tmp_path / "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "new").iterdir()) == []


def test_fix_refuses_a_folder_that_is_not_empty(tmp_path):
    with pytest.raises(FluxdiagError, match="not empty"):
        fix(lint(dataset(tmp_path, a="ohwx"), "ohwx"), tmp_path)


def test_fix_goes_on_where_it_was_stopped_and_refuses_what_another_call_wrote(tmp_path):
    photos, out = dataset(tmp_path / "photos", a=GOOD, b="MYCHAR01 with red hair"), tmp_path / "new"
    fix(lint(photos, "MYCHAR01"), out)
    (out / "b.txt").unlink(), (out / "diff.html").unlink()
    assert fix(lint(photos, "MYCHAR01"), out).is_file()
    assert (out / "b.txt").read_text() == "MYCHAR01\n"
    (out / "b.txt").write_text("mine")
    with pytest.raises(FluxdiagError, match="not empty"):
        fix(lint(photos, "MYCHAR01"), out)
    assert (out / "b.txt").read_text() == "mine"


def test_a_set_of_which_nothing_can_be_judged_is_undetermined(fluxdiag, tmp_path):
    dataset(tmp_path, a="eine Frau mit braunen Haaren steht in einem Park", b="一个棕色头发的女人站在公园里")
    assert fluxdiag("captions", "lint", tmp_path, "--trigger", "ohwx").code == 3


def test_other_languages_are_unjudged_and_never_clean(tmp_path):
    dataset(
        tmp_path, a="eine Frau mit braunen Haaren steht in einem Park", b="一个棕色头发的女人站在公园里", c="a woman in a park"
    )
    unjudged = [one.unjudged for one in lint(tmp_path, "ohwx").captions]
    assert unjudged == ["probably German: not judged", "not in Latin script: not judged", None]


@pytest.mark.parametrize(
    ("caption", "problem"),
    [
        ("a woman", "trigger missing"),
        ("", "empty caption"),
        (" \n", "empty caption"),
        ("MYCHAR01, MYCHAR01 in a park", "trigger 2 times"),
        ("MYCHAR01s in a park", "trigger inflected"),
        ("MY CHAR 01 in a park", "trigger split"),
        ("mychar01 in a park", "trigger in other letter case"),
    ],
)
def test_how_the_trigger_is_used(caption, problem):
    assert problem in check("a.txt", caption, "MYCHAR01").problems


def test_copies_and_phrases_that_most_captions_carry(tmp_path):
    same = {f"n{number}": f"ohwx in a white room, photo {number}" for number in range(8)}
    problems = lint(dataset(tmp_path, **same, x="ohwx", y="ohwx"), "ohwx").problems
    assert "2 captions are identical (x.txt, y.txt): ohwx" in problems
    assert not any("white room" in line for line in problems)  # 8 of 10 are not over 80%
    (tmp_path / "x.txt").write_text("ohwx in a white room")
    assert any("white room" in line for line in lint(tmp_path, "ohwx").problems)


@pytest.mark.parametrize(
    ("caption", "who"),
    [("1girl, solo, looking at viewer", "WD14"), ("arafed woman in a park", "BLIP"), ("The image shows a cat.", "Florence-2"),
     ("Photograph of a man.", "JoyCaption")],
)  # fmt: skip
def test_what_wrote_the_captions(tmp_path, caption, who):
    assert who in lint(dataset(tmp_path, a=caption, b=caption), "ohwx").captioner


def test_awkward_files_are_a_line_each_and_the_rest_is_judged(tmp_path):
    dataset(tmp_path, good="ohwx with red hair")
    for name in ("utf16", "latin", "huge", "alone"):
        (tmp_path / f"{name}.png").write_bytes(b"x")
    (tmp_path / "utf16.txt").write_bytes("ohwx".encode("utf-16"))
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    (tmp_path / "huge.txt").write_bytes(b"a" * 10_000_000)
    (tmp_path / "lost.txt").write_text("ohwx")
    (tmp_path / "new\nline 🙂.png").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "_latent_cache").mkdir()
    (tmp_path / "_latent_cache" / "x.png").write_bytes(b"x")
    result = lint(tmp_path, "ohwx")
    text = "\n".join(result.unreadable)
    assert [one.file for one in result.captions] == ["good.txt"]
    assert "utf16.txt: this caption is not UTF-8 text. Save it as UTF-8; it looks like UTF-16" in text
    assert "latin.txt" in text
    assert "huge.txt: 10 MB are no caption" in text
    assert "alone.png: no caption" in text
    assert "lost.txt: no image" in text
    assert "new\\x0aline" in text
    assert all("\n" not in line for line in result.unreadable)


def test_what_was_not_read_of_an_endless_caption_is_said(tmp_path):
    a, b = (f"ohwx. {'The park is wide and green. ' * often}She has red hair." for often in (200, 20))
    endless, long = lint(dataset(tmp_path, a=a, b=b), "ohwx").captions
    assert endless.problems == ("5,623 characters, of which the first 4,000 were read: the base reads about 2,500",)
    assert not endless.spans
    assert not long.problems
    assert [span.text for span in long.spans] == ["red hair"]


def images(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


METADATA = {
    "meta_cap.json": json.dumps({"a": {"caption": "red hair", "tags": "park"}}),
    "metadata.jsonl": '{"file_name": "a.png", "text": "red hair, park"}\n',
    "metadata.csv": 'file_name,text\na.png,"red hair, park"\n',
    "captions.json": json.dumps({"sub/a.png": "red hair, park"}),
}


@pytest.mark.parametrize("name", METADATA)
def test_lists_of_captions(tmp_path, name):
    images(tmp_path, "a.png")
    (tmp_path / name).write_text(METADATA[name])
    assert [one.caption for one in lint(tmp_path, "ohwx").captions] == ["red hair, park"]


def test_kohya_folders_placeholders_and_several_lines(tmp_path):
    images(tmp_path, "10_ohwx woman/a.png", "deep/er/b.png")
    (tmp_path / "deep" / "er" / "b.txt").write_text("[trigger] at night\nohwx by day")
    assert [one.caption for one in lint(tmp_path, "ohwx").captions] == ["ohwx woman", "ohwx at night, ohwx by day"]
    assert [one.caption for one in lint(tmp_path, "ohwx", reads="kohya").captions][1:] == ["ohwx at night"]
    assert [one.caption for one in lint(tmp_path, "ohwx", reads="simpletuner").captions][1:] == ["ohwx at night", "ohwx by day"]


CONFIGS = {
    "dataset.toml": '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "set"\n'
    '[[datasets.subsets]]\nimage_dir = "reg"\nis_reg = true\n',
    "config.yaml": "config:\n  process:\n    - datasets:\n        - folder_path: set\n",
    "backend.json": '[{"id": "a", "instance_data_dir": "set"}]',
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configs_point_at_folders(tmp_path, name):
    (tmp_path / "set").mkdir()
    dataset(tmp_path / "set", a="ohwx")
    (tmp_path / name).write_text(CONFIGS[name])
    assert [one.caption for one in lint(tmp_path / name, "ohwx").captions] == ["ohwx"]


def test_zip_bundles(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as bundle:
        for name in ("a.png", "b.png", "__MACOSX/._a.txt"):
            bundle.writestr(name, "x")
        bundle.writestr("a.txt", "ohwx, red hair")
    result = lint(tmp_path / "set.zip", "ohwx")
    assert [one.rewritten for one in result.captions] == ["ohwx"]
    assert result.unreadable == ("b.png: no caption",)


@pytest.mark.parametrize(
    ("trigger", "least", "most"),
    [("zyx5char", 0, 0.3), ("bnkr7p", 0, 0.3), ("MYCHAR01", 0, 0.3), ("Elena", 0.7, 1), ("warrior", 0.7, 1),
     ("woman", 1, 1), ("sks", 0.7, 1),

     ("ohwx woman", 0, 0.35), ("warriorx", 0.4, 0.5),
     ("elena2", 0.7, 1), ("elena_01", 0.7, 1), ("john_smith", 0.7, 1), ("brad-pitt", 0.7, 1), ("obama2008", 0.7, 1),
     ("sks1", 0.7, 1), ("woman1", 1, 1), ("hero!", 0.7, 1), ("ohwx2", 0, 0.35), ("a1b2c3", 0, 0.3), ("élodie", 0, 0.3),
     ("\N{GRINNING FACE}", 0.7, 1), ("x1", 0.6, 0.6), ("ak47", 0.7, 1)],
)  # fmt: skip
def test_what_the_base_knows_of_a_trigger(trigger, least, most):
    judged = judge_trigger(trigger)
    assert least <= judged.known <= most
    assert judged.reasons
    assert len(set(judged.alternatives)) == 3
    assert all(judge_trigger(free).known < 0.2 for free in judged.alternatives)


@pytest.mark.parametrize("trigger", ["Elena", "nkxo21"])
def test_a_trigger_that_nothing_here_can_judge_is_unknown_and_not_seen(no_vocabulary, tmp_path, trigger):
    judged = judge_trigger(trigger)
    assert (judged.known, judged.seen, judged.alternatives) == (None, False, ())
    (tmp_path / "a.png").touch()
    (tmp_path / "a.txt").write_text(f"{trigger} in a park")
    done = CliRunner().invoke(app, ["lint", str(tmp_path), "--trigger", trigger, "--json"])
    assert json.loads(done.stdout)["trigger_score"]["known"] is None
    assert "trigger: not judged: CLIP's vocabulary is not installed\n" in done.stderr


def test_fix_puts_the_photos_beside_the_new_captions_on_demand(tmp_path):
    source, out = tmp_path / "photos", tmp_path / "new"
    for folder, caption in {"img/10_ohwx woman": "ohwx woman with blue eyes at sea", "reg/1_woman": "a woman"}.items():
        (source / folder).mkdir(parents=True)
        (source / folder / "a.png").write_bytes(folder.encode())
        (source / folder / "a.txt").write_text(caption)
    call = ["fix", str(source), "--trigger", "ohwx woman", "--out", str(out)]
    assert "--with-photos puts them" in CliRunner().invoke(app, call).output
    for _ in range(2):  # the same call goes on
        run = CliRunner().invoke(app, [*call, "--with-photos"])
        assert run.exit_code == 0
        assert "--with-photos" not in run.output
    made = out / "img/10_ohwx woman"
    assert (made / "a.txt").read_text() == "ohwx woman at sea\n"
    assert (made / "a.png").read_bytes() == b"img/10_ohwx woman"
    assert not (out / "reg").exists()
    (made / "a.png").unlink()
    (made / "a.png").write_bytes(b"another picture")
    refused = CliRunner().invoke(app, [*call, "--with-photos"])
    assert isinstance(refused.exception, FluxdiagError)
    assert (made / "a.png").read_bytes() == b"another picture"


def test_photos_of_a_bundle_are_not_put_anywhere(tmp_path):
    (tmp_path / "set.zip").write_bytes(b"")
    with pytest.raises(FluxdiagError, match="only the photos of a folder"):
        photos_of(tmp_path / "set.zip", tmp_path / "new")


@pytest.mark.parametrize("inside", [".", "new", "a/b"])
def test_photos_are_not_copied_into_the_set_that_they_come_from(tmp_path, inside):
    with pytest.raises(FluxdiagError, match="lies inside the set"):
        photos_of(tmp_path, tmp_path / inside)


def test_copies_are_named_and_cut_between_words(tmp_path):
    long = "ohwx woman in a park under tall trees with a dog and a red ball beside a pond"
    (line,) = [one for one in lint(dataset(tmp_path, **dict.fromkeys("abcd", long)), "ohwx").problems if "identical" in one]
    assert (
        line == "4 captions are identical (a.txt, b.txt, c.txt, ...): ohwx woman in a park under tall trees with a dog and a ..."
    )

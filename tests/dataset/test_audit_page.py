"""What comes of an audit: lists, JSON, a page and lines in a terminal. Nothing of the user's is changed or takes effect."""

import errno
import json

import pytest

from fluxdiag.audit import as_line, audit
from fluxdiag.audit_page import LAST, page, summary, write
from fluxdiag.commands.dataset import MOST_LINES
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.records import Audit, Variety
from fluxdiag.errors import FluxdiagError
from fluxdiag.reporting.audited import MOST_IN_A_FINDING, shown
from fluxdiag.runs import write_bytes
from photo_folders import NO_MODELS, audited, digests, everything, jpeg, picture, saved

HOSTILE = "<img src=x onerror=alert(1)>&'\".png"


def found(done):
    return shown(done.audit, lambda name: None).found


def test_nothing_of_the_users_is_changed(folder, tmp_path):
    everything(folder)
    before = digests(folder)
    write(audit(folder, NO_MODELS, cache=Cache(tmp_path / "cache"), references=folder), None, tmp_path / "out")
    assert digests(folder) == before


def test_lists_go_into_a_new_folder_only(folder, tmp_path):
    done = everything(folder)
    out = tmp_path / "out"
    write(done, None, out)
    assert (out / "keep.txt").read_text().splitlines() == list(done.audit.keep)
    assert len((out / "left-out.txt").read_text().splitlines()) == len(done.audit.left_out)
    assert Audit.model_validate_json((out / "audit.json").read_text()) == done.audit
    before = digests(out)
    with pytest.raises(FluxdiagError, match="not empty"):
        write(done, None, out)
    assert digests(out) == before


@pytest.fixture
def call(folder, fluxdiag, tmp_path):
    """The command with a page and lists; the folder of the lists lies there already, as one that is mounted does."""
    (tmp_path / "new").mkdir()
    return lambda: fluxdiag("dataset", "audit", folder, "--html", tmp_path / "page.html", "--out", tmp_path / "new")


def files_in(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_where_the_disk_is_full_nothing_is_left_and_the_same_call_goes_on(call, monkeypatch, tmp_path):
    def full(path, content):
        if path.name == LAST:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_bytes(path, content.encode())

    with monkeypatch.context() as context:
        context.setattr("fluxdiag.audit_page.write_text", full)
        assert "give the command again" in call().mistake
    assert files_in(tmp_path / "new") == []
    assert not (tmp_path / "page.html").exists()
    assert call().err.splitlines() == [f"written: {tmp_path / name}" for name in ("page.html", "new")]
    assert (tmp_path / "new" / LAST).exists()


def killed(call, tmp_path):
    """As SIGKILL leaves it: LAST half written."""
    call()
    (tmp_path / "new" / LAST).rename(tmp_path / "new" / f".{LAST}.0123abcd")
    return digests(tmp_path / "new")


def test_what_a_killed_call_has_left_is_gone_on_from(call, tmp_path):
    there = killed(call, tmp_path)
    assert call().err.startswith("written: ")
    assert digests(tmp_path / "new").items() > there.items()
    assert (tmp_path / "new" / LAST).exists()


@pytest.mark.parametrize("name", ["keep.txt", "mine.txt", "audit.html"])
def test_in_what_a_killed_call_has_left_nothing_of_the_users_is_overwritten(call, tmp_path, name):
    killed(call, tmp_path)
    (tmp_path / "new" / name).write_text("mine")
    assert "this folder is not empty" in call().mistake
    assert (tmp_path / "new" / name).read_text() == "mine"
    assert not (tmp_path / "new" / LAST).exists()


def test_a_page_that_the_user_has_changed_since_is_left_alone(call, tmp_path):
    killed(call, tmp_path)
    (tmp_path / "page.html").write_text("mine")
    assert "there is a file already" in call().mistake
    assert (tmp_path / "page.html").read_text() == "mine"


def test_the_json_has_its_schema(folder):
    done = everything(folder).audit
    said = json.loads(as_line(done))
    assert said["schema"] == 1
    assert "\n" not in as_line(done)
    assert Audit.model_validate(said) == done
    assert said.keys() == {field.alias or name for name, field in Audit.model_fields.items()}
    assert {one["check"] for one in said["findings"]} == said["checks"].keys()
    assert not said["checks"].keys() & said["not_assessed"].keys()


def test_without_models_the_reason_is_told(folder):
    found = audited(folder)
    assert {"head-cropped", "other-person", "one-background"} <= found.not_assessed.keys()
    assert "/no/such/pack" in found.not_assessed["head-cropped"]
    assert "/no/such/clip" in found.not_assessed["one-background"]
    assert any(line.startswith("not assessed: ") for line in summary(found))


def test_nothing_of_the_users_is_markup(tmp_path):
    """Names, captions, the folder, a colour profile's own name."""
    place = tmp_path / "<script>alert(2)<!--"
    place.mkdir()
    (place / HOSTILE.replace("/", "")).write_bytes(jpeg(1))
    (place / "<b>.png").write_bytes(b"no image")
    (place / "<i>.heic").write_bytes(b"")
    (place / "{{ 7 * 7 }}.png").write_bytes(saved(picture(2), "PNG"))
    (place / "{{ 7 * 7 }}.txt").write_text("ohwx <u>woman</u> with brown hair")
    made = page(audit(place, NO_MODELS, references=place))
    for markup in ("<img src=x", "<script", "<b>.png", "<i>", "<u>", "49.png", "<!--"):
        assert markup not in made.replace("<!doctype", "")
    assert "&lt;b&gt;.png" in made
    assert "{{ 7 * 7 }}.png" in made


def test_a_command_is_set_as_code(tmp_path):
    picture(1).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("ohwx woman with brown hair, in a `park`")
    made = page(audit(tmp_path, NO_MODELS))
    assert "<code>fluxdiag captions fix" in made
    assert "`" not in made


def test_a_page_fetches_nothing(folder):
    made = page(everything(folder))
    assert "default-src 'none'" in made
    assert all(part.startswith(("data:", "x")) for part in made.split('src="')[1:])
    assert "http:" not in made
    assert "https:" not in made


def test_what_belongs_together_is_shown_together(folder):
    for number in (1, 2):
        picture(number).save(folder / f"again {number}.jpg", quality=95)
    (pairs,) = (one.shown for one in found(audit(folder, NO_MODELS)) if one.text.title == "The same picture several times")
    assert [[name for name, _ in together.pictures] for together in pairs] == [
        ["again 1.jpg", "good 1.png"],
        ["again 2.jpg", "good 2.png"],
    ]
    assert page(audit(folder, NO_MODELS)).count('class="audit-together"') == 2


def test_many_that_are_alike_are_shown_in_part(tmp_path):
    for number in range(MOST_IN_A_FINDING + 3):
        picture(1).save(tmp_path / f"{number}.png")
    (one,) = (one for one in found(audit(tmp_path, NO_MODELS)) if one.text.title == "The same picture several times")
    assert ([len(together.pictures) for together in one.shown], one.more) == ([MOST_IN_A_FINDING], 3)


def test_a_page_names_a_line_end(folder):
    picture(3).save(folder / "two\nlines.png")
    assert "two\\x0alines.png" in page(audit(folder, NO_MODELS))


def test_the_references_that_were_trained_on_are_named(folder, tmp_path):
    (tmp_path / "references").mkdir()
    picture(9).save(tmp_path / "references" / "new.png")
    none = audit(folder, NO_MODELS, references=tmp_path / "references")
    assert "None of 1 was trained on" in page(none)
    picture(1).save(tmp_path / "references" / "again.png")
    some = audit(folder, NO_MODELS, references=tmp_path / "references")
    assert "    again.png is the same file as good 1.png" in summary(some.audit)
    assert "1 of 2 were trained on" in page(some)


def test_a_finding_shows_some_and_counts_the_rest(tmp_path):
    for number in range(MOST_IN_A_FINDING + 3):
        picture(number).save(tmp_path / f"{number}.jpg", quality=20)
    assert "and 3 more" in page(audit(tmp_path, NO_MODELS))


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_tells_and_its_exit_code_too(folder, fluxdiag):
    done = fluxdiag("dataset", "audit", folder, "--base", "/no/such/base")
    assert done.code == 1
    assert "Few photos" in done.out
    told = fluxdiag("dataset", "audit", folder, "--base", "/no/such/base", "--json")
    assert json.loads(told.out)["images"] == 2


def test_a_name_steers_no_terminal(folder, fluxdiag):
    (folder / "\x1b[31mred\x07.png").write_bytes(b"")
    assert "\x1b" not in fluxdiag("dataset", "audit", folder).out
    assert "\\x1b[31mred\\x07.png" in fluxdiag("dataset", "audit", folder).out


def test_a_name_of_emoji_is_shown_as_it_is(folder, fluxdiag):
    (folder / "👩‍🎤.png").write_bytes(b"")
    assert "👩‍🎤.png: empty" in fluxdiag("dataset", "audit", folder).out


def test_a_terminal_is_not_flooded(folder, fluxdiag):
    for number in range(MOST_LINES + 7):
        (folder / f"{number}.png").write_bytes(b"")
    told = fluxdiag("dataset", "audit", folder).out
    assert told.count("empty: no bytes at all") == MOST_LINES
    assert "and 7 more" in told


def test_the_command_overwrites_nothing(folder, fluxdiag):
    before = digests(folder)
    assert "there is a file already" in fluxdiag("dataset", "audit", folder, "--html", folder / "good 1.png").mistake
    assert "not empty" in fluxdiag("dataset", "audit", folder, "--out", folder).mistake
    assert digests(folder) == before
    told = fluxdiag("dataset", "audit", folder, "--html", folder.parent / "new.html", "--out", folder.parent / "new")
    assert told.err.splitlines() == [f"written: {folder.parent / name}" for name in ("new.html", "new")]
    assert (folder.parent / "new.html").read_text().startswith("<!doctype html>")
    assert (folder.parent / "new" / "keep.txt").exists()


@pytest.mark.parametrize("page", ["new/page.html", "new", "new/../new/page.html"])
def test_a_page_that_would_fill_the_new_folder_is_told_before_anything_is_read(folder, fluxdiag, page):
    told = fluxdiag("dataset", "audit", folder, "--html", folder.parent / page, "--out", folder.parent / "new")
    assert (told.code, told.out) == (2, "")
    assert "--html lies in the folder of --out" in told.mistake
    assert not (folder.parent / "new").exists()


def test_a_folder_that_is_not_there_is_a_sentence(fluxdiag):
    assert "there is no such folder" in fluxdiag("dataset", "audit", "nowhere").mistake


def variety(look):
    return (Variety(aspect="look", effective=look, most="", share=0, of=9, how="thumbnails"),)


WORTH = [
    ({"readable": 19, "distinct": 19, "variety": variety(11.1)}, "19 training photos, worth about 11 that truly differ"),
    ({"readable": 9, "distinct": 7, "variety": variety(6.6)}, "9 training photos (2 of them near-duplicates), worth about 7"),
    ({"readable": 9, "distinct": 7, "variety": ()}, "9 training photos, 2 of them near-duplicates"),
    ({"readable": 1, "distinct": 1, "variety": ()}, "1 training photo, none of them twice"),
]


@pytest.mark.parametrize(("fields", "said"), WORTH)
def test_what_a_set_is_worth_is_one_sentence(folder, fields, said):
    one = everything(folder).audit.model_copy(update=fields)
    assert shown(one, lambda name: None).worth.startswith(said)


def test_the_page_begins_with_what_is_wrong(folder):
    text = page(everything(folder))
    places = [text.index(part) for part in ("<h1>", "that truly differ", 'class="audit-finding', "How varied they are")]
    assert places == sorted(places)

"""Lists of captions: which image a row is about, and the same list with other captions."""

import csv
import io
import json

import pytest

from fluxdiag.dataset.bundles import read_captions
from fluxdiag.dataset.lists import table


def touched(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return [folder / name for name in names]


def texts(folder):
    return {one.name: one.text for one in read_captions(folder).found}


BOTH = {"day/1.png": "by day", "night/1.png": "by night"}


@pytest.mark.parametrize("before", ["", "{folder}/", "/another/machine/set/", "C:\\old\\set\\"])
@pytest.mark.parametrize("kind", ["meta_cap.json", "captions.json", "metadata.jsonl", "metadata.csv"])
def test_photos_of_one_name_in_two_folders_keep_their_captions(tmp_path, kind, before):
    touched(tmp_path, *BOTH)
    rows = {before.format(folder=tmp_path) + name: text for name, text in BOTH.items()}
    (tmp_path / kind).write_text(written(kind, rows))
    assert texts(tmp_path) == BOTH


def written(kind, rows):
    match kind:
        case "meta_cap.json":
            return json.dumps({name: {"caption": text} for name, text in rows.items()})
        case "captions.json":
            return json.dumps(rows)
        case "metadata.jsonl":
            return "\n".join(json.dumps({"file_name": name, "text": text}) for name, text in rows.items())
        case _:
            return "\n".join(["file_name,text", *(f"{name},{text}" for name, text in rows.items())])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"1.png": "whose?"}, {}),
        ({"1": "whose?"}, {}),
        ({"day/1": "by day"}, {"day/1.png": "by day"}),
        ({"elsewhere/2.png": "the only one"}, {"2.png": "the only one"}),
        ({"2": "the only one"}, {"2.png": "the only one"}),
        ({"old/2.png": "one", "new/2.png": "another"}, {}),
        ({"old/2.png": "one", "new/2.png": "another", "2.png": "its own"}, {"2.png": "its own"}),
        ({"2.png": "the one", "2.png.jpg": "another"}, {"2.png": "the one"}),
        ({"3.png": "by night", "": "nobody's", "/": "nobody's"}, {}),
    ],
)
def test_a_bare_name_counts_where_it_is_the_only_one(tmp_path, rows, found):
    touched(tmp_path, *BOTH, "2.png")
    (tmp_path / "captions.json").write_text(json.dumps(rows))
    assert texts(tmp_path) == found


def test_rows_that_fit_nothing_or_several_are_told(tmp_path):
    touched(tmp_path, *BOTH, "2.png")
    (tmp_path / "captions.json").write_text(json.dumps({"1.png": "whose?", "gone.png": "x", "2.png": "mine", "version": "3"}))
    assert "captions.json: 2 of its rows name no image here, or one of several" in read_captions(tmp_path).problems


def test_every_split_has_its_own_list(tmp_path):
    touched(tmp_path, "train/1.png", "test/1.png", "test/2.png")
    for split in ("train", "test"):
        (tmp_path / split / "metadata.jsonl").write_text(json.dumps({"file_name": "1.png", "text": split}))
    (tmp_path / "test/metadata.parquet").touch()
    found = read_captions(tmp_path)
    assert texts(tmp_path) == {"train/1.png": "train", "test/1.png": "test"}
    assert found.problems == (
        "test/metadata.parquet: cannot be read (not read in this format: save it as metadata.jsonl or metadata.csv)",
        "test/2.png: no caption",
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("captions.json", '["red hair", 3]', "2 of its rows name no image at all"),
        ("captions.json", "3", "cannot be read"),
        ("metadata.jsonl", '"red hair"\n7\n{"text": "no name"}\n', "3 of its rows name no image at all"),
        ("metadata.jsonl", "{", "line 1 is no JSON"),
        ("metadata.jsonl", "[" * 200_000, "line 1 is no JSON"),
        ("metadata.json", "[" * 200_000, "cannot be read (nested too deeply)"),
        ("metadata.csv", "file_name,text\n\x00", None),
        ("dataset.json", '{"name": "mine", "size": 3, "of": null}', None),
        ("dataset.json", '{"a": null, "a.png": 3}', None),
    ],
)
def test_what_is_no_list_is_a_line(tmp_path, name, content, says):
    touched(tmp_path, "a.png")
    (tmp_path / name).write_text(content)
    problems = read_captions(tmp_path).problems
    assert problems[-1] == "a.png: no caption"
    assert any(line.startswith(f"{name}: ") and says in line for line in problems) if says else True


BROKEN = {
    "jsonl": ("metadata.jsonl", '{"file_name": "a.png", "text": "one"}\n{bad\n\n{"file_name": "c.png", "text": "two"}',
              ["line 2 is no JSON, and passed over"]),
    "jsonl, many": ("metadata.jsonl",
                    '{"file_name": "a.png", "text": "one"}\n' + "{\n" * 9 + '{"file_name": "c.png", "text": "two"}',
                    ["9 lines are no JSON (2, 3, 4, 5, 6, ...), and passed over"]),
    "csv, to the end": ("metadata.csv", 'file_name,text\na.png,one\nb.png,"lost\nc.png,two',
                        ["line 3 is no row, and passed over"]),
    "csv, to the next quote": ("metadata.csv", 'file_name,text\na.png,one\nb.png,"lost\nc.png,"two"\n',
                               ["line 3 is no row, and passed over"]),
    "csv, two": ("metadata.csv", 'file_name,text\nb.png,"x\na.png,one\nd.png,"y\nc.png,two\n',
                 ["line 2 is no row, and passed over", "line 4 is no row, and passed over"]),
    "csv, endless": ("metadata.csv", 'file_name,text\na.png,one\nb.png,"' + "x" * 200_000 + "\nc.png,two\n",
                     ["line 3 is no row, and passed over"]),
    "a caption of two lines": ("metadata.csv", 'file_name,text\na.png,one\nc.png,"two\n"\n', []),
    "quotes within": ("metadata.csv", 'file_name,text\na.png,"one"\nc.png,"tw"o\n', []),
    "a short row": ("metadata.csv", 'file_name,text\na.png,one\nb.png\n\nc.png,two,three\n', []),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_row_is_named_and_the_others_are_read(tmp_path, kind):
    touched(tmp_path, "a.png", "c.png")
    name, content, says = BROKEN[kind]
    (tmp_path / name).write_text(content)
    found = read_captions(tmp_path)
    assert {one.name: one.text.strip() for one in found.found} == {"a.png": "one", "c.png": "two"}
    assert [line for line in found.problems if "passed over" in line] == [f"{name}: {line}" for line in says]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("metadata.jsonl", '{"file_name": "1_ohwx/a.png", "text": "at sea"\n{"file_name": "1_ohwx/b.png", "text": "b"}\n'),
        ("metadata.json", '[{"file_name": "1_ohwx/a.png", "text": "at sea"'),
        ("meta_cap.json", '{"a": {"caption": "at sea"}'),
        ("metadata.csv", 'file_name,text\n1_ohwx/a.png,"at sea\n1_ohwx/b.png,b\n'),
    ],
)
def test_the_folders_name_is_not_put_in_the_place_of_a_caption_that_cannot_be_read(tmp_path, name, content):
    touched(tmp_path, "1_ohwx/a.png", "1_ohwx/b.png", "1_ohwx/c.png")
    (tmp_path / name).write_text(content)
    found = read_captions(tmp_path)
    assert "1_ohwx/a.png: no caption" in found.problems
    assert {one.name: one.text for one in found.found} == {
        "1_ohwx/b.png": "ohwx" if name.endswith(".json") else "b",
        "1_ohwx/c.png": "ohwx",
    }


# ------------------------------------------------------------------------------------------------ with other captions


def test_a_list_is_written_as_it_was_but_for_the_captions(tmp_path):
    a, b = touched(tmp_path, "a.png", "b.png")
    new = {a: "new a", b: "new, b"}

    def again(name, content):
        (tmp_path / name).write_text(content)
        return table(tmp_path / name, [a, b]).rewritten(new)

    rows = [{"file_name": "a.png", "text": "old", "size": 3}, {"file_name": "gone.png", "text": "red hair"}]
    assert again("metadata.jsonl", "\n".join(map(json.dumps, rows))) == '{"file_name": "a.png", "text": "new a", "size": 3}\n'
    assert json.loads(again("metadata.json", json.dumps(rows))) == [rows[0] | {"text": "new a"}]
    made = again("metadata.csv", "file_name,text,size\na.png,old,3\nb.png,old,4\n")
    assert list(csv.reader(io.StringIO(made))) == [
        ["file_name", "text", "size"],
        ["a.png", "new a", "3"],
        ["b.png", "new, b", "4"],
    ]
    empty = [{"file_name": "a.png", "text": "", "caption": ""}, {"file_name": "b.png"}]
    assert json.loads(again("dataset.json", json.dumps(empty))) == [empty[0] | {"text": "new a"}, empty[1]]
    kohya = {"a": {"caption": "old", "tags": "red hair", "train_resolution": [8, 8]}, "b": {"tags": "red hair"}}
    assert json.loads(again("meta_cap.json", json.dumps(kohya))) == {
        "a": {"caption": "new a", "tags": "", "train_resolution": [8, 8]},
        "b": {"tags": "new, b"},
    }
    toolkit = {"a.png": {"caption": "old", "caption_short": "red hair"}, "b.png": "red hair"}
    assert json.loads(again("captions.json", json.dumps(toolkit))) == {
        "a.png": {"caption": "new a", "caption_short": "new a"},
        "b.png": "new, b",
    }

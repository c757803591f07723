"""A set of several folders, of a bundle, of a config that says more than folders: each photo and caption once, under one name."""

import json
import zipfile

import pytest
from PIL import Image

from fluxdiag.dataset import bundles
from fluxdiag.dataset.bundles import read_captions
from fluxdiag.dataset.photos import read_set
from fluxdiag.errors import FluxdiagError
from photo_folders import audited, picture


def photos(folder, **captions):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in captions.items():
        Image.new("RGB", (8, 8)).save(folder / f"{name}.png")
        (folder / f"{name}.txt").write_text(text)
    return folder


def texts(found):
    return {one.name: one.text for one in found.found}


def config(folder, *places, more=""):
    subsets = "".join(f'[[datasets]]\ncaption_extension = ".txt"\n[[datasets.subsets]]\nimage_dir = "{one}"\n' for one in places)
    (folder / "set.toml").write_text(subsets + more)
    return folder / "set.toml"


# ------------------------------------------------------------------------------------------------ each once


@pytest.mark.parametrize(
    ("places", "names"),
    [
        (("one", "two"), ["one/0.txt", "two/0.txt"]),
        (("a/img", "b/img"), ["a/img/0.txt", "b/img/0.txt"]),
        (("one", "one/../one", "one"), ["0.txt"]),
        (("one", "one/deeper"), ["0.txt", "deeper/0.txt"]),
        (("one/deeper", "one"), ["0.txt", "deeper/0.txt"]),
    ],
)
def test_folders_of_a_config_never_share_a_name_and_are_read_once(tmp_path, places, names):
    for place in places:
        photos(tmp_path / place, **{"0": f"ohwx in {place}"})
    source = config(tmp_path, *places)
    assert sorted(texts(read_captions(source))) == names
    assert len(read_set(source).photos) == len(names)


def test_a_folder_and_a_link_to_it_are_one(tmp_path):
    photos(tmp_path / "one", a="ohwx")
    (tmp_path / "again").symlink_to(tmp_path / "one")
    assert list(texts(read_captions(config(tmp_path, "one", "again")))) == ["a.txt"]


def test_a_folder_for_every_resolution_is_audited_once(tmp_path):
    (tmp_path / "img").mkdir()
    for number in range(3):
        picture(number).save(tmp_path / f"img/{number}.png")
    (tmp_path / "st.json").write_text(json.dumps([{"id": size, "instance_data_dir": "img"} for size in ("512", "768", "1024")]))
    found = audited(tmp_path / "st.json")
    assert (found.images, found.distinct, found.left_out) == (3, 3, {})
    assert found.keep == ("0.png", "1.png", "2.png")


def test_two_extensions_of_one_folder_are_both_read_and_its_photos_once(tmp_path):
    photos(tmp_path / "img", a="ohwx from txt")
    (tmp_path / "img/a.caption").write_text("ohwx from caption")
    more = '[[datasets]]\ncaption_extension = ".caption"\n[[datasets.subsets]]\nimage_dir = "img"\n'
    source = config(tmp_path, "img", more=more)
    assert texts(read_captions(source)) == {"a.txt": "ohwx from txt", "a.caption": "ohwx from caption"}
    assert len(read_set(source).photos) == 1


# ------------------------------------------------------------------------------------------------ what a config says


def test_an_audit_judges_the_captions_that_the_config_names_and_no_masks(tmp_path):
    photos(tmp_path / "img", a="ohwx woman with brown hair")
    (tmp_path / "img/a.caption").write_text("ohwx woman at sea")
    photos(tmp_path / "img/mask_imgs", a="")
    text = '[[datasets]]\ncaption_extension = ".caption"\n[[datasets.subsets]]\nimage_dir = "img"\n'
    (tmp_path / "set.toml").write_text(text + 'conditioning_data_dir = "img/mask_imgs"\n')
    found = audited(tmp_path / "set.toml", trigger="ohwx woman")
    assert (found.images, found.described) == (1, (0, 1))
    assert audited(tmp_path / "img", trigger="ohwx woman").described == (1, 2)  # the folder alone does not say so


def onetrainer(folder, **more):
    (folder / "concepts.json").write_text(json.dumps([{"path": "mine"}, {"path": "mine/others", **more}]))
    return folder / "concepts.json"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"type": "PRIOR_PREDICTION"}, "pictures of ordinary people"),
        ({"type": "VALIDATION"}, "it is for validation"),
        ({"enabled": False}, "switched it off"),
        ({"disabled": True}, "switched it off"),
        ({"prior_reg": True}, "pictures of ordinary people"),
        ({"dataset_type": "conditioning"}, "conditioning is no set of photos"),
    ],
)
def test_concepts_of_which_nothing_is_learned_are_left_alone(tmp_path, more, why):
    """Also where they lie inside a folder of which something is."""
    photos(tmp_path / "mine", a="ohwx")
    photos(tmp_path / "mine/others", b="a woman")
    source = onetrainer(tmp_path, **more)
    found = read_captions(source, "ohwx")
    assert texts(found) == {"a.txt": "ohwx"}
    assert any(line.startswith("mine/others/: left as it is") and why in line for line in found.problems)
    assert len(read_set(source).photos) == 1
    assert (audited(source).images, [one for one in audited(source).findings if one.check == "captions"]) == (1, [])


@pytest.mark.parametrize("more", [{"type": "STANDARD", "enabled": True}, {"disabled": False, "dataset_type": "image"}, {}])
def test_concepts_that_are_learned_are_read(tmp_path, more):
    photos(tmp_path / "mine", a="ohwx")
    photos(tmp_path / "mine/others", b="ohwx too")
    assert set(texts(read_captions(onetrainer(tmp_path, **more)))) == {"a.txt", "others/b.txt"}


def test_a_kohya_config_that_says_no_extension_reads_only_its_own(tmp_path):
    photos(tmp_path / "img", a="ohwx", b="ohwx from txt")
    (tmp_path / "img/b.caption").write_text("ohwx from caption")
    (tmp_path / "set.toml").write_text('[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\n')
    found = read_captions(tmp_path / "set.toml")
    assert texts(found) == {"a.txt": "ohwx", "b.caption": "ohwx from caption"}
    assert found.problems == (f"img/: {bundles.NOT_SAID}",)
    (tmp_path / "img/a.caption").write_text("ohwx")
    assert read_captions(tmp_path / "set.toml").problems == ()
    (tmp_path / "a.yaml").write_text("datasets: [{folder_path: img}]")  # ai-toolkit's own is .txt
    assert (texts(read_captions(tmp_path / "a.yaml"))["b.txt"], read_captions(tmp_path / "a.yaml").problems) == (
        "ohwx from txt",
        (),
    )


def test_a_folder_that_is_gone_is_named(tmp_path):
    photos(tmp_path / "img", a="ohwx")
    source = config(tmp_path, "img", "gone")
    assert read_captions(source).problems == ("gone: no such folder",)
    assert [(one.files, one.says) for one in audited(source).findings if one.check == "unreadable"] == [
        (("gone",), "no such folder")
    ]
    with pytest.raises(FluxdiagError, match="gone: no such folder"):
        read_set(source)
    assert read_set(config(tmp_path, "img")).photos


# ------------------------------------------------------------------------------------------------ bundles


def zipped(file, **members):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return file


def test_a_bundle_is_read_as_the_folder_that_it_was_made_from(tmp_path):
    said = {"file_name": "x.png", "text": "ohwx woman with brown hair"}
    members = {
        "x.png": "", "metadata.jsonl": json.dumps(said), "10_ohwx woman/y.png": "", "z.png": "", "z.txt": "ohwx",
        "z-masklabel.png": "", "masks/z.png": "", "__MACOSX/._z.png": "", "._z.png": "",
    }  # fmt: skip
    found = read_captions(zipped(tmp_path / "set.zip", **members))
    assert texts(found) == {"x.png": said["text"], "10_ohwx woman/y.png": "ohwx woman", "z.txt": "ohwx"}
    assert found.problems == ()


def test_a_damaged_member_is_named_and_the_rest_is_read(tmp_path):
    file = zipped(tmp_path / "set.zip", **{"a.png": b"", "a.txt": b"ohwx " * 50, "b.png": b"", "b.txt": b"ohwx at sea"})
    raw = bytearray(file.read_bytes())
    start = zipfile.ZipFile(file).getinfo("a.txt").header_offset + 30 + len("a.txt")
    raw[start : start + 4] = b"\xff\xff\xff\xff"
    file.write_bytes(raw)
    found = read_captions(file)
    assert texts(found) == {"b.txt": "ohwx at sea"}
    assert "a.txt: damaged inside the bundle" in found.problems
    assert [one.files for one in audited(file).findings if one.check == "unreadable" and "inside" in one.says] == [("a.txt",)]


def test_names_that_lead_out_of_a_bundle_stay_inside(tmp_path):
    found = read_captions(
        zipped(tmp_path / "set.zip", **{"/etc/x.png": "", "/etc/x.txt": "ohwx", "../y.png": "", "../y.txt": "too"})
    )
    assert texts(found) == {"etc/x.txt": "ohwx", "y.txt": "too"}


# ------------------------------------------------------------------------------------------------ lines, names


@pytest.mark.parametrize(
    ("text", "flowing"),
    [
        ("ohwx woman\nstanding in a park\nbrown hair\nsunny day", "ohwx woman, standing in a park, brown hair, sunny day"),
        ("ohwx woman,\nbrown hair\r\n\r\nsunny day", "ohwx woman, brown hair, sunny day"),
        ("She smiles.\n\nShe wears a hat.", "She smiles. She wears a hat."),
        ("ohwx woman with\nbrown hair", "ohwx woman with brown hair"),
        ("ohwx woman stands beside a river at night\nbrown hair", "ohwx woman stands beside a river at night, brown hair"),
        ("a woman stands beside a wide river, her long\nbrown hair moves in the wind, and the sun goes\ndown over the hills",
         "a woman stands beside a wide river, her long brown hair moves in the wind, and the sun goes down over the hills"),
    ],
)  # fmt: skip
def test_a_phrase_ends_with_its_line_unless_the_text_is_wrapped(text, flowing):
    assert bundles.whole(text) == flowing


def test_a_backslash_in_the_trigger_is_a_backslash(tmp_path):
    photos(tmp_path / "img", a="[trigger] at sea")
    assert texts(read_captions(tmp_path / "img", r"oh\wx")) == {"a.txt": r"oh\wx at sea"}


def test_a_caption_that_kohya_finds_by_a_shorter_name_is_no_orphan(tmp_path):
    photos(tmp_path, f_0001_1_2_3="")
    (tmp_path / "f_0001_1_2_3.txt").rename(tmp_path / "f.txt")
    (tmp_path / "lost.txt").write_text("ohwx")
    assert read_captions(tmp_path).problems == ("lost.txt: no image of this name",)

"""The page of both sides of the captions, as it is read on a small screen and a dark one."""

import re
from dataclasses import replace

from fluxdiag.captions import lint
from fluxdiag.records import Span
from fluxdiag.reporting.captions_diff import page_of


def test_it_is_made_for_small_and_dark_screens(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "a.txt").write_text("ohwx woman with green eyes in a park")
    page = page_of(lint(tmp_path, "ohwx woman"))
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert '<td data-side="After">ohwx woman in a park</td>' in page


def test_its_sentences_stand_apart(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "a.txt").write_text("ohwx woman in a park")
    result = lint(tmp_path, "ohwx woman")
    said = re.sub(r"<[^>]+>", "", page_of(result)).replace("&#39;", "'")
    for reason in result.trigger_score.reasons:
        assert f" {reason}." in said


def test_no_caption_is_shown_twice_where_two_phrases_overlap_nor_cut_where_it_is_long(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "a.txt").write_text("ohwx woman, long red hair, " + "in a park, " * 300 + "at dusk")
    result = lint(tmp_path, "ohwx woman")
    (one,) = result.captions
    spans = (Span(start=12, end=25, text="long red hair", kind="hair"), Span(start=17, end=25, text="red hair", kind="hair"))
    page = page_of(replace(result, captions=(replace(one, spans=spans),)))
    before = re.search('<td data-side="Before">(.*)</td>', page)[1]
    assert re.sub(r"<[^>]+>", "", before) == one.caption
    assert before.count("<mark") == 1

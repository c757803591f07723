"""Other people's text in other people's formats: a trigger or a file name stays text in a terminal, in Markdown, in XML."""

from __future__ import annotations

import re

from fluxdiag.reporting.words import reason

LONGEST = 300
"""characters of one text; these outputs are read at a glance, the whole text is in the JSON"""
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""what XML 1.0 allows in no form, not even escaped (section 2.2)"""
NOT_PLAIN = re.compile(r"[^\w .,:;%+/()=-]")


def line(value: object) -> str:
    """One line, unseen characters spelt out, folders cut off. `##[` would be a command to GitHub's runner anywhere in a line."""
    whole = " ".join(reason(value).split())
    cut = whole if len(whole) <= LONGEST else whole[:LONGEST] + "…"
    return cut.replace("##[", "## [")


def code(value: object) -> str:
    """A Markdown code span whose fence is longer than any in the text. Inside, nothing is markup; not for table cells."""
    inside = line(value).replace("<!--", "< !--").replace("-->", "-- >")
    fence = "`" * (max((len(run) for run in re.findall("`+", inside)), default=0) + 1)
    # Markdown takes one blank off each end: it is needed beside a backtick, and also where the text has blanks of its own.
    pad = " " if not inside or inside[0] in "` " or inside[-1] in "` " else ""
    return f"{fence}{pad}{inside or '(empty)'}{pad}{fence}"


def plain(value: object) -> str:
    """Our own words and numbers, for a table cell: a unit from a file that someone wrote by hand cannot end the cell."""
    return NOT_PLAIN.sub("", line(value))


def xml_text(value: object) -> str:
    """Lines are kept; what XML forbids is dropped. Escaping is the writer's."""
    return NOT_XML.sub("", reason(value))

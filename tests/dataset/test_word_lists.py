"""The lists of words as they are written: none says a word twice, so that whoever takes one out has taken it out."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import fluxdiag.dataset

FILES = sorted(Path(fluxdiag.dataset.__file__).parent.rglob("*.py"))


def lists_in(file: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, words) of each `words("...")`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name("words") | ast.Attribute(attr="words"), args=[ast.Constant(str(text))]):
                yield node.lineno, text.split()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_list_says_a_word_twice(file: Path) -> None:
    twice = {line: [word for word, count in Counter(words).items() if count > 1] for line, words in lists_in(file)}
    assert {line: words for line, words in twice.items() if words} == {}


def test_the_lists_are_found_at_all() -> None:
    assert sum(len(words) for file in FILES for _, words in lists_in(file)) > 5000

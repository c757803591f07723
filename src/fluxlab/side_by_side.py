"""Work on many cells at once, a process each: what fails costs its cell, not the grid."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Task], Result], todo: Sequence[Task], jobs: int, name: Callable[[Task], str]
) -> Iterator[tuple[str, Task, Result]]:
    """`3/28`, task and result of each that succeeds, as they end; the others are said with what went wrong.

    A process ends with its task: what it holds of memory does not pile up over days.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        pending = {pool.submit(work, task): task for task in todo}
        for count, future in enumerate(as_completed(pending), start=1):
            task, place = pending[future], f"{count}/{len(todo)}"
            if (error := future.exception()) is not None:
                say(f"{place} {name(task)}: FAILED: {error}")
            else:
                yield place, task, future.result()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

"""Pieces of work given to an executor, a few at a time, whatever becomes of its workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_IN_FLIGHT = 64  # pieces with the executor at a time, which bounds memory


def spread(
    executor: Executor | None,
    work: Callable[[Piece], Result],
    pieces: Iterable[Piece],
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, Result]]:
    """Do work on each piece, here or by an executor.

    Parameters
    ----------
    executor : concurrent.futures.Executor or None
        None: here, in order.
    work : callable
        A function that can be pickled.
    pieces : iterable
        Made only when there is room for them.
    stop : callable
        Asked before each piece; true ends the work.

    Yields
    ------
    int, object
        Number of the piece and its result, in any order.

    Notes
    -----
    When the executor breaks, what it did not finish is done here.
    """
    numbered = enumerate(pieces)
    if executor is None:
        yield from _here(work, numbered, stop)
        return
    waiting: dict[Future[Result], int] = {}
    pending: dict[int, Piece] = {}
    try:
        while not stop():
            for number, piece in islice(numbered, _IN_FLIGHT - len(waiting)):
                pending[number] = piece
                waiting[executor.submit(work, piece)] = number
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                number = waiting.pop(future)
                del pending[number]
                yield number, result
    except BrokenExecutor:
        yield from _here(work, iter(pending.items()), stop)
        yield from _here(work, numbered, stop)
    finally:
        for future in waiting:
            future.cancel()


def _here(
    work: Callable[[Piece], Result],
    numbered: Iterator[tuple[int, Piece]],
    stop: Callable[[], bool],
) -> Iterator[tuple[int, Result]]:
    while not stop():
        for number, piece in islice(numbered, 1):
            yield number, work(piece)
            break
        else:
            return

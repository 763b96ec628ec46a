"""A Dask cluster as an executor, where the cluster extra is installed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from matching.errors import ProblemError

_ATTEMPTS = 3


@contextmanager
def cluster_executor(address: str, timeout_s: float = 10.0) -> Iterator[Executor]:
    """Connect to a Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://host:8786``. Workers need the same versions of this package.
    timeout_s : float
        How long to wait for an answer, in seconds.

    Yields
    ------
    concurrent.futures.Executor
        Work of a worker that is lost is done again by another.

    Raises
    ------
    ProblemError
        The cluster extra is not installed, or nobody answers.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise ProblemError("needs the cluster extra: pip install .[cluster]") from None
    try:
        client = distributed.Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as wrong:
        raise ProblemError(f"no scheduler answers at {address}: {wrong}") from None
    with client:
        yield _ClusterExecutor(client)


class _ClusterExecutor(Executor):
    """Submits through a Dask client; its futures are made into those of the standard library."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function on the cluster."""
        outer: Future[Any] = Future()
        outer.set_running_or_notify_cancel()
        self._start(outer, _ATTEMPTS, (fn, args, kwargs))
        return outer

    def _start(self, outer: Future[Any], attempts: int, work: tuple[Any, Any, Any]) -> None:
        fn, args, kwargs = work

        def finish(done: Any) -> None:
            try:
                result = done.result()
            except ProblemError as wrong:
                outer.set_exception(wrong)
            except Exception as lost:
                # A worker may be lost after its work is done and before the result is fetched.
                if attempts > 1 and self.client.status == "running":
                    self._start(outer, attempts - 1, work)
                else:
                    outer.set_exception(lost)
            else:
                outer.set_result(result)

        inner = self.client.submit(fn, *args, pure=False, retries=_ATTEMPTS, **kwargs)
        outer.inner = inner  # type: ignore[attr-defined]  # kept: a dropped future is cancelled
        inner.add_done_callback(finish)

"""Time limits that also hold for what cannot be interrupted: a DNS look-up, a disk that does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

CHECK_S = 5.0  # for one check
ANSWER_S = 4.0  # for one answer within it, so that the check can still name the one that is missing


class DaemonExecutor(ThreadPoolExecutor):
    """An executor of daemon threads, so that a stuck one does not keep the program from ending."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        ended: Future[T] = Future()
        threading.Thread(target=_run, args=(ended, work, args, kwargs), daemon=True).start()
        return ended


def _run(ended: Future[Any], work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not ended.set_running_or_notify_cancel():
        return
    try:
        ended.set_result(work(*args, **kwargs))
    except BaseException as error:
        ended.set_exception(error)

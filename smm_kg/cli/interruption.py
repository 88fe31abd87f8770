"""Ctrl-C ends a run at once, also during a long computation outside of Python.

The interpreter notices an interrupt only between two steps of its own. A query that the store computes for
minutes would not be interrupted, so a second thread waits for the signal and, when the first has not ended by
itself, removes unfinished files and leaves.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

__all__ = ["ending_promptly"]

_GRACE = 1.0  # seconds in which the main thread may end by itself
_INTERRUPTED = 130


@contextlib.contextmanager
def ending_promptly() -> Iterator[None]:
    """While the block runs, an interrupt ends the process within a second."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    ended = threading.Event()
    threading.Thread(target=_wait, args=(heard, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        os.close(told)  # wakes the thread, which closes the other end


def _wait(heard: int, ended: threading.Event) -> None:
    try:
        while number := os.read(heard, 1):
            if number[0] == signal.SIGINT and not ended.wait(_GRACE):
                _leave()
    finally:
        os.close(heard)


def _leave() -> None:
    from smm_kg.atomic import discard_unfinished

    discard_unfinished()
    with contextlib.suppress(OSError):
        os.write(2, b"smm-kg: interrupted\n")
    os._exit(_INTERRUPTED)

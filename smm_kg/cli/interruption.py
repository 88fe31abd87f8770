"""Ctrl-C ends a run at once, also during a long computation outside of Python.

The interpreter notices an interrupt only between two steps of its own. A query that the store computes for
minutes would not be interrupted, so a second thread waits for the signal and, when the first has not ended by
itself, removes unfinished files and leaves. A limit of time works in the same way.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

__all__ = ["ending_after", "ending_promptly"]

_GRACE = 1.0  # seconds in which the main thread may end by itself
_INTERRUPTED = 130
_WRONG_USE = 2


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
    if hasattr(os, "set_blocking"):  # which Windows has from Python 3.12
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


@contextlib.contextmanager
def ending_after(seconds: float | None) -> Iterator[None]:
    """End the process with an error if the block takes longer; None is no limit."""
    if seconds is None:
        yield
        return
    what = f"no answer within {seconds:g} s; ask for less, or give it more time with --timeout"
    timer = threading.Timer(seconds, _leave, (what, _WRONG_USE))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _wait(heard: int, ended: threading.Event) -> None:
    try:
        while number := os.read(heard, 1):
            if number[0] == signal.SIGINT and not ended.wait(_GRACE):
                _leave("interrupted", _INTERRUPTED)
    finally:
        os.close(heard)


def _leave(why: str, code: int) -> None:
    from smm_kg.atomic import discard_unfinished

    discard_unfinished()
    with contextlib.suppress(OSError):
        os.write(2, f"smm-kg: {why}\n".encode())
    os._exit(code)

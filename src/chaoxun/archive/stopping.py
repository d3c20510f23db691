"""Ctrl-C and SIGTERM as a flag that a run looks at between two pieces of work, so that it stops with nothing half done.

`with stopping() as stop:` around a run whose `Job` asks `stop.is_set`; afterwards `stop.exit_code` tells how to end.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_SECONDS = 8.0
"""How long the piece of work at hand may go on after a signal.  Goal G10 is 10 s in all; two are for the exit."""

_EXIT_CODES = {int(signal.SIGINT): 130, int(signal.SIGTERM): 143}


class Stop:
    """Whether to stop, and with which exit code."""

    def __init__(self) -> None:
        self.exit_code = 0
        """0 = no signal came, 130 after SIGINT, 143 after SIGTERM."""

    def is_set(self) -> bool:
        """True once a signal came."""
        return self.exit_code != 0


@contextmanager
def stopping(*, grace_seconds: float = GRACE_SECONDS) -> Iterator[Stop]:
    """A `Stop` that the two signals set while the context lasts.

    A second signal raises KeyboardInterrupt at once.  Work that does not come back within the grace period is cut off
    by leaving the process: a store survives that, as it survives kill -9.  Main thread only.
    """
    stop, timers = Stop(), list[threading.Timer]()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.exit_code = _EXIT_CODES[number]
        timer = threading.Timer(grace_seconds, os._exit, [stop.exit_code])
        timer.daemon = True
        timer.start()
        timers.append(timer)

    before = {number: signal.signal(number, handle) for number in _EXIT_CODES}
    try:
        yield stop
    finally:
        for timer in timers:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)

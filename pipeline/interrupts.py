"""Ctrl-C and a polite kill are not lost.

Python drops an exception that a signal's handler raises while a destructor or a callback runs, and Ray's references
have many.  So the handler also leaves word, and whoever waits for long looks.
"""

import signal
import threading
from types import FrameType
from typing import NoReturn

_told = threading.Event()


def listen() -> None:
    """From now on both signals raise KeyboardInterrupt in the main thread; an ignored Ctrl-C stays ignored."""
    _told.clear()
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)


def check() -> None:
    """Raises KeyboardInterrupt if this process was told to stop."""
    if _told.is_set():
        raise KeyboardInterrupt


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    _told.set()
    raise KeyboardInterrupt

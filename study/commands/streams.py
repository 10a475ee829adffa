"""Standard streams no study depends on: every sign can be printed, a closed pipe does no harm."""

import codecs
import errno
import io
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

from search_spaces.faults import printable

# What stands for signs that an encoding lacks.
_PLAIN = dict(zip("▁▂▃▄▅▆▇█–−…×", "_.-:=+*#--~x", strict=True))
ERRORS = "dense-study-plain"
_NARROWEST, _WIDEST, _PIPE = 40, 100, 80


def plain_signs(error: UnicodeError) -> tuple[str, int]:
    """Put what an encoding can print in place of what it cannot; an error handler of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in signs), error.end


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print lines that may hold text from outside: what could take over a terminal is escaped.

    Names of files, classes and studies may hold control characters and bytes that are no UTF-8.
    """
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=err, nl=nl)


def page_width() -> int:
    """Return how wide a text on standard output may be, in columns."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE
    return max(_NARROWEST, min(_WIDEST, width))


codecs.register_error(ERRORS, plain_signs)


class LastingOutput(io.RawIOBase):
    """Write to a file descriptor as long as that can be; `error` is why it no longer can.

    What nobody can read any more ends no study: only the program's exit code tells.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.error: OSError | None = None

    def writable(self) -> bool:
        """Return True, as long as it is open."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether a terminal is behind it."""
        return os.isatty(self._descriptor)

    def write(self, content: Any, /) -> int:
        """Write all of it, or nothing once it was in vain."""
        left = memoryview(content).cast("B")
        while left and self.error is None:
            try:
                left = left[os.write(self._descriptor, left) :]
            except OSError as error:
                self.error = error
        return len(content)


def lasting_streams() -> Callable[[], OSError | None]:
    """Replace standard output and error; return what says why the output was lost, if it was.

    A reader that went away (`| head`) counts as no loss.
    """
    outputs = []
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            continue  # closed by whoever started us
        stream.flush()
        output = LastingOutput(stream.fileno())
        text = io.TextIOWrapper(
            io.BufferedWriter(output), stream.encoding, ERRORS, line_buffering=True
        )
        setattr(sys, name, text)
        outputs.append(output)

    def lost() -> OSError | None:
        for name in ("stdout", "stderr"):
            if (stream := getattr(sys, name)) is not None:
                stream.flush()
        first = outputs[0].error if outputs else None
        return None if first is None or first.errno == errno.EPIPE else first

    return lost

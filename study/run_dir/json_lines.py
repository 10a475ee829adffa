"""Files to which lines are added, one JSON object each, durably; a torn last line is cut off."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from search_spaces.faults import fault
from study.file_system import lock_file, sync, sync_folder
from study.run_dir.replica import Keep, kept_nowhere_else

# How much is read at a time to find the last line's beginning, bytes.
_BLOCK = 65536


class JsonLines:
    """One append-only file; `keep` is given each line first, and keeps it elsewhere too.

    A last line without its line end was never finished: it is no line, and gives way to the next.
    `unwritable` says what is wrong when the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        keep: Keep = kept_nowhere_else,
        unwritable: str = "cannot be written",
    ) -> None:
        self.path = path
        self._keep = keep
        self._unwritable = unwritable

    def read(self) -> tuple[bytes, bytes]:
        """Return the whole lines, line ends included, and what is torn; raises FaultError."""
        try:
            with self.path.open("rb") as stream:
                # Without locks a line may be read while it is written: it is torn, and no line yet.
                with suppress(OSError):
                    lock_file(stream, shared=True)
                content = stream.read()
        except FileNotFoundError:
            return b"", b""
        except OSError as error:
            raise fault(str(self.path), f"cannot be read: {error.strerror or error}") from error
        whole = content.rfind(b"\n") + 1
        return content[:whole], content[whole:]

    def lines(self) -> tuple[tuple[str, bytes], ...]:
        """Return every whole line with where it stands, for messages; raises FaultError."""
        whole, _torn = self.read()
        texts = whole.split(b"\n")[:-1]
        return tuple((f"{self.path}, line {i}", text) for i, text in enumerate(texts, 1))

    def append(self, line: bytes) -> None:
        """Add a line, which brings its line end, and wait until the disk has it.

        Raises FaultError where the file cannot be written.
        """
        self._append(lambda stream: (_end_of_lines(stream), line))

    def append_after(self, make: Callable[[bytes, bytes], bytes]) -> bytes:
        """Add the line that `make` returns for the whole lines and what is torn, and return it.

        Nobody else writes meanwhile. Raises FaultError where the file cannot be written.
        """

        def place(stream: BinaryIO) -> tuple[int, bytes]:
            stream.seek(0)
            content = stream.read()
            whole = content.rfind(b"\n") + 1
            return whole, make(content[:whole], content[whole:])

        return self._append(place)

    def _append(self, place: Callable[[BinaryIO], tuple[int, bytes]]) -> bytes:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists()
            with self.path.open("a+b") as stream:
                lock_file(stream)
                end, line = place(stream)
                self._keep(line)
                stream.truncate(end)
                stream.write(line)
                stream.flush()
                sync(stream.fileno())
            if is_new:
                sync_folder(self.path.parent)
        except OSError as error:
            what = f"{self._unwritable}: {error.strerror or error}"
            raise fault(str(self.path), what) from error
        return line


def _end_of_lines(stream: BinaryIO) -> int:
    """Return where the last whole line ends, 0 where there is none."""
    end = stream.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _BLOCK)
        stream.seek(begin)
        found = stream.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0

"""Reading a user's text file: regular, small, UTF-8."""

import stat
from pathlib import Path

from search_spaces.faults import fault

LARGEST_BYTES = 1 << 20


def read_text_file(path: Path, where: str) -> str:
    """Return the text of a regular file of at most 1 MiB, without a byte order mark.

    Raises FaultError where it is missing, unreadable, no regular file, too large or not UTF-8.
    """
    try:
        _check_file(path, where)
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(where, f"not UTF-8 text: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise fault(where, f"cannot be read: {error.strerror}") from error
    except ValueError as error:  # a null character in the path
        raise fault(where, f"cannot be read: {error}") from error


def is_there(path: Path) -> bool:
    """Tell whether there is anything at a path; what cannot be looked at is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, a folder shut, a null character
        return False


def _check_file(path: Path, where: str) -> None:
    found = path.stat()  # before opening: a pipe would wait for ever
    if not stat.S_ISREG(found.st_mode):
        raise fault(where, "not a regular file")
    if found.st_size > LARGEST_BYTES:
        got, allowed = f"{found.st_size} bytes", f"up to {LARGEST_BYTES} bytes"
        raise fault(where, "file too large", got, allowed)

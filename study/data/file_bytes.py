"""The content of a file that nobody vouches for: a regular file, unpacked, and within a size."""

import gzip
import io
import zlib
from pathlib import Path

from search_spaces.faults import fault

_GZIP = b"\x1f\x8b"
_HEAD = 1 << 16


def read_bytes(path: Path, limit_bytes: int, where: str) -> bytes:
    """Return a file's bytes, those inside where it is gzipped; raises FaultError."""
    check_regular(path, where)
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            raise _too_large(where, size, limit_bytes)
        content = path.read_bytes()
        if not content.startswith(_GZIP):
            return content
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            inside = stream.read(limit_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(where, error) from error
    if len(inside) > limit_bytes:
        raise fault(where, f"it unpacks to more than {limit_bytes:,} bytes")
    return inside


def read_head(path: Path, where: str) -> bytes:
    """Return how a file begins (64 KiB), unpacked where it is gzipped; raises FaultError."""
    check_regular(path, where)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if not head.startswith(_GZIP):
            return head
        with gzip.open(path) as unpacked:
            return unpacked.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(where, error) from error


def check_regular(path: Path, where: str) -> None:
    """Raise FaultError unless there is a regular file."""
    try:
        if not path.exists():
            raise fault(where, "there is no such file")
        if not path.is_file():
            raise fault(where, "not a regular file")
    except OSError as error:
        raise _unreadable(where, error) from error


def _unreadable(where: str, error: Exception) -> Exception:
    reason = getattr(error, "strerror", None) or error
    return fault(where, f"the file cannot be read: {reason}")


def _too_large(where: str, size: int, limit_bytes: int) -> Exception:
    return fault(where, "the file is too large", f"{size:,} bytes", f"up to {limit_bytes:,} bytes")

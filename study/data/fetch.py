"""Fetch one file over HTTP into a folder, within time and size."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Limits:
    """How long a silent server, one file and another process's download are waited for, and more.

    `most_bytes` is the largest file that is taken.
    """

    stall_seconds: float = 30.0
    total_seconds: float = 900.0
    lock_seconds: float = 1800.0
    most_bytes: int = 200_000_000


DEFAULT_LIMITS = Limits()


class FetchError(Exception):
    """Say why a file could not be fetched."""


def fetch(url: str, target: Path, limits: Limits) -> None:
    """Write what an http(s) address holds to `target`; raises FetchError, or target's OSError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchError("no http or https address")
    end = time.monotonic() + limits.total_seconds
    request = urllib.request.Request(url, headers={"User-Agent": "dense-study"})  # noqa: S310 scheme checked
    with target.open("wb") as out:
        try:
            with urllib.request.urlopen(request, timeout=limits.stall_seconds) as answer:  # noqa: S310
                promised = answer.headers.get("Content-Length")
                taken = 0
                while chunk := answer.read1(_CHUNK_BYTES):
                    taken += len(chunk)
                    if taken > limits.most_bytes:
                        raise FetchError(f"more than {limits.most_bytes:,} bytes")
                    if time.monotonic() > end:
                        raise FetchError(f"not done after {limits.total_seconds:g} seconds")
                    out.write(chunk)
        except urllib.error.HTTPError as error:
            raise FetchError(f"the server answers {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise FetchError(f"no connection ({error.reason}); is this machine offline?") from error
        except TimeoutError as error:
            raise FetchError(f"no answer for {limits.stall_seconds:g} seconds") from error
        except (http.client.HTTPException, ConnectionError) as error:
            raise FetchError(f"the connection was broken ({type(error).__name__})") from error
    if promised is not None and promised.isdigit() and taken != int(promised):
        raise FetchError(f"cut short after {taken:,} of {int(promised):,} bytes")

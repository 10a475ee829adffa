"""What a study runs on: versions of what its results depend on, the machine, the time."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

_PACKAGES = ("dense-study", "tensorflow", "keras", "optuna", "numpy", "scipy", "scikit-learn")


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on.

    With them goes whether TensorFlow's oneDNN kernels are on: they round otherwise.
    """
    onednn = os.environ["TF_ENABLE_ONEDNN_OPTS"].lower() in ("1", "true")
    packages = {name: version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), **packages, "oneDNN": "on" if onednn else "off"}


def machine() -> str:
    """Return system, processor, cores and memory in a line; no name, no address."""
    memory = psutil.virtual_memory().total / 2**30
    parts = (f"{platform.system()} {platform.machine()}", f"{cores()} cores", f"{memory:.0f} GiB")
    return ", ".join(parts)


def cores() -> int:
    """Return how many cores this process may use."""
    # Processes may be held to fewer cores than there are.
    return len(psutil.Process().cpu_affinity() or ()) or os.cpu_count() or 1


def utc_now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


def utc_text() -> str:
    """Return the time in ISO 8601, to the second."""
    return utc_now().isoformat(timespec="seconds")


@dataclass(frozen=True)
class Clocks:
    """What time it is: `seconds` for durations, by a clock that nobody sets; `now` for people."""

    seconds: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now


CLOCKS = Clocks()

"""What a study runs on: versions of what its results depend on, the machine, the time."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path

import psutil

_CPUINFO = Path("/proc/cpuinfo")
# Lines of /proc/cpuinfo, and what they are called here.
_DISTINCT = {
    "cpu family": "family",
    "model": "model",
    "stepping": "stepping",
    "cache size": "cache",
}
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


def place() -> str:
    """Return machine and processor in a line: what, beside the versions, decides the last bits.

    Providers of machines give several generations of processors one name; family, model, cache and
    the width of vectors tell them apart, by all of which the kernels of matrix products differ.
    """
    return f"{machine()}, {processor(_CPUINFO)}"


def processor(cpuinfo: Path) -> str:
    """Return the processor's model as the kernel tells it, else as Python does."""
    values = _first_core(cpuinfo) if cpuinfo.is_file() else {}
    parts = [f"{label} {values[name]}" for name, label in _DISTINCT.items() if name in values]
    if "avx512f" in values.get("flags", "").split():
        parts.append("AVX-512")
    model = values.get("model name") or platform.processor() or "unknown processor"
    return f"{model} ({', '.join(parts)})" if parts else model


def _first_core(cpuinfo: Path) -> dict[str, str]:
    with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
        pairs = [line.partition(":") for line in takewhile(str.strip, lines)]
    return {name.strip(): value.strip() for name, _, value in pairs}


def process_began() -> float:
    """Return when this process started, by the clock that nobody sets."""
    created: float = psutil.Process().create_time()
    return time.monotonic() - max(0.0, time.time() - created)


def cores() -> int:
    """Return how many cores this process may use."""
    # Processes may be held to fewer cores than there are.
    return len(psutil.Process().cpu_affinity() or ()) or os.cpu_count() or 1


def memory_limit() -> int:
    """Return how many bytes a data set may unpack to: half of this machine's memory."""
    return int(psutil.virtual_memory().total) // 2


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

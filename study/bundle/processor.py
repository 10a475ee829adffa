"""The processor's model: what, beside the versions, decides the last bits of a training."""

import platform
from pathlib import Path

from study.machine import machine

_CPUINFO = Path("/proc/cpuinfo")


def place() -> str:
    """Return machine and processor in a line; no name, no address."""
    return f"{machine()}, {processor(_CPUINFO)}"


def processor(cpuinfo: Path) -> str:
    """Return the processor's model as the kernel tells it, else as Python does."""
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"

"""Start Python processes of our own: one environment for all, and no code of the user's folder."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

# What a child may know of its surroundings: where things lie, who the user is, how texts are
# written. Whatever else is set (TF_..., KERAS_..., OMP_..., PYTHONWARNINGS, GLIBC_TUNABLES ...)
# could change its numbers without being seen among the versions, or keep it from starting.
_NAMES = frozenset(
    {
        "BROWSER_PATH",
        "CONDA_PREFIX",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "HOME",
        "HOSTNAME",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "LOGNAME",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONPYCACHEPREFIX",
        "SHELL",
        "TEMP",
        "TERM",
        "TF_ENABLE_ONEDNN_OPTS",  # among the versions
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
        "VIRTUAL_ENV",
    }
)
# prctl's option by which the kernel signals a process whose parent died: linux/prctl.h.
_SIGNAL_AT_PARENTS_DEATH = 1
_PREFIXES = ("DENSE_STUDY_", "LC_", "SLURM_", "XDG_")


def child_command(module: str) -> tuple[str, ...]:
    """Return the command that runs one of our modules; `-P` keeps the current folder out of it."""
    return (sys.executable, "-P", "-m", module)


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child process, with settings of its own.

    Python processes that the child starts do not import from the current folder either.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _NAMES or name.startswith(_PREFIXES)
    }
    return kept | {"PYTHONSAFEPATH": "1"} | dict(settings)


def die_with_parent(*, is_on: bool = True) -> None:
    """Have the kernel end this process when the one that started it ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGKILL if is_on else 0)

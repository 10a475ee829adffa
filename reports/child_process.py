"""Start Python processes of our own: one environment for all, and no code of the user's folder.

As a program, `python -m reports.child_process MODULE ...`, it is how such a process begins: it sees
to its end before it imports anything else.
"""

import ctypes
import os
import runpy
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
_PREFIXES = ("DENSE_STUDY_", "LC_", "SLURM_", "XDG_")
# Where a child reads the number of the process that started it.
_PARENT = "DENSE_STUDY_PARENT"
# prctl's option by which the kernel signals a process whose parent died: linux/prctl.h.
_SIGNAL_AT_PARENTS_DEATH = 1


def child_command(module: str) -> tuple[str, ...]:
    """Return the command that runs one of our modules, which ends with the process that starts it.

    `-P` keeps the current folder out of it. It needs the environment of `child_environment`.
    """
    return (sys.executable, "-P", "-m", "reports.child_process", module)


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child process, with settings of its own.

    Python processes that the child starts do not import from the current folder either.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _NAMES or name.startswith(_PREFIXES)
    }
    return kept | {"PYTHONSAFEPATH": "1", _PARENT: str(os.getpid())} | dict(settings)


def main() -> None:
    """Run the module that the first argument names, as a program with the arguments after it."""
    die_with(int(os.environ.pop(_PARENT)))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that ends."""
    if sys.platform != "linux":
        return
    _signal_at_parents_death(signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)


def outlive_parent() -> None:
    """Take back `die_with`: the kernel goes by the thread that started this process."""
    if sys.platform == "linux":
        _signal_at_parents_death(0)


def _signal_at_parents_death(number: int) -> None:
    ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, number)


if __name__ == "__main__":
    main()

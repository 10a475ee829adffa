"""Find the GPUs to train on, where a user asks for them."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from search_spaces.faults import cut, fault
from study.executors.worker_process import start_module, start_worker

Device = Literal["cpu", "gpu", "auto"]
DEVICES: tuple[Device, ...] = get_args(Device)

# The variable by which CUDA, and so TensorFlow, knows which GPUs a process may use.
_VISIBLE = "CUDA_VISIBLE_DEVICES"
_NEEDS = "TensorFlow with CUDA (pip install 'tensorflow[and-cuda]') and a driver for the card"


@dataclass(frozen=True)
class Gpu:
    """A GPU: its number or name in CUDA_VISIBLE_DEVICES, and the name that it says it has."""

    identifier: str
    name: str

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment of a process that trains on it; several may share its memory."""
        return {_VISIBLE: self.identifier, "TF_FORCE_GPU_ALLOW_GROWTH": "true"}


def chosen_gpus(
    device: Device, log: Path, say: Callable[[str], None], command: Sequence[str] = ()
) -> tuple[Gpu, ...]:
    """Return the GPUs to train on, none for the processor.

    `log` takes what TensorFlow says, `say` what the user must know; `command` starts
    another process than ours to list them. Raises FaultError where a GPU is asked for and there is
    none.
    """
    if device not in DEVICES:
        raise fault("--device", "no such device", device, ", ".join(DEVICES))
    if device == "cpu":
        return ()
    found = _found(log, command)
    if device == "gpu" and not found:
        what = "TensorFlow sees no GPU"
        raise fault("--device", what, device, f"cpu, auto; a GPU needs {_NEEDS}")
    if not found:
        say("TensorFlow sees no GPU: the processor trains.")
    return found


def named(gpus: Sequence[Gpu]) -> str:
    """Return what records say of GPUs: `GPU NAME`, and how many where there are several."""
    names = Counter(one.name for one in gpus)
    return ", ".join(f"{many} x GPU {one}".removeprefix("1 x ") for one, many in names.items())


def _found(log: Path, command: Sequence[str]) -> tuple[Gpu, ...]:
    visible = os.environ.get(_VISIBLE)
    device = {} if visible is None else {_VISIBLE: visible}
    if command:
        process = start_worker(command, log, device)
    else:
        process = start_module("study.executors.list_gpus", "study-gpus", log, device)
    try:
        names: list[str] = process.pipe.recv()
    except (EOFError, OSError) as error:
        # The log goes where no study comes to be.
        what = f"the process that looks for GPUs {process.join()}"
        raise fault("--device", what, cut(log.read_text(errors="replace").strip(), 500)) from error
    process.kill()
    process.join()
    numbers = map(str, range(len(names))) if visible is None else visible.split(",")
    return tuple(Gpu(number.strip(), name) for number, name in zip(numbers, names, strict=False))

"""A kernel that runs a notebook's cells, as a user's does."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

# Only a hang takes so long, however busy the machine is.
LIMIT_SECONDS = 900


# What a reader waits for and no test: how many trials, retrainings and epochs.
_SMALLER = {
    r"(?<=trials=)[5-6]\b": "2",
    r"(?<=trials=)8\b": "3",
    r"(?<=confirm_seeds=)3\b": "2",
    r"(?<=\"epochs\": )20\b": "4",
}


def executed(notebook: Path, folder: Path) -> Any:
    """Return the notebook with its outputs, made smaller; a cell that raises fails."""
    read = nbformat.read(notebook, as_version=4)
    before = [cell.source for cell in read.cells]
    for cell in read.cells:
        for what, smaller in _SMALLER.items():
            cell.source = re.sub(what, smaller, cell.source)
    assert [cell.source for cell in read.cells] != before
    client = NotebookClient(
        read, timeout=LIMIT_SECONDS, resources={"metadata": {"path": str(folder)}}
    )
    return client.execute()


def output_of(cell: Any) -> str:
    """Return all that a cell printed or showed as text or HTML."""
    texts = []
    for one in cell.outputs:
        data = one.get("data", {})
        texts += [one.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")]
    return "\n".join(texts)


@contextmanager
def running_kernel(folder: Path) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Run a kernel of this Python in a folder, and end it."""
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=LIMIT_SECONDS)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def reply_to(client: BlockingKernelClient, asked: str) -> dict[str, Any]:
    """Wait for the kernel's answer to this request, past those to earlier ones."""
    while True:
        reply = client.get_shell_msg(timeout=LIMIT_SECONDS)
        if reply["parent_header"]["msg_id"] == asked:
            content: dict[str, Any] = reply["content"]
            return content

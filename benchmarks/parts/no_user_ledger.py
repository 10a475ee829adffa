"""Benchmarks open test splits by the hundred, and no study of the user's is about that."""

import os

from study.run_dir.user_ledger import SWITCH


def leave_user_ledger_alone() -> None:
    """Neither read nor write the ledger of whoever runs this, nor let child processes."""
    os.environ[SWITCH] = "off"

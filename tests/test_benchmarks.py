"""What the benchmarks share runs; mypy holds the rest of them to the code that they call."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.slow
def test_trainings_that_only_sleep_make_a_study() -> None:
    program = "from parts.simulated import deterministic; deterministic(jobs=1, trials=1)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=BENCHMARKS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = r"--deterministic, 1 workers, the same 1 trials of \d+ to \d+ epochs: .* times\n"
    assert re.fullmatch(said, done.stdout)

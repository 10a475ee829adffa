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


@pytest.mark.slow
def test_recorded_tables_are_packed_without_loss_and_replayed() -> None:
    program = """
from pathlib import Path
from tempfile import TemporaryDirectory

from parts.recorded_tables import TABLES, load_table, pack, packed
from parts.replay_methods import METHODS, study_of
from parts.table_world import TableWorld

with TemporaryDirectory() as folder:
    for name in TABLES:
        (Path(folder) / f"{name}.npz").write_bytes(Path(f"recorded/{name}.npz").read_bytes())
    before = [load_table(name).rows for name in TABLES]
    pack([], Path(folder))
    after = [load_table(name, Path(folder)).rows for name in TABLES]
for old, new in zip(before, after, strict=True):
    assert [row.config for row in old] == [row.config for row in new]
    assert all((a.accuracies == b.accuracies).all() for a, b in zip(old, new))
    assert all(row.accuracy is None or len(row.accuracies) <= row.config.epochs for row in new)

world = TableWorld(load_table("digits-four"))
start = ({"width": 256, "dropout": 0.1, "batch_size": 32, "epochs": 20},)
for name in ("tpe", "portfolio of 2", "screen at 3"):
    found = study_of(METHODS[name], world, start, seed=1, epochs=40)
    assert (found.epochs > 0).all() and len(found.true) == len(found.seen)
    assert found.true[0] == world.true_accuracy(world.baseline)
    print(name, found.picked(1) <= found.picked_within(1e9) or "worse")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=BENCHMARKS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-3:] == ["tpe True", "portfolio of 2 True", "screen at 3 True"]

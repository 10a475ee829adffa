"""Data with too few images for any answer: said before anything is trained or opened."""

from pathlib import Path

import numpy as np
import pytest

from study.cli import exit_code


@pytest.fixture
def one_test_image(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    path = tmp_path / "one.npz"
    np.savez(
        path,
        x_train=rng.integers(0, 256, (60, 4), dtype=np.uint8),
        y_train=np.arange(60) % 2,
        x_test=rng.integers(0, 256, (1, 4), dtype=np.uint8),
        y_test=np.zeros(1, dtype=np.int64),
    )
    return path


REFUSED = (
    "data one, test split: too few test images to answer on: one does not show how much images "
    "differ; got 1; allowed: at least 2"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        ["run", "smoke", "--trials", "2", "--name", "tiny", "--jobs", "1"],
        ["baseline", "--seeds", "2"],
    ],
)
def test_one_test_image_is_refused_before_anything_is_trained(
    asked: list[str], one_test_image: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    code = exit_code([*asked, "--data", str(one_test_image), "--runs-dir", str(runs)])
    assert code == 1
    assert REFUSED in capfd.readouterr().err
    left = [path.name for path in runs.rglob("*")] if runs.exists() else []
    assert not {"ledger.jsonl", "trials.jsonl", "retrainings.jsonl"} & set(left)


@pytest.mark.slow
def test_a_search_alone_needs_no_test_images(one_test_image: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    asked = ["run", "smoke", "--trials", "2", "--name", "tiny", "--jobs", "1", "--no-confirm"]
    assert exit_code([*asked, "--data", str(one_test_image), "--runs-dir", str(runs)]) == 0
    confirmed = ["confirm", "tiny", "--runs-dir", str(runs)]
    assert exit_code(confirmed) == 1
    assert not (runs / "tiny" / "ledger.jsonl").exists()


def test_the_check_of_a_data_set_warns_of_one_test_image(
    one_test_image: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["data", "check", str(one_test_image)]) == 0
    assert (
        "warning test size: 1 test input, and an answer needs at least 2: search alone can use "
        "this data (run --no-confirm)"
    ) in capfd.readouterr().out

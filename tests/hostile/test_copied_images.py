"""Test images that are copies of one another count once, wherever an interval is shown."""

import json
from pathlib import Path

import numpy as np
import pytest

from study.cli import exit_code


def write_copied(path: Path, distinct: int, copies: int) -> Path:
    """Write stripes of two kinds with noise; of each test image so many near copies."""
    rng = np.random.default_rng(0)
    n = 200 + distinct
    y = np.arange(n) % 2
    x = rng.integers(0, 200, (n, 5, 5), dtype=np.uint8)
    x[y == 1, 2] += 55
    test = np.repeat(x[200:], copies, axis=0)
    test[np.arange(len(test)) % copies > 0] ^= 1
    np.savez(path, x_train=x[:200], y_train=y[:200], x_test=test, y_test=y[200:].repeat(copies))
    return path


@pytest.mark.slow
def test_groups_of_test_images_are_in_sentence_record_terminal_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_copied(tmp_path / "copied.npz", 30, 4)
    where = ["--runs-dir", str(tmp_path / "runs")]
    asked = ["run", "smoke", "--data", str(data), "--trials", "3", "--confirm-seeds", "2"]

    assert exit_code([*asked, "--name", "copied", "--jobs", "1", *where]) == 0
    capsys.readouterr()
    assert exit_code(["show", "copied", "--json", *where]) == 0
    record = json.loads(capsys.readouterr().out)
    assert exit_code(["show", "copied", *where]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    page = (tmp_path / "runs" / "copied" / "report.html").read_text("utf-8")

    warning = "groups: 120 test inputs in 30 groups of inputs that belong together"
    (comparison,) = (
        one for one in record["confirmation"]["comparisons"] if one["against"] == "baseline"
    )
    assert (comparison["n"], comparison["groups"]) == (120, 30)
    assert record["data"]["test_groups"] == 30
    assert ", n = 120 images in 30 groups, 2 seeds each, " in comparison["sentence"]
    assert "120 test images in 30 groups" in shown
    assert "(test, n = 120 images in 30 groups, mean of 2 seeds)" in shown
    assert f"Warning: {warning}" in shown
    assert "120 test images in 30 groups" in page
    assert "groups of images" in page
    assert "exact sign test over groups of images" in page


@pytest.mark.slow
def test_one_image_and_its_copies_are_too_few_to_answer_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_copied(tmp_path / "one.npz", 1, 20)
    asked = ["run", "smoke", "--data", str(data), "--trials", "2", "--name", "one", "--jobs", "1"]

    assert exit_code([*asked, "--runs-dir", str(tmp_path / "runs")]) == 1

    assert (
        "data one, test split: all test images belong together, and nothing shows how much others "
        "would differ; got 1 group; allowed: at least 2 groups"
    ) in capsys.readouterr().err

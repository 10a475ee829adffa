"""A warning about the data goes along with every claim that was made with it."""

import json
from pathlib import Path

import numpy as np
import pytest

from study.cli import exit_code
from study.data.load import load_data


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """Noise with labels, whose test images are training images: all to be learned by heart."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (300, 16), dtype=np.uint8)
    y = np.arange(300) % 3
    path = tmp_path / "leaky.npz"
    np.savez(path, x_train=x, y_train=y, x_test=x[:60], y_test=y[:60])
    return path


LEAK = "60 of 60 test inputs are also training inputs"


@pytest.mark.slow
def test_leaked_test_images_are_on_terminal_record_page_and_card_and_void_the_answer(
    leaky: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--runs-dir", str(tmp_path / "runs")]
    asked = ["run", "smoke", "--data", str(leaky), "--trials", "3", "--confirm-seeds", "2"]

    assert exit_code([*asked, "--name", "leaky", "--jobs", "1", *where]) == 0
    said = "".join(capsys.readouterr())
    assert exit_code(["show", "leaky", "--json", *where]) == 0
    record = json.loads(capsys.readouterr().out)
    assert exit_code(["show", "leaky", *where]) == 0
    shown = capsys.readouterr().out
    run = tmp_path / "runs" / "leaky"

    assert f"leaks: {LEAK}" in said
    assert {"topic": "leaks", "text": LEAK} in record["data"]["warnings"]
    assert f"Warning: leaks: {LEAK}" in shown
    assert LEAK in (run / "report.html").read_text("utf-8")
    assert LEAK in (run / "best" / "card.md").read_text("utf-8")
    (comparison,) = (
        one for one in record["confirmation"]["comparisons"] if one["against"] == "baseline"
    )
    assert comparison["answer"] == "CAN'T TELL"
    assert "60 of 60 test images are also training images" in comparison["sentence"]


def test_whoever_loads_such_data_is_given_the_warning(leaky: Path) -> None:
    said: list[str] = []

    loaded = load_data(str(leaky), {}, said.append)

    assert f"warning: leaks: {LEAK}" in said
    assert loaded.concerns.leaked_n == 60

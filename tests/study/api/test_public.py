"""`import study`: quick, typed, whole, and the same studies as those of the commands."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import study
from search_spaces.read import load_space
from search_spaces.space import Space
from study.data.from_arrays import save_arrays
from study.data.load import load_data
from tests.study.conftest import MakeStudy

HEAVY = {"tensorflow", "keras", "optuna", "numpy", "plotly", "click", "scipy"}


def test_importing_it_imports_nothing_of_what_it_offers() -> None:
    code = "import sys, study; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert modules.isdisjoint(HEAVY)
    assert {name for name in modules if name.startswith("study")} == {"study"}


def test_every_public_name_can_be_had() -> None:
    assert set(study.__all__) <= set(dir(study))
    for name in study.__all__:
        assert getattr(study, name).__doc__, name
    with pytest.raises(AttributeError, match="module 'study' has no attribute 'nonsense'"):
        _ = study.nonsense


def test_a_space_built_in_python_is_the_one_of_the_toml_file() -> None:
    four = load_space("four")
    domains = {one.name: one.domain for one in four.parameters}
    base = four.baseline
    built = study.space(
        "four",
        domains,
        fixed=four.fixed,
        baseline=base.params,
        published=base.published,
        about=four.about,
    )
    assert built == four
    assert isinstance(built, Space)


def test_all_faults_of_a_space_come_at_once() -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.space("x", {"widht": study.IntDomain(1, 2), "dropout": study.FloatDomain(0, 3)})
    text = str(caught.value)
    assert "unknown parameter (did you mean width?)" in text
    assert "dropout" in text
    assert len(caught.value.faults) == 2


def test_arrays_are_kept_under_the_fingerprint_of_their_content(tmp_path: Path) -> None:
    images = np.arange(80, dtype=np.uint8).reshape(20, 4)
    labels = [0, 1] * 10
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:6], "y_test": labels[:6]}
    path = save_arrays(arrays, tmp_path / "runs")
    loaded = load_data(str(path), {})
    fingerprint = loaded.training.about.fingerprint
    assert path == tmp_path / "runs" / f"arrays-{fingerprint[:12]}.npz"
    assert loaded.training.examples.inputs.tolist() == images.tolist()
    assert save_arrays(arrays, tmp_path / "runs") == path


def test_arrays_that_are_no_data_set_are_refused_with_every_fault(tmp_path: Path) -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        save_arrays({"x": [1]}, tmp_path)
    assert str(caught.value) == (
        "data: not the arrays of a data set; got x; allowed: x_train, y_train, x_test, y_test"
    )
    rows = {"x_train": [[1, 2], [3]], "y_train": [0, 1], "x_test": [[1, 2]], "y_test": [0, 1]}
    with pytest.raises(study.DenseStudyError) as caught:
        save_arrays(rows, tmp_path)
    assert [one.where for one in caught.value.faults] == [
        "data, x_train",
        "data, y_test",
        "data, y_train",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_study_shows_what_it_found(make_study: MakeStudy, tmp_path: Path) -> None:
    make_study(tmp_path / "runs" / "s")
    found = study.open_study("s", tmp_path / "runs")
    best = found.best
    assert best is not None
    assert (best.name, best.params, best.accuracy) == ("trial 1", {"width": 32}, 0.8)
    assert (best.split, best.seeds) == ("validation", 1)
    assert found.verdict is None
    assert repr(found) == "<Study s: 3 trials, no verdict yet>"
    rows = found.trials.to_dicts()
    assert [(row["number"], row["width"], row["accuracy"]) for row in rows] == [
        (0, 16, 0.5),
        (1, 32, 0.8),
        (2, 24, None),
    ]
    assert "progress" in found.figures
    assert found.figures["progress"].data
    page = found._repr_html_()
    assert "no verdict yet" in page
    assert "width = 32" in page
    assert "<script" not in page
    assert len(page) < 10_000
    assert found.report() == tmp_path / "runs" / "s" / "report.html"
    assert found.report().read_text(encoding="utf-8").startswith("<!")


def test_a_study_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.open_study("s", tmp_path)
    assert str(caught.value) == f"{tmp_path}: no such study; got s; allowed: none yet"

"""`import study`: quick, typed, whole, and the same studies as those of the commands."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import study
from search_spaces.read import load_space
from search_spaces.space import Space
from study.data.from_memory import save_arrays
from study.data.load import load_data
from tests.study.conftest import MakeStudy

WIDTH = {"width": study.IntDomain(8, 16)}
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


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (
            lambda: study.space("x", {"width": (8, 16)}, baseline={"width": 8}),  # type: ignore[dict-item]
            (
                "space x: [parameters.width]: not understood; got (8, 16); allowed: "
                "study.IntDomain(...) or study.FloatDomain(...) or study.ChoiceDomain(...)"
            ),
        ),
        (
            lambda: study.space("x", WIDTH, when={"width": {"depth": 2}}),  # type: ignore[dict-item]
            (
                "space x: [parameters.width] when.depth: not understood; got 2; allowed: "
                "study.Between(...) or study.OneOf(...)"
            ),
        ),
        (
            lambda: study.space("x", None),  # type: ignore[arg-type]
            (
                "space x: parameters: not a dict of names and values; got None; "
                'allowed: {"width": 64, ...}'
            ),
        ),
        (
            lambda: study.space("x", WIDTH, fixed=["relu"]),  # type: ignore[arg-type]
            (
                "space x: [fixed]: not a dict of names and values; got ['relu']; "
                'allowed: {"width": 64, ...}'
            ),
        ),
        (
            lambda: study.run("smoke", name=""),
            (
                "name: not a study name; got ''; allowed: "
                "1-80 letters, digits, '.', '_' and '-', a letter or digit first"
            ),
        ),
        (
            lambda: study.open_study(3),  # type: ignore[arg-type]
            "name: not a study name; got 3; allowed: a text",
        ),
        (
            lambda: study.run("smoke", jobs=0),
            "jobs: not a whole number in range; got 0; allowed: 1 or more",
        ),
        (
            lambda: study.run("smoke", log_to="tensorboard"),
            "log_to: not a list of texts; got 'tensorboard'; allowed: [\"...\", ...]",
        ),
        (
            lambda: study.run("smoke", ([[0]], [1])),  # type: ignore[arg-type]
            (
                "data: no data; got ([[0]], [1]); allowed: "
                "a name, a path, a data frame, or a dict of x_train, y_train, x_test and y_test"
            ),
        ),
        (
            lambda: study.train([1]),  # type: ignore[arg-type]
            'config: not a dict of names and values; got [1]; allowed: {"width": 64, ...}',
        ),
        (
            lambda: study.train({3: 4}),  # type: ignore[dict-item]
            "config: not a name; got 3; allowed: a text",
        ),
        (
            lambda: study.train({}, seeds=()),
            "seeds: no list of seeds; got (); allowed: at least one, such as (0, 1)",
        ),
        (
            lambda: study.train({}, seeds=(-1,)),
            "seeds: not a whole number in range; got -1; allowed: 0 or more",
        ),
        (
            lambda: study.train({}, jobs="2"),  # type: ignore[arg-type]
            "jobs: not a whole number in range; got '2'; allowed: 1 or more",
        ),
    ],
)
def test_a_mistyped_argument_is_one_message(
    built: Callable[[], object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(study.DenseStudyError) as caught:
        built()
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_what_no_parameter_can_be_is_named_where_it_stands() -> None:
    domain = study.IntDomain(8, None)  # type: ignore[arg-type]
    with pytest.raises(study.DenseStudyError) as caught:
        study.space("{x}", {"width": domain}, fixed={"dropout": None})  # type: ignore[dict-item]
    allowed = "a number, a text, true or false"
    assert str(caught.value).splitlines() == [
        f"space {{x}}: [parameters.width] high: not a value; got None; allowed: {allowed}",
        f"space {{x}}: [fixed] dropout: not a value; got None; allowed: {allowed}",
    ]


def test_the_numbers_of_numpy_are_those_of_python_in_a_space() -> None:
    base = {"width": np.int64(32), "dropout": np.float64(0.25), "depth": np.int32(2)}
    domain = study.IntDomain(np.int64(8), np.int64(64))  # type: ignore[arg-type]
    kinds = study.ChoiceDomain([np.float64(0.0), np.float64(0.25)])  # type: ignore[arg-type]
    depth = {"depth": np.int64(2)}
    built = study.space("x", {"width": domain, "dropout": kinds}, fixed=depth, baseline=base)
    plain = study.space(
        "x",
        {"width": study.IntDomain(8, 64), "dropout": study.ChoiceDomain((0.0, 0.25))},
        fixed={"depth": 2},
        baseline={"width": 32, "dropout": 0.25, "depth": 2},
    )
    assert built == plain


@pytest.mark.slow
def test_a_config_of_numpy_numbers_is_trained_on_arrays(tmp_path: Path) -> None:
    digits = load_digits()
    images = (digits.images * 15).astype(np.uint8)
    data = {
        "x_train": images[:900],
        "y_train": digits.target[:900],
        "x_test": images[900:1100],
        "y_test": digits.target[900:1100],
    }
    trained = study.train({"width": np.int64(32), "epochs": np.int32(2)}, data, seeds=[0])
    again = study.train({"width": 32, "epochs": 2}, str(save_arrays(data, tmp_path)))
    assert trained.accuracies == again.accuracies
    assert (trained.seeds, trained.split, trained.n) == ((0,), "validation", again.n)


def test_what_a_study_cannot_write_is_one_message(make_study: MakeStudy, tmp_path: Path) -> None:
    make_study(tmp_path / "runs" / "s")
    found = study.open_study("s", tmp_path / "runs")
    with pytest.raises(study.DenseStudyError) as caught:
        found.export(forms=["onx"])  # type: ignore[list-item]
    allowed = "keras, onnx, litert, saved_model"
    message = f"forms: unknown form (did you mean onnx?); got onx; allowed: {allowed}"
    assert str(caught.value) == message
    with pytest.raises(study.DenseStudyError) as caught:
        found.export(forms="onnx")
    assert str(caught.value).startswith("forms: not a list of texts; got 'onnx'; ")
    with pytest.raises(study.DenseStudyError) as caught:
        found.export_to(None)  # type: ignore[arg-type]
    assert str(caught.value).startswith("export_to: unknown target; got None; allowed: mlflow, ")


@pytest.mark.slow
def test_rows_of_unequal_lengths_are_no_array_to_predict(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    make_study(tmp_path / "runs" / "s")
    bundle = study.open_study("s", tmp_path / "runs").export(tmp_path / "bundle")
    with pytest.raises(study.DenseStudyError) as caught:
        bundle.predict([[1, 2], [3]])
    assert str(caught.value).startswith("predict: no array: ")


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
        "data: not the arrays of a data set; got x; "
        "allowed: x_train, y_train, x_test, y_test; or x and y"
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

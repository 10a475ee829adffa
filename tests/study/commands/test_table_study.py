"""A study of a table ends in a bundle that takes raw rows, wherever it is used."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import pytest

from search_spaces.shipped import shipped_text
from study.api.studies import Study
from study.bundle.read import read_bundle
from study.cli import exit_code
from study.confirmation.evaluated import read_evaluated
from study.data.table_rows import read_table_rows
from study.run_dir.paths import RunDirectory


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 300 rows with gaps, numbers far from 0 and categories, in two classes."""
    rng = np.random.default_rng(4)
    lines = ["size,colour,wide,kind"]
    for row in range(300):
        kind = row % 2
        size = "" if rng.random() < 0.1 else f"{1e5 + 300 * kind + rng.normal(0, 100):.1f}"
        colour = rng.choice(["blue", "green", "red"], p=[0.2 + 0.5 * kind, 0.1, 0.7 - 0.5 * kind])
        lines.append(f"{size},{colour},{rng.lognormal(0, 3):.4g},{('no', 'yes')[kind]}")
    path = tmp_path_factory.mktemp("table") / "my.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_study_of_a_table_ends_in_a_bundle_that_takes_rows(table, dense_study, capfd):
    folder = table.parent
    asked = ("--jobs", "1", "--trials", "2", "--top", "1", "--confirm-seeds", "2")
    done = dense_study("run", "smoke", "--data", "my.csv", "--target", "kind", *asked, cwd=folder)
    assert done.returncode == 0, done.stderr
    best = folder / "runs" / "smoke-my" / "best"
    page = (folder / "runs" / "smoke-my" / "report.html").read_text()
    assert "dense-study run smoke --data my.csv --target kind --trials 2 " in page
    # A table has rows; whoever reads of images would look for some.
    without_scripts = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    for said in (done.stdout, done.stderr, without_scripts):
        assert "image" not in said
        assert "rows" in said or said == done.stderr
    bundle = read_bundle(best)
    assert [one.name for one in bundle.manifest.about.columns] == ["size", "colour", "wide"]
    assert bundle.preparation is not None
    assert bundle.preparation.features == 6
    card = (best / "card.md").read_text()
    assert "| colour | 3 levels | one-hot in 3 features |" in card

    new = folder / "new.csv"
    new.write_text("wide,colour,size\n1.5,blue,100300\n,violet,\n9e9,red,99900\n")
    assert exit_code(["predict", str(best), str(new), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    rows, _ = read_table_rows(new, bundle.manifest.about.columns)
    model = keras.saving.load_model(best / "model.keras", compile=False)
    np.testing.assert_allclose(
        [[*one["probabilities"].values()] for one in found],
        model.predict(rows, verbose=0),
        atol=1e-5,
    )
    assert [one["class"] for one in found][::2] == ["yes", "no"]

    verified = dense_study("verify", str(best), "--data", "my.csv", cwd=folder)
    assert verified.returncode == 0, verified.stderr
    assert "retrained weights are equal to the bit" in verified.stdout

    other = folder / "other.csv"
    other.write_text("size,color\n1,red\n2,blue\n")
    assert exit_code(["predict", str(best), str(other)]) == 1
    assert capfd.readouterr().err == (
        f"Error: {other}: columns that the network needs are missing: colour, wide; "
        "got size, color; allowed: size, colour, wide\n"
    )
    assert exit_code(["predict", str(best), str(new), "--show"]) == 1
    assert capfd.readouterr().err == (
        "Error: --show: draws images, and this network is for rows of a table; "
        "allowed: leave it out\n"
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_study_of_weighted_rows_says_so_and_its_bundle_repeats(
    tmp_path, dense_study, capfd, monkeypatch
):
    rng = np.random.default_rng(6)
    x, counts = rng.normal(size=(240, 3)), rng.integers(0, 5, 240)
    kinds = np.where(x[:, 0] + 0.5 * rng.normal(size=240) > 0, "yes", "no")
    columns = zip(x, counts, counts[::-1], kinds, strict=True)
    rows = [f"{a:.4f},{b:.4f},{one},{other},{kind}" for (a, b, _), one, other, kind in columns]
    (tmp_path / "my.csv").write_text("\n".join(["a,b,count,other,kind", *rows]))
    said = '[data]\nsource = "my.csv"\ntarget = "kind"\nweight = "count"\n'
    (tmp_path / "my.toml").write_text(f"{shipped_text('smoke')}\n{said}")
    asked = ("--jobs", "1", "--trials", "2", "--top", "1", "--confirm-seeds", "2", "--name", "w")
    done = dense_study("run", "my.toml", *asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "w"
    record = Study(RunDirectory(run)).record
    assert record.measure == "weighted_accuracy"
    assert record.data.weight == "count"
    assert [column.name for column in record.data.columns] == ["a", "b", "other"]
    comparison = record.confirmation.comparisons[0]
    assert comparison.measure == "weighted_accuracy"

    evaluated = read_evaluated(RunDirectory(run))
    tested = record.confirmation.retrainings[-1]
    right = evaluated.classes[tested.weights_hash] == evaluated.labels
    assert tested.value == pytest.approx(np.average(right, weights=evaluated.weights))
    assert tested.accuracy == pytest.approx(right.mean())
    worth = evaluated.weights.sum() ** 2 / np.square(evaluated.weights).sum()
    assert comparison.weighted_n == pytest.approx(worth)
    size = f"n = 48, effective n = {worth:.0f}, 2 seeds each"
    assert size in comparison.sentence
    assert "in weighted accuracy" in comparison.sentence or "higher" in comparison.sentence
    for text in (done.stdout, (run / "report.html").read_text()):
        assert "weighted by count, effective n = " in text
        assert "weighted accuracy" in text

    base = ("run", "my.toml", "--name", "w", "--target", "kind", "--data", "my.csv")
    refused = dense_study(*base, "--weight", "a", cwd=tmp_path)
    assert refused.returncode == 1
    assert "column a: a negative weight" in refused.stderr
    refused = dense_study(*base, "--weight", "other", cwd=tmp_path)
    assert refused.returncode == 1
    assert "was started with another --weight; got other; allowed: count, or a new --name" in (
        refused.stderr
    )

    verified = dense_study("verify", str(run / "best"), "--data", "my.csv", cwd=tmp_path)
    assert "retrained weights are equal to the bit" in verified.stdout, verified.stderr
    saved = dense_study(
        "data", "save", "my.csv", "--target", "kind", "--weight", "count", "s.npz", cwd=tmp_path
    )
    assert saved.returncode == 0, saved.stderr
    script = ModuleType("train_py")
    exec((run / "best" / "train.py").read_text(), script.__dict__)  # noqa: S102 our own script
    monkeypatch.setattr(sys, "argv", ["train.py", str(tmp_path / "s.npz")])
    script.main()
    last = capfd.readouterr().out.splitlines()[-1]
    assert last.startswith("weighted test accuracy ")
    claim = read_bundle(run / "best").manifest.claim
    assert claim.measure == "weighted_accuracy"
    assert float(last.split()[3]) == pytest.approx(100 * claim.value, abs=20)

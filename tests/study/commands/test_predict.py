import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from study.bundle.manifest import MANIFEST, read_manifest, render_manifest
from study.cli import exit_code
from study.data.built_in.digits import read_digits
from study.run_dir.paths import RunDirectory

MakeStudy = Callable[..., RunDirectory]
CLASSIC = """
name = "classic"
[parameters.width]
type = "int"
low = 8
high = 512
[fixed]
depth = 2
batch_size = 128
epochs = 3
[baseline]
width = 512
depth = 2
batch_size = 128
epochs = 3
"""


@pytest.fixture(scope="module")
def digits_bundle(
    make_study: MakeStudy, tmp_path_factory: pytest.TempPathFactory, warm_processes: Any
) -> Path:
    run = make_study(tmp_path_factory.mktemp("runs") / "first", [(512, 0.9)])
    with warm_processes.lent():
        assert exit_code(["export", "first", "--runs-dir", str(run.root.parent)]) == 0
    return run.best


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_arrays_and_images_of_one_digit_are_one_class(
    digits_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = read_digits().test.inputs[:3].reshape(-1, 8, 8)
    np.save(tmp_path / "three.npy", inputs)
    large = Image.fromarray((255 - inputs[0] / 16 * 255).astype(np.uint8)).resize((80, 80), 0)
    large.save(tmp_path / "black-on-white.png")
    capsys.readouterr()

    files = [str(tmp_path / name) for name in ("three.npy", "black-on-white.png")]
    assert exit_code(["predict", str(digits_bundle), *files]) == 0
    lines = capsys.readouterr().out.replace(str(tmp_path), "HERE").splitlines()
    assert exit_code(["predict", str(digits_bundle), *files, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert [line.split(": ")[0] for line in lines] == [
        *("HERE/three.npy [0]", "HERE/three.npy [1]", "HERE/three.npy [2]"),
        "HERE/black-on-white.png [0]",
    ]
    assert [one["index"] for one in found] == [0, 1, 2, 0]
    assert found[3]["class"] == found[0]["class"]
    assert found[3]["probability"] == pytest.approx(found[0]["probability"], abs=0.01)
    for one, line in zip(found, lines, strict=True):
        assert sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert one["probability"] == max(one["probabilities"].values())
        assert line.endswith(f": {one['class']} ({100 * one['probability']:.2f} %)")


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_all_images_that_cannot_be_read_are_reported_at_once(
    digits_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("1", (4000, 2500)).save(tmp_path / "large.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "large.png").read_bytes()[:60])
    (tmp_path / "text.jpg").write_text("hello")
    capsys.readouterr()

    names = ("large.png", "broken.png", "text.jpg", "absent.png")
    files = [str(tmp_path / name) for name in names]
    assert exit_code(["predict", str(digits_bundle), *files]) == 1

    said = capsys.readouterr()
    lines = said.err.replace(str(tmp_path), "HERE").splitlines()
    assert said.out == ""
    assert lines[0] == (
        "Error: HERE/large.png: image too large; got 4000 x 2500 = 10,000,000 pixels; "
        "allowed: fewer than 10,000,000 pixels"
    )
    readable = "no readable image; got an unknown form of file; allowed: an undamaged PNG or JPEG"
    assert lines[2:] == [
        f"HERE/text.jpg: {readable}, or a .npy array",
        "HERE/absent.png: no such file",
    ]


@pytest.mark.slow
def test_a_damaged_bundle_predicts_nothing(
    digits_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = read_manifest(digits_bundle)
    (tmp_path / MANIFEST).write_bytes(render_manifest(manifest))
    for name in manifest.files:
        (tmp_path / name).write_bytes((digits_bundle / name).read_bytes())
    (tmp_path / "model.keras").write_bytes(b"")
    capsys.readouterr()

    assert exit_code(["predict", str(tmp_path), "x.png"]) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"Error: {tmp_path / 'model.keras'}: changed; got SHA-256 ")


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.mnist
def test_mnist_digits_drawn_as_pngs_are_named_right(
    make_study: MakeStudy,
    tmp_path: Path,
    mnist_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = make_study(tmp_path / "runs" / "m", [(512, 0.97)], str(mnist_path), CLASSIC)
    assert exit_code(["export", "m", "--runs-dir", str(run.root.parent)]) == 0
    with np.load(mnist_path, allow_pickle=False) as stored:
        images, labels = stored["x_test"][:100], stored["y_test"][:100]
    drawn = {"plain": images, "inverted": 255 - images}
    for name, variant in drawn.items():
        for number, image in enumerate(variant):
            Image.fromarray(image).save(tmp_path / f"{name}-{number:03d}.png")
    for number, image in enumerate(images):
        large = Image.fromarray(255 - image).resize((280, 280), Image.Resampling.BICUBIC)
        large.convert("RGB").save(tmp_path / f"large-{number:03d}.jpg")
    capsys.readouterr()

    for kind in ("plain-*.png", "inverted-*.png", "large-*.jpg"):
        files = [str(path) for path in sorted(tmp_path.glob(kind))]
        assert exit_code(["predict", str(run.best), *files, "--json"]) == 0
        found = [one["class"] for one in json.loads(capsys.readouterr().out)]
        right = sum(int(name) == label for name, label in zip(found, labels, strict=True))
        assert right >= 97, (kind, right)


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_what_is_unlike_the_training_data_is_warned_of_and_shown(
    digits_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_digits().test.inputs[0].reshape(8, 8)
    noise = np.random.default_rng(3).integers(0, 17, (8, 8))
    np.save(tmp_path / "both.npy", np.stack([known, 16 - known, noise]))
    capsys.readouterr()
    asked = ["predict", str(digits_bundle), str(tmp_path / "both.npy")]
    assert exit_code([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["distance"] > 1 for one in found] == [False, True, True]
    assert found[0]["warnings"] == []
    assert found[1]["warnings"][0] == (
        f"unlike the training data: {found[1]['distance']:.1f} times as far from every class as "
        "99.9 % of the inputs that the network learned from"
    )
    assert exit_code([*asked, "--show"]) == 0
    lines = capsys.readouterr().out.replace(str(tmp_path), "HERE").splitlines()
    assert f"HERE/both.npy [1]: warning: {found[1]['warnings'][0]}" in lines
    place = next(i for i, line in enumerate(lines) if line.startswith("HERE/both.npy [0]: "))
    # Eight rows of pixels are four lines below the class.
    assert lines[0] == found[0]["class"]
    assert place == 5
    assert exit_code([*asked, "--show", "--json"]) == 2

"""`predict`: classify images, or rows of a table, with a bundle's network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from reports.numbers import percent
from search_spaces.faults import Fault, FaultError, fault
from study.bundle.predict_inputs import read_inputs
from study.bundle.read import Bundle, read_bundle
from study.bundle.typical import WITHIN
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.confirmation.baseline_text import draw_samples
from study.data.describe import sample
from study.data.prepared import prepared_inputs
from study.workflows.classify import classify

# Below it no class is more probable than all others together.
UNSURE = 0.5


@dataclass(frozen=True)
class Prediction:
    """What an input was taken for: class probabilities (0-1), by class in the data set's order.

    `index` counts the rows of one file from 0. `distance` is that from the nearest class, in the
    distance within which 99.9 % of its training inputs lie; None in a bundle that does not know.
    """

    path: str
    index: int
    probabilities: dict[str, float]
    distance: float | None = None

    @property
    def best(self) -> str:
        """Return the most probable class."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say why this answer may mean nothing."""
        found = []
        if self.distance is not None and self.distance > 1:
            found.append(
                f"unlike the training data: {self.distance:.1f} times as far from every class as "
                f"{100 * WITHIN:.1f} % of the inputs that the network learned from"
            )
        ordered = sorted(self.probabilities, key=lambda name: -self.probabilities[name])
        if self.probabilities[ordered[0]] < UNSURE:
            names = (f"{name} ({percent(self.probabilities[name])})" for name in ordered[:3])
            found.append(f"unsure: {', '.join(names)}")
        return tuple(found)


@click.command(
    "predict", epilog=examples("dense-study predict runs/four-digits/best seven.png --json")
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument(
    "images", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@as_json("Print all probabilities as JSON.")
@click.option("--show", is_flag=True, help="Draw each image as the network gets it.")
@click.option("--raw", is_flag=True, help="Give the network's own probabilities.")
def command(*, bundle: Path, images: tuple[Path, ...], as_json: bool, show: bool, raw: bool) -> int:
    """Classify PNG, JPEG and .npy files, or the rows of tables (CSV, Parquet and others).

    For a bundle of a table: columns are found by their names, in any order; the target may be among
    them or not.

    Images turn to grey, are inverted where their border is bright and the training images' is dark
    (or the other way round), are scaled by area averaging as large as they fit, centred and padded
    with the background. Arrays are taken as they are: in the data set's own shape and scale.

    A warning says where an input is unlike the training data, or no class is more probable than all
    others together. Probabilities are the network's own, which are often too sure, with the
    temperature of the bundle where it has one.
    """
    if as_json and show:
        raise click.UsageError("--show draws for the eye: leave out --json")
    found = read_bundle(bundle)
    if show and found.manifest.about.columns:
        what = "draws images, and this network is for rows of a table"
        raise fault("--show", what, allowed="leave it out")
    inputs = _read_all(found, images)
    predictions = predict(found, images, inputs, raw=raw)
    temperature = found.manifest.temperature
    if temperature is not None and not raw:
        options.say_beside(
            f"The probabilities are calibrated by the bundle's temperature, {temperature:.3g}; "
            "--raw gives the network's own."
        )
    if as_json:
        say(json.dumps([_as_json(one) for one in predictions], indent=1))
        return 0
    several = len({one.path for one in predictions}) < len(predictions)
    for one, row in zip(predictions, np.concatenate(inputs), strict=True):
        place = f"{one.path} [{one.index}]" if several else one.path
        if show:
            say(draw_samples([sample(row, one.best, found.manifest.about)], 1))
        say(f"{place}: {one.best} ({percent(one.probabilities[one.best])})")
        for warning in one.warnings:
            say(f"{place}: warning: {warning}")
    return 0


def predict(
    bundle: Bundle,
    images: Sequence[Path],
    inputs: Sequence[NDArray[np.float32]],
    *,
    raw: bool = False,
) -> list[Prediction]:
    """Return a prediction for every row of every file's inputs; raises FaultError.

    The bundle's temperature is applied, where it has one and `raw` is not asked for.
    """
    about = bundle.manifest.about
    rows = np.concatenate(inputs)
    chances = classify(bundle, rows, raw=raw)
    typical = bundle.typical
    distances = (
        typical.distances(_as_trained(bundle, rows)).tolist()
        if typical is not None
        else [None] * len(rows)
    )
    places = [
        (str(path), index)
        for path, values in zip(images, inputs, strict=True)
        for index in range(len(values))
    ]
    return [
        Prediction(path, index, dict(zip(about.classes, row, strict=True)), distance)
        for (path, index), row, distance in zip(places, chances.tolist(), distances, strict=True)
    ]


def _as_trained(bundle: Bundle, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows as the network takes them."""
    inputs = prepared_inputs(rows, bundle.preparation)
    return np.asarray(inputs / np.float32(bundle.manifest.about.full_scale), dtype=np.float32)


def _read_all(bundle: Bundle, images: Sequence[Path]) -> list[NDArray[np.float32]]:
    faults: list[Fault] = []
    inputs = []
    for path in images:
        try:
            about, bright = bundle.manifest.about, bundle.manifest.bright_background
            say_note = options.say_beside
            inputs.append(read_inputs(path, about, bright_background=bright, say=say_note))
        except FaultError as error:
            faults += error.faults
    if faults:
        raise FaultError(*faults)
    return inputs


def _as_json(one: Prediction) -> dict[str, object]:
    return {
        "path": one.path,
        "index": one.index,
        "class": one.best,
        "probability": one.probabilities[one.best],
        "probabilities": one.probabilities,
        "distance": one.distance,
        "warnings": list(one.warnings),
    }

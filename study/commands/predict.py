"""`predict`: classify images with a bundle's network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from reports.numbers import percent
from search_spaces.faults import Fault, FaultError
from study.bundle.predict_inputs import read_inputs
from study.bundle.read import Bundle, read_bundle
from study.commands.examples import examples
from study.commands.streams import say
from study.workflows.classify import classify


@dataclass(frozen=True)
class Prediction:
    """What an input was taken for: class probabilities (0-1), by class in the data set's order.

    `index` counts the rows of one file from 0.
    """

    path: str
    index: int
    probabilities: dict[str, float]

    @property
    def best(self) -> str:
        """Return the most probable class."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


@click.command(
    "predict", epilog=examples("dense-study predict runs/four-digits/best seven.png --json")
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument(
    "images", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="IMAGE..."
)
@click.option("--json", "as_json", is_flag=True, help="Print all probabilities as JSON.")
def command(*, bundle: Path, images: tuple[Path, ...], as_json: bool) -> int:
    """Classify PNG, JPEG and .npy files.

    Images turn to grey, are inverted where their border is bright and the training images' is dark
    (or the other way round), are scaled by area averaging as large as they fit, centred and padded
    with the background. Arrays are taken as they are: in the data set's own shape and scale.
    """
    predictions = predict(read_bundle(bundle), images)
    if as_json:
        say(json.dumps([_as_json(one) for one in predictions], indent=1))
        return 0
    several = len({one.path for one in predictions}) < len(predictions)
    for one in predictions:
        place = f"{one.path} [{one.index}]" if several else one.path
        say(f"{place}: {one.best} ({percent(one.probabilities[one.best])})")
    return 0


def predict(bundle: Bundle, images: Sequence[Path]) -> list[Prediction]:
    """Return a prediction for every input; raises FaultError with the faults of all files."""
    about = bundle.manifest.about
    inputs = _read_all(bundle, images)
    chances = classify(bundle, np.concatenate(inputs))
    places = [
        (str(path), index)
        for path, values in zip(images, inputs, strict=True)
        for index in range(len(values))
    ]
    return [
        Prediction(path, index, dict(zip(about.classes, row, strict=True)))
        for (path, index), row in zip(places, chances.tolist(), strict=True)
    ]


def _read_all(bundle: Bundle, images: Sequence[Path]) -> list[NDArray[np.float32]]:
    faults: list[Fault] = []
    inputs = []
    for path in images:
        try:
            about, bright = bundle.manifest.about, bundle.manifest.bright_background
            inputs.append(read_inputs(path, about, bright_background=bright))
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
    }

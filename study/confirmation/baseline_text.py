"""The baseline's walk-through as text: samples, shapes, labels, results."""

from collections.abc import Sequence

import numpy as np

from reports.data_record import DataRecord, Sample
from reports.measure_words import amount_words, value_words
from reports.numbers import percent, plural, size_words
from reports.record import Interval
from reports.statistics.groups import count_groups
from reports.statistics.scores import Scores, of_one_score
from reports.turned import turned
from reports.verdict import incomparable
from reports.verdict_words import level_words, published_words
from search_spaces.measures import Measure, MeasureName
from search_spaces.space import PublishedNumber
from study.config import TrainConfig
from study.confirmation.baseline_runs import Tested
from study.data.values import About, TrainingData
from study.engine.results import EpochResult

_RAMP = " .:-=+*#%@"
_WIDTH = 80


def draw_samples(samples: Sequence[Sample], count: int) -> str:
    """Draw images side by side in characters, two rows of pixels a line, over their classes."""
    shown = [sample for sample in samples if sample.rows][:count]
    if not shown:
        return "(the inputs are no images)"
    wide = max(len(shown[0].rows[0]), *(len(sample.label) for sample in shown)) + 2
    a_line = max(1, _WIDTH // wide)
    lines: list[str] = []
    for first in range(0, len(shown), a_line):
        block = shown[first : first + a_line]
        drawn = [_draw(sample) for sample in block]
        lines.append("".join(sample.label.ljust(wide) for sample in block).rstrip())
        rows = zip(*drawn, strict=True)
        lines.extend("".join(text.ljust(wide) for text in row).rstrip() for row in rows)
    return "\n".join(lines)


def _draw(sample: Sample) -> list[str]:
    # A character is about twice as high as wide.
    pairs = [sample.rows[i : i + 2] for i in range(0, len(sample.rows), 2)]
    means = [[sum(column) / len(pair) for column in zip(*pair, strict=True)] for pair in pairs]
    return ["".join(_RAMP[int(grey * len(_RAMP) / 256)] for grey in row) for row in means]


def data_words(training: TrainingData, data: DataRecord) -> str:
    """Say what the data is before and after preprocessing, and how labels enter the loss."""
    about, examples, inputs = training.about, training.examples, training.about.inputs
    n, features = examples.inputs.shape
    shape = " x ".join(map(str, (n, *about.image_shape)))
    label = int(examples.labels[0])
    one_hot = " ".join("1" if code == label else "0" for code in range(len(about.classes)))
    kind = examples.inputs.dtype.name
    classes = plural(len(about.classes), "class", "classes")
    sizes = f"{n:,} training {inputs}, {data.test_n:,} sealed test {inputs}"
    lines = (
        f"data {about.name}: {sizes}, {classes}",
        *_input_words(about, (shape, kind), (n, features)),
        f"labels: {n} whole numbers; the first is {label}, class {about.classes[label]}",
        f"as one-hot vector of length {len(about.classes)}: {one_hot}",
        f"loss: categorical cross-entropy, -sum(one-hot x log(prediction)), {_mean_over(about)}",
    )
    return "\n".join(lines)


def _mean_over(about: About) -> str:
    if about.weight:
        return f"mean over {about.inputs}, each as often as column {about.weight} says"
    return f"mean over {about.inputs}"


def _input_words(about: About, before: tuple[str, str], after: tuple[int, int]) -> tuple[str, ...]:
    shape, kind = before
    if about.columns:
        return (
            f"inputs before preprocessing: {shape}, {kind}: rows and columns of a table",
            "inputs after preprocessing: numbers scaled, categories one-hot, by training rows",
        )
    return (
        f"inputs before preprocessing: {shape}, {kind}, 0 to {about.full_scale:g}",
        f"inputs after preprocessing: {after[0]} x {after[1]}, float32, 0 to 1",
    )


def config_words(config: TrainConfig) -> str:
    """Say how the baseline is trained."""
    return (
        f"training: {config.optimizer}, learning rate {config.learning_rate:g}, "
        f"batch size {config.batch_size}, {plural(config.epochs, 'epoch')}, "
        f"dropout {config.dropout:g}, {config.activation}"
    )


def epoch_words(epoch: EpochResult, epochs: int) -> str:
    """Say how an epoch went."""
    seconds = f"{epoch.seconds:.1f} s"
    return f"epoch {epoch.epoch}/{epochs}: training loss {epoch.train_loss:.4f}, {seconds}"


def test_words(tested: Tested, seed: int) -> str:
    """Say what one network reached on the test split, with the interval of its rows alone."""
    own, measure = tested.scores, tested.scores.measure
    ends = of_one_score(own, tested.groups)
    size = size_words(own.shape[1], count_groups(tested.groups), weighted_n=_weighted_n(own))
    what = "weighted test loss" if _weighted_n(own) is not None else "test loss"
    return (
        f"{what} {tested.loss:.4f}, test {measure.title} {value_words(measure.name, own.value)} "
        f"({size}, seed {seed}; "
        f"95 % interval of this one network {_range(measure, ends)}){_accuracy_beside(own)}"
    )


def beside_published(
    published: PublishedNumber | None, data: str, measure: MeasureName = "accuracy"
) -> str:
    """Set the published figure beside it, or say why there is nothing to compare."""
    if published is None:
        return "the space names no published accuracy"
    number = value_words(published.is_of, published.number)
    figure = f"published: {number} ({published_words(published)})"
    other = incomparable(published, data, measure)
    return figure if other is None else f"{figure}. Not comparable: {other}"


def distribution_words(seeds: Sequence[int], own: Scores, interval: Interval | None) -> str:
    """Say what each seed reached, and their mean, its interval, and the spread between seeds.

    `interval` is of scores, of which more is better; None where there is one seed.
    """
    measure, n = own.measure, own.shape[1]
    of = "" if measure.name == "accuracy" else f"{measure.title} "
    values = [measure.oriented(float(one)) for one in own.means]
    size = size_words(n, weighted_n=_weighted_n(own))
    lines = [
        f"seed {seed}: {of}{value_words(measure.name, value)} on test, {size}"
        for seed, value in zip(seeds, values, strict=True)
    ]
    if interval is not None:
        sd = amount_words(measure.name, float(np.std(values, ddof=1)))
        lowest, highest = (value_words(measure.name, end) for end in (min(values), max(values)))
        lines.append(
            f"mean {of}{value_words(measure.name, own.value)} on test, {size}, "
            f"{plural(len(seeds), 'seed')}; standard deviation between seeds {sd}, "
            f"from {lowest} to {highest}; {level_words(interval.level)} interval of the mean "
            f"{_range(measure, interval)}{_accuracy_beside(own)}"
        )
    return "\n".join(lines)


def _accuracy_beside(own: Scores) -> str:
    return "" if own.rows is None else f"; accuracy {percent(float(own.accuracies.mean()))}"


def _weighted_n(own: Scores) -> float | None:
    return None if own.rows is None else own.rows.weighted_n


def _range(measure: Measure, interval: Interval) -> str:
    ends = turned(interval, measure.name)
    # A limit of 0 has no sign of its own.
    return " to ".join(value_words(measure.name, end + 0.0) for end in (ends.low, ends.high))

"""The baseline's walk-through as text: samples, shapes, labels, results."""

from collections.abc import Sequence

import numpy as np

from reports.data_record import DataRecord, Sample
from reports.measure_words import value_words
from reports.numbers import percent, plural, size_words
from reports.record import Interval
from reports.statistics.crossed import Correct, mean_accuracy
from reports.statistics.groups import count_groups, effective_groups
from reports.statistics.intervals import of_one_network
from reports.verdict import incomparable
from reports.verdict_words import published_words
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
        f"loss: categorical cross-entropy, -sum(one-hot x log(prediction)), mean over {inputs}",
    )
    return "\n".join(lines)


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
    """Say what one network reached on the test split, with its exact binomial interval."""
    own = of_one_network(tested.accuracy, effective_groups(tested.groups, tested.n))
    size = size_words(tested.n, count_groups(tested.groups))
    return (
        f"test loss {tested.loss:.4f}, test accuracy {percent(tested.accuracy)} "
        f"({size}, seed {seed}; "
        f"95 % interval of this one network {_range(own)})"
    )


def beside_published(published: PublishedNumber | None, data: str) -> str:
    """Set the published figure beside it, or say why there is nothing to compare."""
    if published is None:
        return "the space names no published accuracy"
    number = value_words(published.is_of, published.number)
    figure = f"published: {number} ({published_words(published)})"
    other = incomparable(published, data, "accuracy")
    return figure if other is None else f"{figure}. Not comparable: {other}"


def distribution_words(seeds: Sequence[int], correct: Correct) -> str:
    """Say what each seed reached, and their mean and spread."""
    accuracies = correct.mean(axis=1)
    n = correct.shape[1]
    lines = [
        f"seed {seed}: {percent(float(accuracy))} on test, n = {n:,}"
        for seed, accuracy in zip(seeds, accuracies, strict=True)
    ]
    if len(seeds) > 1:
        spread = mean_accuracy(correct)
        sd = 100 * float(np.std(accuracies, ddof=1))
        lowest, highest = float(accuracies.min()), float(accuracies.max())
        lines.append(
            f"mean {percent(spread.mean)} on test, n = {n:,}, {plural(len(seeds), 'seed')}; "
            f"standard deviation between seeds {sd:.2f} points, "
            f"from {percent(lowest)} to {percent(highest)}"
        )
    return "\n".join(lines)


def _range(interval: Interval) -> str:
    return f"{percent(interval.low)} to {percent(interval.high)}"

"""Measure the training engine against model.fit and against its own matrix products, one thread.

Speed does not depend on what the images show, so these are random ones of MNIST's shape. Every
round runs all sides once, one after another; what is printed are medians over the rounds.
Run: python benchmarks/training.py [--quick]
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# As `study` has it, which must come before TensorFlow: the same kernels on every side.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras  # noqa: E402 threads are counted at the import
import numpy as np  # noqa: E402
import psutil  # noqa: E402
import tensorflow as tf  # noqa: E402

from study.config import TrainConfig, config_from_params  # noqa: E402
from study.data.load import load_data  # noqa: E402
from study.data.split import split_data  # noqa: E402
from study.data.values import About, Examples, Split, TrainingData  # noqa: E402
from study.engine.trainer import Trainer  # noqa: E402
from study.networks.keras_model import build_model, model_inputs  # noqa: E402

DIGITS_SPLIT = Split(seed=0, share=1 / 6)
BATCH = 128


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer images, rounds and trials")
    quick = parser.parse_args().quick
    print(
        f"tensorflow {version('tensorflow')}, keras {version('keras')}, numpy {version('numpy')};"
        " one thread on every side"
    )
    # Memory first: what fit leaves behind is not the engine's.
    memory_over_trials(60 if quick else 200)
    trials_on_digits(6 if quick else 20)
    images = 12_800 if quick else 60_000
    rounds = 3 if quick else 5
    for width in (128, 512, 1024):
        epochs_of_width(width, images, rounds)


def random_images(n: int) -> TrainingData:
    """Return n random images of MNIST's shape."""
    rng = np.random.default_rng(0)
    about = About("random", (28, 28), tuple("0123456789"), 255.0, "0" * 64, 0)
    inputs = rng.integers(0, 256, (n, 784)).astype(np.uint8)
    return TrainingData(about, Examples(inputs, rng.integers(0, 10, n).astype(np.int32)))


def epochs_of_width(width: int, images: int, rounds: int) -> None:
    """Print seconds an epoch of two hidden layers of a width, baseline otherwise."""
    data = random_images(images)
    config = config_from_params({"width": width, "batch_size": BATCH, "epochs": rounds + 1})
    sides: dict[str, Callable[[], object]] = {
        "products": products_of(width, images),
        "fit": fit_of(config, data, steps_per_execution=1),
        "fit, 64 steps an execution": fit_of(config, data, steps_per_execution=64),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ("engine", *sides)}
    for side in sides.values():
        side()

    def other_sides(result: object) -> bool:
        seconds["engine"].append(result.seconds)  # type: ignore[attr-defined]
        for name, side in sides.items():
            seconds[name].append(timed(side))
        return False

    Trainer(data).train(config, 1, None, other_sides)
    medians = {name: statistics.median(times[1:]) for name, times in seconds.items()}
    engine = medians["engine"]
    print(f"\n784-{width}-{width}-10, batch {BATCH}, n = {images}, {rounds} rounds: an epoch")
    for name, median in medians.items():
        spread = f"{min(seconds[name][1:]):.2f}-{max(seconds[name][1:]):.2f}"
        print(f"  {name:27s} {median:7.2f} s ({spread})  {median / engine:5.2f} x engine")
    print(f"  engine at {medians['products'] / engine:.2f} of the limit of its matrix products")


def timed(action: Callable[[], object]) -> float:
    """Return the seconds an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def fit_of(
    config: TrainConfig, data: TrainingData, steps_per_execution: int
) -> Callable[[], object]:
    """Return one epoch of model.fit, model and data made beforehand."""
    model = compiled(config, 784, 10, steps_per_execution)
    inputs, labels = model_inputs(data.examples, data.about), data.examples.labels
    return lambda: model.fit(inputs, labels, batch_size=config.batch_size, epochs=1, verbose=0)


def compiled(
    config: TrainConfig, features: int, classes: int, steps_per_execution: int = 1
) -> keras.Model:
    """Return the config's Keras model, ready for fit with Adam."""
    model = build_model(config, features, classes)
    model.compile(
        keras.optimizers.Adam(config.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return model


def products_of(width: int, images: int) -> Callable[[], object]:
    """Return an epoch's eight matrix products a step and nothing else, in one tf.function."""
    rng = np.random.default_rng(0)

    def random(*shape: int) -> tf.Tensor:
        return tf.constant(rng.normal(size=shape), tf.float32)

    x, h, o = random(4 * BATCH, 784), random(4 * BATCH, width), random(4 * BATCH, 10)
    first, second, third = random(784, width), random(width, width), random(width, 10)

    def epoch(steps: tf.Tensor, *operands: tf.Tensor) -> tf.Tensor:
        return tf.while_loop(
            lambda step, _: step < steps,
            lambda step, total: (step + 1, total + one_step(step, *operands)),
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )[1]

    def one_step(step: tf.Tensor, *operands: tf.Tensor) -> tf.Tensor:
        # Another batch each step, and a number of each product: nothing can be left out.
        begin = step % 4 * BATCH
        x, h, o = (operand[begin : begin + BATCH] for operand in operands[:3])
        first, second, third = operands[3:]
        products = [
            tf.matmul(x, first),
            tf.matmul(h, second),
            tf.matmul(h, third),
            tf.matmul(h, o, transpose_a=True),
            tf.matmul(o, third, transpose_b=True),
            tf.matmul(h, h, transpose_a=True),
            tf.matmul(h, second, transpose_b=True),
            tf.matmul(x, h, transpose_a=True),
        ]
        return tf.add_n([product[0, 0] for product in products])

    steps = tf.constant(-(-images // BATCH))
    traced = tf.function(epoch)
    return lambda: float(traced(steps, x, h, o, first, second, third))


def trials_on_digits(trials: int) -> None:
    """Print seconds a ten-epoch trial of mixed width and batch size, in one process each."""
    training = load_data("digits", os.environ).training
    seen = split_data(training, DIGITS_SPLIT)
    validation = seen.validation
    assert validation is not None
    inputs, held = (model_inputs(part, seen.about) for part in (seen.train, validation))
    trainer = Trainer(training)
    seconds: dict[str, list[float]] = {"engine": [], "fit": []}
    for trial in range(trials + 1):
        config = mixed(trial)

        def fit(config: TrainConfig = config) -> object:
            return compiled(config, inputs.shape[1], 10).fit(
                inputs,
                seen.train.labels,
                validation_data=(held, validation.labels),
                batch_size=config.batch_size,
                epochs=config.epochs,
                verbose=0,
            )

        def train(config: TrainConfig = config, seed: int = trial) -> object:
            return trainer.train(config, seed, DIGITS_SPLIT, lambda _: False)

        seconds["engine"].append(timed(train))
        seconds["fit"].append(timed(fit))
    assert trainer.traces == 1
    engine, plain = (statistics.median(times[1:]) for times in seconds.values())
    print(
        f"\ndigits, n = {seen.train.n}, ten epochs, {trials} trials of mixed shape after the first"
    )
    print(f"  engine {engine:.3f} s, first {seconds['engine'][0]:.2f} s; fit {plain:.3f} s")
    print(f"  fit / engine = {plain / engine:.1f}; traces of the engine: {trainer.traces}")


def mixed(trial: int) -> TrainConfig:
    """Return the config of a trial: drawn as the space `four` has it, ten epochs."""
    rng = np.random.default_rng(trial)
    return config_from_params(
        {
            "width": round(64 * 16 ** rng.uniform()),
            "batch_size": round(32 * 16 ** rng.uniform()),
            "dropout": rng.uniform(0.01, 0.6),
            "epochs": 10,
        }
    )


def memory_over_trials(trials: int) -> None:
    """Print how resident memory grows over trials of mixed shape, after ten to warm up."""
    process = psutil.Process()
    trainer = Trainer(load_data("digits", os.environ).training)
    sizes = []
    for trial in range(trials + 10):
        trainer.train(mixed(trial), trial, DIGITS_SPLIT, lambda _: False)
        sizes.append(process.memory_info().rss / 1e6)
    growth = sizes[-1] - sizes[9]
    print(f"\nresident memory over {trials} trials of mixed shape: {growth:+.1f} MB")
    marks = ", ".join(f"{sizes[9 + trials * part // 4]:.0f}" for part in range(5))
    print(f"  at the start, the quarters and the end: {marks} MB")


if __name__ == "__main__":
    main()

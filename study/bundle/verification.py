"""Verify a bundle: retrain by its config and compare weights, or else accuracy."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.fold_words import rows_words
from reports.measure_words import value_words
from reports.numbers import percent
from reports.opening import Purpose
from search_spaces.faults import fault
from search_spaces.measures import MEASURES
from study.bundle.read import Bundle
from study.bundle.retraining import Train, finished
from study.bundle.testing import test_networks
from study.data.load import LoadedData
from study.data.prepared import preparation_of, prepared_inputs
from study.data.values import Split
from study.engine.weights import Weights, weights_hash
from study.executors.protocol import Job
from study.machine import versions
from study.networks.tasks import Ask, Classify, network_process

# A mean over rows differs by no more from one machine to another; single rows may change sides.
_ROUNDING = 0.003


@dataclass(frozen=True)
class Verified:
    """How a bundle proved itself: to the bit, or by an accuracy in the range it states."""

    to_the_bit: bool
    sentence: str


@dataclass(frozen=True)
class VerifyContext:
    """What a verification works with; `ledger` is where an opening of the test split is noted."""

    train: Train
    log: Path
    ledger: Path
    say: Callable[[str], None] = lambda _: None


def verify_weights(bundle: Bundle, loaded: LoadedData, context: VerifyContext) -> Verified:
    """Retrain and return how the bundle proved itself; raises FaultError where it does not.

    On the machine and versions it was trained with, the weights must be equal to the bit. Elsewhere
    the bundle's own weights must do what is claimed for them, and the retrained ones must reach an
    accuracy in the stated range and near the claim; for one on the test split that is opened.
    """
    manifest = bundle.manifest
    found, expected = loaded.training.about.fingerprint, manifest.about.fingerprint
    if found != expected:
        what = "this is not the data that the bundle was trained on"
        raise fault("--data", what, found[:16], expected[:16])
    with network_process(context.log) as ask:
        own = _own_weights(bundle, ask)
    job = Job(0, bundle.config, manifest.seed, expected, None, keep_weights=True)
    end = finished(str(bundle.folder), context.train(job))
    if end.result.weights_hash == manifest.weights_hash:
        hashed = manifest.weights_hash[:16]
        return Verified(True, f"retrained weights are equal to the bit (SHA-256 {hashed}…)")
    if (manifest.versions, manifest.machine) == (versions(), end.machine):
        what = "retraining on the same machine and versions gave other weights"
        got, allowed = end.result.weights_hash[:16], manifest.weights_hash[:16]
        raise fault(f"{bundle.folder}, model.keras", what, f"{got}…", f"{allowed}…")
    if end.weights is None:
        raise fault(str(bundle.folder), "the worker gave no weights back")
    context.say("The weights differ, as on another machine or other versions they may.")
    verify = _verify_on_test if manifest.claim.split == "test" else _verify_on_validation
    return verify(bundle, loaded, context, (own, end.weights))


def _own_weights(bundle: Bundle, ask: Ask) -> Weights:
    own: Weights = ask(bundle.network)
    found = weights_hash(own)
    if found != bundle.manifest.weights_hash:
        where = str(bundle.network.path)
        what = "holds other weights than the manifest names"
        raise fault(where, what, f"{found[:16]}…", f"{bundle.manifest.weights_hash[:16]}…")
    return own


def _verify_on_test(
    bundle: Bundle, loaded: LoadedData, context: VerifyContext, weights: tuple[Weights, Weights]
) -> Verified:
    """Open the test split for the bundle's own weights and the retrained ones."""
    claim = bundle.manifest.claim
    manifest = bundle.manifest
    purpose = Purpose("verify", manifest.candidate, seeds=1, seed=manifest.seed)
    context.say(f"Opening the test split for both weights; noted in {context.ledger}.")
    own, again = test_networks(
        loaded, bundle.config, weights, (context.ledger, purpose), context.log, claim.measure
    )
    # The same weights on the same images: another machine's rounding decides a few at most.
    if abs(own.accuracy - claim.accuracy) * claim.n > max(2.0, claim.n / 1000):
        what = "the bundle's own weights do not reach the accuracy that is claimed for them"
        raise fault(str(bundle.network.path), what, percent(own.accuracy), percent(claim.accuracy))
    if claim.measure is not None and not _is_the_same(own.value, claim.value):
        title = MEASURES[claim.measure].title
        what = f"the bundle's own weights do not reach the {title} that is claimed for them"
        got, allowed = (value_words(claim.measure, one) for one in (own.value, claim.value))
        raise fault(str(bundle.network.path), what, got, allowed)
    return _reached(bundle, again.accuracy)


def _verify_on_validation(
    bundle: Bundle, loaded: LoadedData, context: VerifyContext, weights: tuple[Weights, Weights]
) -> Verified:
    """Compare both weights on all they were trained on, and retrain for the claim's own split.

    The bundle's own weights have seen the claim's validation images, so that these say nothing.
    """
    about, examples = loaded.training.about, loaded.training.examples
    preparation = preparation_of(loaded.training, None, bundle.config)
    inputs = prepared_inputs(examples.inputs, preparation)
    with network_process(context.log) as ask:
        found = [ask(Classify(bundle.config, one, inputs, about)) for one in weights]
    own, again = (float((one.argmax(axis=1) == examples.labels).mean()) for one in found)
    if not _is_near(own, again, examples.n):
        what = (
            f"the bundle's own weights know less of the training {about.inputs} than retrained ones"
        )
        raise fault(str(bundle.network.path), what, percent(own), f"near {percent(again)}")
    return _reached(bundle, _validation_accuracy(bundle, context))


def _reached(bundle: Bundle, accuracy: float) -> Verified:
    """Hold a retraining's accuracy to the stated range, and to the claim itself.

    The range is the manifest's own word; alone it would prove nothing.
    """
    claim = bundle.manifest.claim
    rows = rows_words(claim.n, claim.folds)
    found = (
        f"{claim.split} accuracy {percent(accuracy)} ({rows}, seed {claim.seed}), stated "
        f"range {percent(claim.low)} to {percent(claim.high)}: {claim.basis}"
    )
    if not claim.low <= accuracy <= claim.high:
        raise fault(str(bundle.folder), "the retraining's accuracy is out of the range", found)
    if not _is_near(accuracy, claim.accuracy, claim.n):
        what = "the retraining's accuracy is far from the one that is claimed"
        raise fault(str(bundle.folder), what, found, f"near {percent(claim.accuracy)}")
    return Verified(False, f"retrained {found}")


def _is_the_same(own: float | None, claimed: float | None) -> bool:
    """Tell whether the same weights on the same rows gave both values, on whatever machine."""
    if own is None or claimed is None:
        return own is claimed
    return math.isclose(own, claimed, rel_tol=_ROUNDING, abs_tol=_ROUNDING)


def _is_near(one: float, other: float, n: int) -> bool:
    """Tell whether two trainings' accuracies on n images may differ by seed and rounding alone.

    That is three standard deviations of a difference of two binomial shares, at least 5 points.
    """
    middle = (one + other) / 2
    return abs(one - other) <= max(3 * math.sqrt(2 * middle * (1 - middle) / n), 0.05)


def _validation_accuracy(bundle: Bundle, context: VerifyContext) -> float:
    claim = bundle.manifest.claim
    if claim.split_seed is None or claim.share is None:
        raise fault(str(bundle.folder), "the claim names no validation split")
    split = Split(claim.split_seed, claim.share, claim.folds)
    fingerprint = bundle.manifest.about.fingerprint
    job = Job(1, bundle.config, claim.seed, fingerprint, split)
    accuracy = finished(str(bundle.folder), context.train(job)).result.accuracy
    if accuracy is None:
        raise fault(str(bundle.folder), "the worker measured no accuracy")
    return accuracy

"""Verify a bundle: retrain by its config and compare weights, or else accuracy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.numbers import percent
from reports.opening import Purpose
from search_spaces.faults import fault
from study.bundle.processor import place
from study.bundle.read import Bundle
from study.bundle.retraining import Train, finished
from study.bundle.testing import test_accuracies
from study.data.load import LoadedData
from study.data.values import Split
from study.engine.weights import weights_hash
from study.executors.protocol import Finished, Job
from study.machine import versions
from study.networks.tasks import Ask, network_process


@dataclass(frozen=True)
class Verified:
    """How a bundle proved itself: to the bit, or by an accuracy in the range it states."""

    to_the_bit: bool
    sentence: str


@dataclass(frozen=True)
class VerifyContext:
    """What a verification works with; `ledger` is where an opening of the test split is noted.

    `here` are versions and machine, to be compared with the manifest's.
    """

    train: Train
    log: Path
    ledger: Path
    say: Callable[[str], None] = lambda _: None
    here: tuple[Mapping[str, str], str] | None = None


def verify_weights(bundle: Bundle, loaded: LoadedData, context: VerifyContext) -> Verified:
    """Retrain and return how the bundle proved itself; raises FaultError where it does not.

    On the machine and versions it was written with, the weights must be equal to the bit. Elsewhere
    an accuracy in the stated range will do; for one on the test split that split is opened.
    """
    manifest = bundle.manifest
    found, expected = loaded.training.about.fingerprint, manifest.about.fingerprint
    if found != expected:
        what = "this is not the data that the bundle was trained on"
        raise fault("--data", what, found[:16], expected[:16])
    with network_process(context.log) as ask:
        _check_network(bundle, ask)
    job = Job(0, bundle.config, manifest.seed, expected, None, keep_weights=True)
    end = finished(str(bundle.folder), context.train(job))
    if end.result.weights_hash == manifest.weights_hash:
        hashed = manifest.weights_hash[:16]
        return Verified(True, f"retrained weights are equal to the bit (SHA-256 {hashed}…)")
    if (manifest.versions, manifest.machine) == (context.here or (versions(), place())):
        what = "retraining on the same machine and versions gave other weights"
        got, allowed = end.result.weights_hash[:16], manifest.weights_hash[:16]
        raise fault(f"{bundle.folder}, model.keras", what, f"{got}…", f"{allowed}…")
    context.say("The weights differ, as on another machine or other versions they may.")
    return _verify_accuracy(bundle, loaded, context, end)


def _check_network(bundle: Bundle, ask: Ask) -> None:
    found = weights_hash(ask(bundle.network))
    if found != bundle.manifest.weights_hash:
        where = str(bundle.network.path)
        what = "holds other weights than the manifest names"
        raise fault(where, what, f"{found[:16]}…", f"{bundle.manifest.weights_hash[:16]}…")


def _verify_accuracy(
    bundle: Bundle, loaded: LoadedData, context: VerifyContext, end: Finished
) -> Verified:
    claim = bundle.manifest.claim
    if claim.split == "test":
        accuracy = _test_accuracy(bundle, loaded, context, end)
    else:
        accuracy = _validation_accuracy(bundle, context)
    found = (
        f"{claim.split} accuracy {percent(accuracy)} (n = {claim.n:,}, seed {claim.seed}), stated "
        f"range {percent(claim.low)} to {percent(claim.high)}: {claim.basis}"
    )
    if not claim.low <= accuracy <= claim.high:
        raise fault(str(bundle.folder), "the retraining's accuracy is out of the range", found)
    return Verified(False, f"retrained {found}")


def _test_accuracy(
    bundle: Bundle, loaded: LoadedData, context: VerifyContext, end: Finished
) -> float:
    if end.weights is None:
        raise fault(str(bundle.folder), "the worker gave no weights back")
    manifest = bundle.manifest
    purpose = Purpose("verify", manifest.candidate, seeds=1, seed=manifest.seed)
    context.say(f"Opening the test split for the retrained weights; noted in {context.ledger}.")
    noted = context.ledger, purpose
    return test_accuracies(loaded, bundle.config, [end.weights], noted, context.log)[0]


def _validation_accuracy(bundle: Bundle, context: VerifyContext) -> float:
    claim = bundle.manifest.claim
    if claim.split_seed is None or claim.share is None:
        raise fault(str(bundle.folder), "the claim names no validation split")
    split = Split(claim.split_seed, claim.share)
    fingerprint = bundle.manifest.about.fingerprint
    job = Job(1, bundle.config, claim.seed, fingerprint, split)
    accuracy = finished(str(bundle.folder), context.train(job)).result.accuracy
    if accuracy is None:
        raise fault(str(bundle.folder), "the worker measured no accuracy")
    return accuracy

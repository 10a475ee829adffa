"""A whole bundle: written, looked over, damaged, verified, its networks held to one another."""

import hashlib
import json
import runpy
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from reports.opening import Purpose
from search_spaces.faults import FaultError
from study.bundle.manifest import MANIFEST, read_manifest, render_manifest
from study.bundle.read import read_bundle
from study.bundle.retraining import Train
from study.bundle.verification import VerifyContext, verify_weights
from study.bundle.write import Target, write_bundle
from study.config import config_from_params
from study.config_file import load_config
from study.data.built_in.digits import read_digits
from study.engine.weights import weights_hash
from study.executors.protocol import Failed, Finished, Job
from study.networks.tasks import Classify, SaveNetwork, network_process
from study.run_dir.ledger import ledger_at, open_ledger
from study.run_dir.plan import read_plan
from study.workflows.workers import trains_alone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]


@pytest.fixture
def copy(confirmed: SimpleNamespace, tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    shutil.copytree(confirmed.bundle, folder)
    return folder


def _reseal(folder: Path, **changes: object) -> None:
    manifest = read_manifest(folder)
    (folder / MANIFEST).write_bytes(render_manifest(replace(manifest, **changes)))


def test_a_bundle_holds_what_its_manifest_says(confirmed: SimpleNamespace) -> None:
    manifest = read_bundle(confirmed.bundle).manifest

    assert [name for name in manifest.files if "/" not in name] == [
        *("card.md", "config.json", "config.toml", "model.keras", "model.onnx", "model.tflite"),
        *("predictions.npz", "train.py", "typical.npz"),
    ]
    assert "saved_model/saved_model.pb" in manifest.files
    first = next(one for one in confirmed.record.confirmation.retrainings if one.stage == "final")
    assert (manifest.candidate, manifest.seed) == ("trial 1", first.seed)
    assert manifest.weights_hash == first.weights_hash
    assert manifest.claim.split == "test"
    assert manifest.claim.low <= manifest.claim.accuracy <= manifest.claim.high
    ledger = open_ledger(confirmed.run)
    assert manifest.ledger_chain is not None
    assert ledger.continues(manifest.ledger_chain)
    config = load_config(confirmed.bundle / "config.toml")
    assert config == config_from_params(first.params)
    in_json = json.loads((confirmed.bundle / "config.json").read_text())
    assert config_from_params(in_json) == config


def test_predictions_are_those_behind_the_verdict(confirmed: SimpleNamespace) -> None:
    with np.load(confirmed.bundle / "predictions.npz", allow_pickle=False) as stored:
        labels, winner, baseline = stored["labels"], stored["winner"], stored["baseline"]

    finals = [one for one in confirmed.record.confirmation.retrainings if one.stage == "final"]
    for side, name in ((winner, "trial 1"), (baseline, "baseline")):
        accuracies = [one.accuracy for one in finals if one.candidate == name]
        assert (side == labels).mean(axis=1).tolist() == accuracies


def test_the_card_says_the_verdict_with_interval_n_and_seeds(confirmed: SimpleNamespace) -> None:
    card = (confirmed.bundle / "card.md").read_text()

    sentence = confirmed.record.confirmation.comparisons[0].sentence
    assert f"- {sentence}\n" in card
    assert "(n = 359 test images, seed " in card
    assert "The test split was opened 1 time.\n" in card
    assert "| width | 96 | 16 |\n" in card


def test_the_script_trains_the_bundle_s_config(confirmed: SimpleNamespace) -> None:
    module = runpy.run_path(str(confirmed.bundle / "train.py"), run_name="looked at")

    assert (module["WIDTHS"], module["EPOCHS"], module["FULL_SCALE"]) == ((96,), 2, 16.0)


def test_onnx_and_litert_agree_with_keras_on_the_test_images(confirmed: SimpleNamespace) -> None:
    onnxruntime = pytest.importorskip("onnxruntime", reason="the onnx extra is not installed")
    lite = pytest.importorskip("tensorflow").lite
    bundle = read_bundle(confirmed.bundle)
    inputs = read_digits().test.inputs.astype(np.float32)
    with network_process(confirmed.run.workers_log) as ask:
        expected = ask(Classify(bundle.config, bundle.network, inputs, bundle.manifest.about))
    rows = inputs / np.float32(bundle.manifest.about.full_scale)

    session = onnxruntime.InferenceSession(str(confirmed.bundle / "model.onnx"))
    (found,) = session.run(None, {session.get_inputs()[0].name: rows})
    np.testing.assert_allclose(found, expected, atol=1e-5)

    with pytest.warns(UserWarning, match="tf.lite.Interpreter is deprecated"):
        interpreter = lite.Interpreter(str(confirmed.bundle / "model.tflite"))
    place = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(place, rows.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(place, rows)
    interpreter.invoke()
    found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_fresh_bundle_is_verified_to_the_bit(confirmed: SimpleNamespace) -> None:
    context = VerifyContext(
        trains_alone(confirmed.loaded.training, confirmed.run.workers_log),
        confirmed.run.workers_log,
        confirmed.run.ledger,
    )

    verified = verify_weights(read_bundle(confirmed.bundle), confirmed.loaded, context)

    hashed = confirmed.manifest.weights_hash[:16]
    assert verified.to_the_bit
    assert verified.sentence == f"retrained weights are equal to the bit (SHA-256 {hashed}…)"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_single_byte_change_in_any_file_is_found_and_named(
    copy: Path, data: st.DataObject
) -> None:
    files = sorted(path for path in copy.rglob("*") if path.is_file() and path.stat().st_size)
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    changed = bytearray(content)
    changed[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(changed))

    with pytest.raises(FaultError) as error:
        read_bundle(copy)

    assert [fault.where for fault in error.value.faults] == [str(path)]
    path.write_bytes(content)
    read_bundle(copy)


def test_exchanged_weights_are_found_though_every_hash_was_written_anew(
    confirmed: SimpleNamespace, copy: Path
) -> None:
    bundle = read_bundle(copy)
    context = VerifyContext(
        lambda _: pytest.fail("trained in vain"), confirmed.run.workers_log, copy / "ledger"
    )
    with network_process(confirmed.run.workers_log) as ask:
        weights = ask(bundle.network)
        other = tuple(weight + np.float32(0.5) for weight in weights)
        ask(SaveNetwork(bundle.network.shape, other, copy, ("keras",)))
    content = (copy / "model.keras").read_bytes()

    digest = hashlib.sha256(content).hexdigest()
    _reseal(copy, files={**bundle.manifest.files, "model.keras": digest})

    with pytest.raises(FaultError) as error:
        verify_weights(read_bundle(copy), confirmed.loaded, context)

    assert str(error.value).startswith(
        f"{copy / 'model.keras'}: holds other weights than the manifest names; got "
    )


@pytest.fixture(scope="module")
def other_weights(confirmed: SimpleNamespace, warm_processes: Any) -> Finished:
    """Return what the same config gives under another seed."""
    train = trains_alone(confirmed.loaded.training, confirmed.run.workers_log)
    fingerprint = confirmed.manifest.about.fingerprint
    config = load_config(confirmed.bundle / "config.toml")
    with warm_processes.lent():
        end = train(Job(0, config, 5, fingerprint, None, keep_weights=True))
    assert isinstance(end, Finished)
    return end


@pytest.fixture
def trains_elsewhere(other_weights: Finished) -> Train:
    """Train on another machine, where the same config gives other weights."""
    return lambda _: replace(other_weights, machine="another machine")


def test_elsewhere_an_accuracy_in_the_stated_range_will_do(
    confirmed: SimpleNamespace, copy: Path, tmp_path: Path, trains_elsewhere: Train
) -> None:
    said: list[str] = []
    ledger = tmp_path / "ledger.jsonl"
    context = VerifyContext(trains_elsewhere, confirmed.run.workers_log, ledger, said.append)

    verified = verify_weights(read_bundle(copy), confirmed.loaded, context)

    assert not verified.to_the_bit
    assert verified.sentence.startswith("retrained test accuracy ")
    assert f"(n = 359, seed {confirmed.manifest.seed}), stated range " in verified.sentence
    assert said == [
        "The weights differ, as on another machine or other versions they may.",
        f"Opening the test split for both weights; noted in {ledger}.",
    ]
    (opening,) = ledger_at(ledger).lines()
    manifest = confirmed.manifest
    assert opening.purpose == Purpose("verify", "trial 1", seeds=1, seed=manifest.seed)
    assert opening.why == f"verify the bundle of trial 1, seed {manifest.seed}"

    narrow = replace(confirmed.manifest.claim, low=0.999, high=1.0)
    _reseal(copy, claim=narrow)
    with pytest.raises(FaultError, match="the retraining's accuracy is out of the range; got test"):
        verify_weights(read_bundle(copy), confirmed.loaded, context)


def test_weights_that_do_not_do_what_is_claimed_are_found_though_all_else_fits(
    confirmed: SimpleNamespace, copy: Path, tmp_path: Path, other_weights: Finished
) -> None:
    bundle = read_bundle(copy)
    with network_process(confirmed.run.workers_log) as ask:
        shape = bundle.network.shape
        rng = np.random.default_rng(0)
        random = tuple(
            rng.standard_normal(weight.shape).astype(np.float32) for weight in ask(bundle.network)
        )
        ask(SaveNetwork(shape, random, copy, ("keras",)))
    digest = hashlib.sha256((copy / "model.keras").read_bytes()).hexdigest()
    files = {**bundle.manifest.files, "model.keras": digest}
    _reseal(copy, files=files, weights_hash=weights_hash(random), machine="another machine")
    ledger = tmp_path / "ledger.jsonl"
    context = VerifyContext(lambda _: other_weights, confirmed.run.workers_log, ledger)

    with pytest.raises(FaultError) as error:
        verify_weights(read_bundle(copy), confirmed.loaded, context)
    assert str(error.value).startswith(
        f"{copy / 'model.keras'}: the bundle's own weights do not reach the accuracy that is "
        "claimed for them; got "
    )

    # A claim on validation images is tested on the images that the weights were trained on.
    claim = replace(confirmed.manifest.claim, split="validation", split_seed=1, share=1 / 6)
    _reseal(copy, claim=claim)
    with pytest.raises(FaultError, match="know less of the training images than retrained ones"):
        verify_weights(read_bundle(copy), confirmed.loaded, context)


def test_elsewhere_the_own_weights_must_reach_the_measure_that_is_claimed(
    confirmed: SimpleNamespace, copy: Path, tmp_path: Path, trains_elsewhere: Train
) -> None:
    test, bundle = read_digits().test, read_bundle(copy)
    with network_process(confirmed.run.workers_log) as ask:
        about = bundle.manifest.about
        found = ask(Classify(bundle.config, ask(bundle.network), test.inputs, about))
    own = log_loss(test.labels, found)
    context = VerifyContext(trains_elsewhere, confirmed.run.workers_log, tmp_path / "l.jsonl")

    claim = replace(confirmed.manifest.claim, measure="log_loss", value=own)
    _reseal(copy, claim=claim)
    assert not verify_weights(read_bundle(copy), confirmed.loaded, context).to_the_bit

    _reseal(copy, claim=replace(claim, value=own / 2))
    with pytest.raises(FaultError) as error:
        verify_weights(read_bundle(copy), confirmed.loaded, context)
    assert str(error.value) == (
        f"{copy / 'model.keras'}: the bundle's own weights do not reach the log loss that is "
        f"claimed for them; got {own:.4f} nats; allowed: {own / 2:.4f} nats"
    )


def test_a_range_that_allows_everything_proves_nothing(
    confirmed: SimpleNamespace, copy: Path, tmp_path: Path, trains_elsewhere: Train
) -> None:
    claim = replace(confirmed.manifest.claim, low=0.0, high=1.0)
    _reseal(copy, claim=claim)
    bad = trains_elsewhere(Job(0, read_bundle(copy).config, 0, "", None))
    assert isinstance(bad, Finished)
    assert bad.weights is not None
    spoilt = replace(bad, weights=tuple(np.zeros_like(weight) for weight in bad.weights))
    context = VerifyContext(lambda _: spoilt, confirmed.run.workers_log, tmp_path / "ledger.jsonl")
    with pytest.raises(FaultError, match="accuracy is far from the one that is claimed"):
        verify_weights(read_bundle(copy), confirmed.loaded, context)


def test_a_file_that_no_bundle_has_is_refused_though_the_manifest_names_it(copy: Path) -> None:
    (copy / "h5py.py").write_text("raise SystemExit\n")
    digest = hashlib.sha256(b"raise SystemExit\n").hexdigest()
    _reseal(copy, files={**read_manifest(copy).files, "h5py.py": digest})
    with pytest.raises(FaultError) as error:
        read_bundle(copy)
    assert str(error.value).startswith(f"{copy / 'h5py.py'}: no file of a bundle; allowed: ")


def test_other_weights_on_the_same_machine_are_a_fault(
    confirmed: SimpleNamespace, tmp_path: Path, other_weights: Finished
) -> None:
    context = VerifyContext(lambda _: other_weights, confirmed.run.workers_log, tmp_path / "ledger")

    with pytest.raises(FaultError) as error:
        verify_weights(read_bundle(confirmed.bundle), confirmed.loaded, context)

    assert str(error.value).startswith(
        f"{confirmed.bundle}, model.keras: retraining on the same machine and versions gave "
        "other weights; got "
    )
    assert not (tmp_path / "ledger").exists()


def test_a_training_that_fails_and_other_data_are_faults(
    confirmed: SimpleNamespace, copy: Path
) -> None:
    def fails(job: Job) -> Finished | Failed:
        return Failed(job.job, "diverged")

    context = VerifyContext(fails, confirmed.run.workers_log, copy.parent / "ledger")
    with pytest.raises(FaultError, match=r"the training failed; got diverged$"):
        verify_weights(read_bundle(copy), confirmed.loaded, context)
    about = replace(confirmed.manifest.about, fingerprint="0" * 64)
    _reseal(copy, about=about)
    with pytest.raises(FaultError, match="this is not the data that the bundle was trained on"):
        verify_weights(read_bundle(copy), confirmed.loaded, context)


def test_an_old_bundle_is_replaced_and_anything_else_is_left_alone(
    confirmed: SimpleNamespace, copy: Path, tmp_path: Path
) -> None:
    def no_training(_: Job) -> Finished | Failed:
        pytest.fail("the confirmation's weights are at hand")

    plan = read_plan(confirmed.run)
    study = (confirmed.run, plan, confirmed.record, confirmed.loaded.training, no_training)
    (copy / "train.py").unlink()
    write_bundle(*study, Target(copy, "2026-01-02T00:00:00+00:00"))

    assert read_bundle(copy).manifest.created == "2026-01-02T00:00:00+00:00"
    assert not (copy / "model.onnx").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle"]

    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.tex").write_text("")
    with pytest.raises(FaultError, match="holds something else"):
        write_bundle(*study, Target(precious, "2026-01-02T00:00:00+00:00"))
    assert [path.name for path in precious.iterdir()] == ["thesis.tex"]

"""A bundle's temperature: where it comes from, and how probabilities are divided by it."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from reports.calibration import BeforeAndAfter, Calibration
from reports.calibration_words import calibration_words
from reports.record import StudyRecord
from reports.statistics.temperature import tempered
from study.api.bundles import load_bundle
from study.bundle.card import write_card
from study.bundle.ingredients import Ingredients, gather
from study.bundle.manifest import MANIFEST, render_manifest
from study.bundle.texts import words
from study.cli import exit_code
from study.workflows.workers import trains_alone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]


def own_calibration(record: StudyRecord) -> Calibration:
    assert record.confirmation is not None
    assert record.confirmation.calibration is not None
    return record.confirmation.calibration


def share_right(found: BeforeAndAfter) -> float:
    return sum(one.accuracy * one.n for one in found.before.points) / found.n


def made_of(confirmed: SimpleNamespace, calibration: Calibration | None) -> Ingredients:
    confirmation = replace(confirmed.record.confirmation, calibration=calibration)
    record = replace(confirmed.record, confirmation=confirmation)
    training = confirmed.loaded.training
    train = trains_alone(training, confirmed.run.workers_log)
    return gather(confirmed.run, record, 1 / 6, training, train)


@pytest.fixture
def with_temperature(confirmed: SimpleNamespace, tmp_path: Path) -> Path:
    """Return a copy of the bundle whose manifest has the temperature 2."""
    folder = tmp_path / "bundle"
    shutil.copytree(confirmed.bundle, folder)
    manifest = replace(confirmed.manifest, temperature=2.0)
    (folder / MANIFEST).write_bytes(render_manifest(manifest))
    return folder


def test_a_real_calibration_is_of_the_answers_that_race_and_final_were_judged_by(
    confirmed: SimpleNamespace,
) -> None:
    record, claim = confirmed.record, confirmed.manifest.claim
    found = own_calibration(record)
    (raced,) = [
        one
        for one in record.confirmation.retrainings
        if (one.stage, one.candidate) == ("race", record.confirmation.winner)
    ]
    assert found.networks == 1
    assert found.validation.n == raced.n
    assert 1 - found.wrong / raced.n == pytest.approx(raced.accuracy)
    assert share_right(found.validation) == pytest.approx(raced.accuracy)
    assert found.test is not None
    assert found.test.n == claim.n
    assert share_right(found.test) == pytest.approx(claim.accuracy)
    expected = found.temperature if found.helps else None
    assert confirmed.manifest.temperature == expected


def test_the_cards_own_lines_apply_the_temperature(confirmed: SimpleNamespace) -> None:
    effect = replace(own_calibration(confirmed.record).validation, high=-0.01)
    found = Calibration(1.4375, 1, 20, effect)
    card = write_card(made_of(confirmed, found))
    assert words(calibration_words(found, "images")) in card
    assert "`--raw` leaves it out" in card
    assert "were not calibrated" not in card
    lines = re.findall(r"^calibrated .*$", card, re.MULTILINE)
    assert len(lines) == 2
    given = np.random.default_rng(0).dirichlet(np.full(10, 0.2), 50).astype(np.float32)
    names = {"probabilities": given}
    exec("\n".join(lines), names)  # noqa: S102 the card's own lines
    np.testing.assert_allclose(names["calibrated"], tempered(given, 1.4375), atol=1e-6)


def test_a_card_without_a_temperature_says_so(confirmed: SimpleNamespace) -> None:
    own = own_calibration(confirmed.record)
    of_chance = replace(own, validation=replace(own.validation, high=0.1))
    card = write_card(made_of(confirmed, of_chance))
    assert words(calibration_words(of_chance, "images")) in card
    assert "--raw" not in card
    assert not re.findall(r"^calibrated ", card, re.MULTILINE)
    assert "were not calibrated" in write_card(made_of(confirmed, None))


def test_predict_divides_by_the_temperature_and_says_so_once(
    with_temperature: Path,
    confirmed: SimpleNamespace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    np.save(tmp_path / "five.npy", confirmed.loaded.training.examples.inputs[:5].reshape(-1, 8, 8))

    def predicted(*more: str) -> tuple[np.ndarray, str]:
        capsys.readouterr()
        files = [str(with_temperature), str(tmp_path / "five.npy")]
        assert exit_code(["predict", *files, "--json", *more]) == 0
        said = capsys.readouterr()
        rows = [list(one["probabilities"].values()) for one in json.loads(said.out)]
        return np.array(rows), said.err

    found, said = predicted()
    raw, unsaid = predicted("--raw")
    assert said == (
        "The probabilities are calibrated by the bundle's temperature, 2; --raw gives the "
        "network's own.\n"
    )
    assert unsaid == ""
    np.testing.assert_allclose(found, tempered(raw, 2.0), atol=1e-6)
    assert not np.allclose(found, raw)


def test_a_loaded_bundle_divides_by_the_temperature_unless_asked_for_the_networks_own(
    with_temperature: Path, confirmed: SimpleNamespace
) -> None:
    inputs = confirmed.loaded.training.examples.inputs[:5]
    calibrated, plain = load_bundle(with_temperature), load_bundle(confirmed.bundle)
    assert calibrated.temperature == 2.0
    raw = calibrated.predict(inputs, raw=True)
    own = plain.predict(inputs, raw=True)
    np.testing.assert_array_equal(raw.probabilities, own.probabilities)
    found = calibrated.predict(inputs)
    np.testing.assert_allclose(found.probabilities, tempered(raw.probabilities, 2.0), atol=1e-6)
    assert found.classes == raw.classes
    assert found.probabilities.dtype == np.float32

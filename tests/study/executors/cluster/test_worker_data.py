"""Data comes to a worker once: read where the coordinator put it, or sent and kept."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.data.store import open_training_data, pack_training_data, save_training_data
from study.data.values import TrainingData
from study.executors.cluster.handshake import Offer
from study.executors.cluster.messages import Counts
from study.executors.cluster.worker_data import WorkerData


@pytest.fixture
def offer(tmp_path: Path, training: TrainingData) -> Offer:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    return Offer("s", str(folder), training.about.fingerprint, {}, "")


def test_it_is_read_where_the_coordinator_put_it(offer: Offer, tmp_path: Path) -> None:
    data = WorkerData(offer, tmp_path / "own")
    assert data.find() == "read"
    assert (data.folder, data.counts) == (Path(offer.folder), Counts(reads=1))


def test_it_is_sent_where_that_cannot_be_read_and_then_kept(
    offer: Offer, tmp_path: Path, training: TrainingData
) -> None:
    files = pack_training_data(Path(offer.folder))
    shutil.rmtree(offer.folder)
    data = WorkerData(offer, tmp_path / "own")
    assert data.find() is None
    data.receive(files)
    assert data.counts == Counts(receipts=1)
    examples = open_training_data(data.folder).examples
    assert np.array_equal(examples.inputs, training.examples.inputs)
    later = WorkerData(offer, tmp_path / "own")
    assert (later.find(), later.counts) == ("kept", Counts())


def test_data_cut_short_at_that_path_counts_as_none(offer: Offer, tmp_path: Path) -> None:
    os.truncate(Path(offer.folder) / "inputs.npy", 1000)
    assert WorkerData(offer, tmp_path / "own").find() is None


def test_other_data_at_that_path_is_refused_with_both_fingerprints(
    offer: Offer, tmp_path: Path
) -> None:
    data = WorkerData(replace(offer, fingerprint="e" * 64), tmp_path / "own")
    with pytest.raises(FaultError) as caught:
        data.find()
    expected = f"fingerprint {offer.fingerprint[:16]} here and {'e' * 16} at the coordinator"
    assert expected in str(caught.value)


def test_other_data_that_was_sent_is_refused(offer: Offer, tmp_path: Path) -> None:
    data = WorkerData(replace(offer, fingerprint="e" * 64), tmp_path / "own")
    with pytest.raises(FaultError) as caught:
        data.receive(pack_training_data(Path(offer.folder)))
    assert f"{offer.fingerprint[:16]} here and {'e' * 16}" in str(caught.value)

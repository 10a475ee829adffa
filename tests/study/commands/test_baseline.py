import json

import numpy as np
import pytest

# Named after the data and the first digits of its fingerprint.
FOLDER = "baseline-digits-c6d58e69"


@pytest.mark.slow
def test_the_steps_show_the_whole_flow_on_digits(dense_study, tmp_path):
    done = dense_study("baseline", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    # Ten samples under their classes, eight pixels wide, two rows a line.
    assert lines[0].split() == ["0", "1", "2", "3", "4", "5", "6", "7"]
    assert any("@" in line for line in lines[1:5])
    for line in (
        "data digits: 1,438 training images, 359 sealed test images, 10 classes",
        "inputs before preprocessing: 1438 x 8 x 8, uint8, 0 to 16",
        "inputs after preprocessing: 1438 x 64, float32, 0 to 1",
        "as one-hot vector of length 10: 1 0 0 0 0 0 0 0 0 0",
        "loss: categorical cross-entropy, -sum(one-hot x log(prediction)), mean over images",
        " Total params: 301,066 (1.15 MB)",
        "training: adam, learning rate 0.001, batch size 128, 5 epochs, dropout 0.2, relu",
        (
            "published: 98.40 % (1 run, seed unknown, n = 10,000, its own 95 % interval 98.13 % to "
            "98.64 %). Not comparable: the published number is for mnist test, this is digits test"
        ),
        f"opening 1 of this test split; noted in runs/{FOLDER}/ledger.jsonl",
    ):
        assert line in lines
    assert [line[:9] for line in lines if line.startswith("epoch")] == [
        f"epoch {epoch}/5" for epoch in range(1, 6)
    ]
    (tested,) = [line for line in lines if line.startswith("test loss ")]
    assert "(n = 359, seed 0; 95 % interval of this one network " in tested
    accuracy = float(tested.split("test accuracy ")[1].split(" %")[0])
    assert 85 < accuracy < 100


@pytest.mark.slow
def test_its_distribution_opens_the_test_split_once_and_trains_once(dense_study, tmp_path):
    first = dense_study("baseline", "--seeds", "3", "--jobs", "1", "--quiet", cwd=tmp_path)
    second = dense_study("baseline", "--seeds", "3", "--jobs", "1", cwd=tmp_path)

    assert (first.returncode, first.stderr) == (0, "")
    assert second.stdout == first.stdout
    lines = first.stdout.splitlines()
    assert len(lines) == 6
    assert all(" % on test, n = 359" in line for line in lines[:3])
    assert lines[3].startswith("mean ")
    assert lines[4] == (
        "CAN'T TELL whether the baseline is more accurate than the published number on test: "
        "the published number is for mnist test, this is digits test."
    )
    assert lines[5] == f"opening 1 of this test split; noted in runs/{FOLDER}/ledger.jsonl"
    ledger = (tmp_path / "runs" / FOLDER / "ledger.jsonl").read_text().splitlines()
    (opening,) = [json.loads(line) for line in ledger]
    assert opening["why"] == "baseline, 3 seeds"
    purpose = {"stage": "baseline", "candidate": "baseline", "seeds": 3}
    assert opening["purpose"] == purpose | dict.fromkeys(("look", "looks", "seed"))
    assert len(opening["weights"]) == 3
    assert not any((tmp_path / "runs" / FOLDER / "weights").iterdir())


@pytest.mark.slow
def test_files_of_one_name_are_distinguished_by_their_content(dense_study, tmp_path):
    random = np.random.default_rng(0)
    said = []
    for folder, n in (("a", 30), ("b", 40)):
        (tmp_path / folder).mkdir()
        np.savez(
            tmp_path / folder / "data.npz",
            x_train=random.integers(0, 256, (60, 4, 4)).astype(np.uint8),
            y_train=np.arange(60) % 2,
            x_test=random.integers(0, 256, (n, 4, 4)).astype(np.uint8),
            y_test=np.arange(n) % 2,
        )
        file = str(tmp_path / folder / "data.npz")
        done = dense_study("baseline", "--data", file, "--seeds", "2", "--quiet", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        said.append(done.stdout)
    assert "on test, n = 30" in said[0]
    assert "on test, n = 40" in said[1]
    assert len(list((tmp_path / "runs").iterdir())) == 2


@pytest.mark.slow
def test_unknown_data_and_spaces_are_one_message_each(dense_study, tmp_path):
    for flags, what in ((["--data", "nowhere.npz"], "nowhere.npz"), (["--space", "fivr"], "fivr")):
        done = dense_study("baseline", *flags, cwd=tmp_path)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith("Error: ")
        assert what in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_it_answers_on_another_measure_and_on_weighted_rows(dense_study, tmp_path):
    random = np.random.default_rng(2)
    x = random.normal(size=(200, 2))
    rows = [f"{a:.3f},{b:.3f},{1 + i % 3},{'no' if a > 0 else 'yes'}" for i, (a, b) in enumerate(x)]
    (tmp_path / "my.csv").write_text("\n".join(["a,b,count,kind", *rows]))
    asked = ("baseline", "--space", "smoke", "--data", "my.csv", "--target", "kind", "--json")
    plain = dense_study(*asked, "--drop", "count", "--measure", "log_loss", cwd=tmp_path)
    one = json.loads(plain.stdout)
    assert one["measure"] == "log_loss"
    # The program's own loss is Keras's, clipped: the same here.
    assert one["value"] == pytest.approx(one["loss"], rel=1e-6)
    assert one["interval"]["low"] < one["value"] < one["interval"]["high"]

    counted = (*asked[:-1], "--weight", "count", "--seeds", "2", "--jobs", "1", "--quiet")
    said = dense_study(*counted, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert all(": weighted accuracy " in line for line in lines[:2])
    assert all(", n = 40, effective n = " in line for line in lines[:3])
    assert " interval of the mean " in lines[2]
    assert lines[2].rpartition("; ")[2].startswith("accuracy ")
    found = json.loads(dense_study(*counted, "--json", cwd=tmp_path).stdout)
    assert found["measure"] == "weighted_accuracy"
    assert found["mean"] == pytest.approx(np.mean(found["values"]))
    assert found["interval"]["low"] < found["mean"] < found["interval"]["high"]

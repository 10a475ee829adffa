"""What programs read: one JSON document on standard output, and all else beside it."""

import json

import pytest


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_happens_on_the_way_is_beside_the_one_document(dense_study, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text("depth = 1\nwidth = 16\nepochs = 2\n")
    few = ("--trials", "2", "--jobs", "1", "--confirm-seeds", "2", "--top", "1")
    on_the_way = {
        ("run", "smoke", "--name", "s", *few): "[2/2] trial 1",
        ("resume", "s"): "nothing left to do",
        ("show", "s"): "",
        ("list",): "",
        ("ledger",): "",
        ("export", "s"): "",
        ("verify", "runs/s/best"): "Retraining under seed",
        ("train", str(config), "--jobs", "1"): "seed 0: 2 epochs",
        ("baseline", "--jobs", "1", "--seeds", "2"): "trained on train + validation",
    }
    for arguments, said in on_the_way.items():
        done = dense_study(*arguments, "--json", cwd=tmp_path)
        assert done.returncode == 0, (arguments, done.stderr)
        json.loads(done.stdout)
        assert said in done.stderr, arguments
        assert said or not done.stderr, arguments

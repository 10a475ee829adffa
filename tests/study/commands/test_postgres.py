"""The command line on a real PostgreSQL server, with a run directory that vanishes on the way."""

import json
import shutil
from pathlib import Path

import pytest

from study.cli import exit_code

pytestmark = pytest.mark.slow


@pytest.fixture
def study(dense_study):
    """Run a command line that must not say the password."""

    def run(*arguments, **how):
        done = dense_study(*arguments, **how)
        assert "s3cret" not in done.stdout + done.stderr
        return done

    return run


def everything_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def record(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_study_moves_from_machine_to_machine_with_its_storage(
    study, database, postgres, tmp_path
):
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    for folder in (one, two, three):
        folder.mkdir()
    at = ("--storage", database)
    base = ("run", "smoke", "--name", "s", "--jobs", "1", "--quiet", "--no-confirm", *at)
    begun = study(*base, "--trials", "3", cwd=one)
    assert begun.returncode == 0, begun.stderr
    assert b"s3cret" not in everything_in(one)
    before = record(study("show", "s", "--json", *at, cwd=one))
    assert len(before["trials"]) == 3

    # Nothing but the storage is there: looking leaves no trace, resuming writes the files anew.
    assert record(study("show", "s", "--json", *at, cwd=two)) == before
    assert list(two.iterdir()) == []
    more = study("run", "--name", "s", "--trials", "4", "--quiet", "--no-confirm", *at, cwd=two)
    assert more.returncode == 0, more.stderr
    after = record(study("show", "s", "--json", *at, cwd=two))
    assert [trial["number"] for trial in after["trials"]] == [0, 1, 2, 3]
    assert after["trials"][:3] == before["trials"]

    # Confirmed by a third that has an empty run directory, and looked at from the first.
    few = ("--confirm-seeds", "2", "--top", "1", "--jobs", "1")
    confirmed = study("confirm", "s", *few, *at, cwd=three)
    assert confirmed.returncode == 0, confirmed.stderr
    assert confirmed.stderr.count(", seed ") >= 4
    answer = record(study("show", "s", "--json", *at, cwd=one))["confirmation"]
    assert answer["ledger_intact"]
    assert len(answer["openings"]) == 1

    # The test set is not opened again where its predictions are kept, nor anything retrained.
    shutil.rmtree(three / "runs")
    again = study("confirm", "s", *few, *at, cwd=three)
    assert again.returncode == 0, again.stderr
    assert ", seed " not in again.stderr  # the lines that tell retrainings
    kept = record(study("show", "s", "--json", *at, cwd=two))["confirmation"]
    assert kept["openings"] == answer["openings"]
    assert kept["comparisons"] == answer["comparisons"]

    report = study("report", "s", "--out", "page.html", *at, cwd=two)
    assert report.returncode == 0, report.stderr
    config = study("export", "s", "--config-format", "toml", *at, cwd=one)
    assert config.returncode == 0, config.stderr
    assert b"s3cret" not in everything_in(tmp_path)
    listed = study("list", cwd=two, environ={"PGPASSWORD": postgres.PASSWORD})
    assert listed.returncode == 1
    assert "the storage's password is not kept in the plan: give --storage again" in listed.stderr


def test_a_password_from_the_environment_needs_no_storage_again(
    study, database, postgres, tmp_path
):
    name = database.rpartition("/")[2]
    plain = postgres.url(name, password=None)
    environ = {"PGPASSWORD": postgres.PASSWORD}
    base = ("run", "smoke", "--name", "s", "--jobs", "1", "--quiet", "--no-confirm")
    begun = study(*base, "--trials", "2", "--storage", plain, cwd=tmp_path, environ=environ)
    assert begun.returncode == 0, begun.stderr
    again = study("resume", "s", "--quiet", cwd=tmp_path, environ=environ)
    assert again.returncode == 0, again.stderr
    listed = study("list", cwd=tmp_path, environ=environ)
    assert listed.returncode == 0, listed.stderr
    assert "2 of 2" in listed.stdout

    # Another user of the same storage is the same study; one who may only read may look.
    postgres.execute("CREATE ROLE callbacks LOGIN PASSWORD 'w4tch'")
    postgres.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO callbacks", name)
    reader = postgres.url(name, "callbacks", "w4tch")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert (
        len(record(study("show", "s", "--json", "--storage", reader, cwd=elsewhere))["trials"]) == 2
    )
    refused = study("resume", "s", "--storage", reader, cwd=elsewhere)
    assert refused.returncode == 1
    begun, message = refused.stderr.splitlines()
    assert begun == "stage 1 of 7: start"
    assert "permission denied" in message


def test_a_wrong_password_is_one_message_that_does_not_tell_it(
    postgres, database, tmp_path, capsys
):
    url = postgres.url(database.rpartition("/")[2], postgres.USER, "s3cret-but-wrong")
    start = "stage 1 of 7: start\n"
    for asked, begun in (
        (["resume", "s"], ""),
        (["show", "s"], ""),
        (["run", "smoke", "--name", "s"], start),
    ):
        runs = ["--runs-dir", str(tmp_path / "runs")]
        assert exit_code([*asked, "--storage", url, *runs]) == 1
        said = capsys.readouterr().err
        message = said.removeprefix(begun)
        assert said == begun + message
        where = f"Error: postgresql://researcher:***@127.0.0.1:{postgres.port}/"
        assert message.startswith(where)
        assert 'password authentication failed for user "researcher"' in message
        assert "s3cret" not in message
        assert len(message.splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_a_study_that_the_storage_does_not_hold_is_not_begun_by_looking_or_resuming(
    database, tmp_path, capsys
):
    runs = tmp_path / "runs"
    for command in ("resume", "show", "confirm"):
        assert exit_code([command, "s", "--storage", database, "--runs-dir", str(runs)]) == 1
        assert capsys.readouterr().err == (
            f"Error: {runs}: no such study; got s; allowed: none yet\n"
        )
    assert not Path(runs).exists()

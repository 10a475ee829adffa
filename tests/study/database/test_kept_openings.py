"""Studies of one real PostgreSQL database count each other's openings, wherever they lie."""

import json
from contextlib import contextmanager
from dataclasses import replace

import optuna
import pytest

from reports.opening import Purpose
from reports.opening import TestIdentity as Identity
from study.cli import exit_code
from study.database.connect import reading_storage
from study.database.ownership import owned_study
from study.database.reader import openings_of
from study.database.url import checked_url
from study.record.snapshot import collect_snapshot
from study.run_dir.elsewhere import openings_elsewhere
from study.run_dir.ledger import open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan, read_plan, write_plan
from study.run_dir.urls import redact_url

pytestmark = pytest.mark.slow

WHOLE, SPLIT = "f" * 64, "e" * 64
TEST = Identity(WHOLE, SPLIT)
WHEN = "2026-01-02T00:00:00+00:00"


@pytest.fixture
def owned(database, tmp_path):
    """Return what owns a study of the database, each in a folder of its own."""

    @contextmanager
    def opened(name):
        run = RunDirectory(tmp_path / f"machine of {name}" / name)
        run.create()
        with owned_study(run, find_plan(run), database) as study:
            yield study.run

    return opened


def open_once(owned, name, whole=WHOLE):
    """Note an opening in a study's ledger and return it."""
    with owned(name) as run:
        purpose = Purpose("final", f"trial of {name}", seeds=5)
        return open_ledger(run).append(WHEN, purpose, (f"w-{name}",), whole, SPLIT)


def seen_by(owned, name, test=TEST):
    with owned(name) as run:
        return openings_elsewhere(run, test).ledgers


def test_an_opening_counts_for_the_other_studies_of_the_database(owned):
    first, second = open_once(owned, "first"), open_once(owned, "second")

    assert seen_by(owned, "first") == ((second,),)
    assert seen_by(owned, "third") == ((first,), (second,))
    assert seen_by(owned, "third", Identity("another", "split")) == ()


def test_it_counts_though_its_study_was_deleted_from_the_storage(owned, database):
    first = open_once(owned, "first")
    storage = reading_storage(checked_url(database))
    optuna.delete_study(study_name="first", storage=storage)

    assert seen_by(owned, "second") == ((first,),)


def test_a_database_of_the_edition_before_gets_its_openings_when_a_study_of_it_goes_on(
    owned, database, postgres
):
    first, second = open_once(owned, "first"), open_once(owned, "second")
    name = database.rpartition("/")[2]
    postgres.execute("DROP TABLE dense_study_openings", name)
    # Whoever only looks changes nothing, and sees them all the same.
    assert [one.opening for one in openings_of(database)] == [first, second]
    assert postgres.execute("SELECT to_regclass('dense_study_openings')", name) == [(None,)]

    assert seen_by(owned, "third") == ((first,), (second,))

    rows = "SELECT study_name, line FROM dense_study_openings ORDER BY number"
    found = postgres.execute(rows, name)
    assert [(study, json.loads(line)["chain"]) for study, line in found] == [
        ("first", first.chain),
        ("second", second.chain),
    ]


def test_who_may_not_read_the_table_of_openings_sees_those_of_the_studies_there(
    owned, database, postgres
):
    first = open_once(owned, "first")
    name = database.rpartition("/")[2]
    postgres.execute("CREATE ROLE onlooker LOGIN PASSWORD 'w4tch'")
    postgres.execute("GRANT SELECT ON studies, dense_study_lines TO onlooker", name)

    found = openings_of(postgres.url(name, "onlooker", "w4tch"))

    assert [one.opening for one in found] == [first]


def test_who_looks_at_a_study_sees_that_others_opened_before_it_was_planned(
    owned, database, make_study, tmp_path
):
    run = make_study(tmp_path / "machine of second" / "second")
    plan = replace(read_plan(run), created="2026-03-01T00:00:00+00:00")
    write_plan(run, replace(plan, storage=redact_url(database)))
    with owned("second"):
        open_once(owned, "first", plan.data_fingerprint)

    record = collect_snapshot(RunDirectory(tmp_path / "far" / "second"), database)

    (warning,) = [str(one) for one in record.data.warnings if one.topic == "test split"]
    assert warning == (
        "test split: 1 opening by other studies came before this study was planned; "
        "intervals are widened by their number, but not by what was learnt from them"
    )


def test_damaged_lines_are_no_openings_and_an_empty_database_has_none(owned, database, postgres):
    assert openings_of(database) == ()
    first = open_once(owned, "first")
    name = database.rpartition("/")[2]
    for line in ("no json", "[]", '{"when": "now"}'):
        row = f"('old', '{line}', '{line}')"
        insert = "INSERT INTO dense_study_openings (study_name, digest, line) VALUES"
        postgres.execute(f"{insert} {row}", name)

    assert [one.opening for one in openings_of(database)] == [first]


def test_the_ledger_lists_them_and_does_not_tell_the_password(owned, database, tmp_path, capsys):
    open_once(owned, "first")
    here = ["--runs-dir", str(tmp_path / "runs"), "--storage", database]

    assert exit_code(["ledger", *here]) == 0

    printed = capsys.readouterr()
    assert printed.err == ""
    where = database.replace("t0p-s3cret%2Fof%20it", "***")
    assert "***" in where
    assert printed.out == (
        "Test split eeeeeeeeeeee of data without a name: 1 opening so far; "
        "the next answer's interval would be at 99.50 %.\n"
        f"  opening  study{' ' * (4 + len(where))}  opened (UTC)      for\n"
        f"  1        first in {where}  2026-01-02 00:00  "
        "final of trial of first and baseline, 5 seeds each\n"
    )


def test_a_storage_that_keeps_no_openings_is_refused(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/study.db"
    assert exit_code(["ledger", "--runs-dir", str(tmp_path), "--storage", url]) == 1
    assert capsys.readouterr().err == (
        "Error: --storage: is no PostgreSQL database, and no other keeps openings; "
        f"got {url}; allowed: postgresql://USER@HOST/DATABASE\n"
    )

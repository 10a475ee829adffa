"""Run directory and PostgreSQL storage of one study, brought together where they were apart."""

import pytest

from search_spaces.faults import FaultError
from study.database.ownership import owned_study
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.run_dir.urls import redact_url

pytestmark = pytest.mark.slow


@pytest.fixture
def make_run(make_study, tmp_path):
    """Make a study's run directory on a machine of its own."""
    return lambda machine: make_study(tmp_path / machine / "s")


def files(run):
    return {path.name: path.read_bytes() for path in (*run.texts, *run.lists) if path.is_file()}


def plan_says(run, url):
    text = run.plan.read_text().replace('storage = ""', f'storage = "{redact_url(url)}"')
    run.plan.write_text(text)


def test_what_was_begun_before_is_kept_and_an_empty_directory_is_written_from_it(
    make_run, database, tmp_path
):
    run, empty = make_run("one"), RunDirectory(tmp_path / "two" / "s")
    plan_says(run, database)
    before = files(run)
    with owned_study(run, find_plan(run), database):
        pass
    assert files(run) == before
    empty.create()
    with owned_study(empty, find_plan(empty), database):
        pass
    assert files(empty) == before


def test_a_directory_that_stayed_behind_catches_up_and_keeps_a_torn_line_whole(
    make_run, database, tmp_path
):
    run, other = make_run("one"), RunDirectory(tmp_path / "two" / "s")
    plan_says(run, database)
    with owned_study(run, find_plan(run), database):
        pass
    other.create()
    with owned_study(other, find_plan(other), database) as at:
        at.run.replica.line(at.run.asked.name, b'{"next": 1}\n')
        at.run.write_text(at.run.confirmation, "{}")
    with run.asked.open("ab") as file:
        file.write(b'{"nex')
    with owned_study(run, find_plan(run), database):
        pass
    assert run.asked.read_bytes().endswith(b'\n{"next": 1}\n')
    assert run.confirmation.read_text() == "{}"


def test_a_list_that_differs_is_named_with_its_line_and_nothing_is_changed(make_run, database):
    run = make_run("one")
    plan_says(run, database)
    with owned_study(run, find_plan(run), database) as at:
        at.run.write_text(at.run.summaries, "{}")
    first, second, *rest = run.asked.read_bytes().split(b"\n")
    run.asked.write_bytes(b"\n".join([first, second.replace(b'"search"', b'"repeat"'), *rest]))
    run.summaries.write_text("changed")
    before = files(run)
    with pytest.raises(FaultError) as caught, owned_study(run, find_plan(run), database):
        pass
    assert str(caught.value) == (
        f"{run.asked}, line 2: differs from what the study's storage keeps; "
        "allowed: move the run directory away: it is written anew from the storage"
    )
    assert files(run) == before


def test_the_same_storage_may_be_named_in_another_way(make_run, database):
    run = make_run("one")
    plan_says(run, database)
    with owned_study(run, find_plan(run), database):
        pass
    other = database.replace("127.0.0.1", "localhost")
    with owned_study(run, find_plan(run), other):
        pass
    assert f'storage = "{redact_url(other)}"' in run.plan.read_text()
    with owned_study(RunDirectory(run.root), find_plan(run), other):
        pass


def test_a_study_that_lies_elsewhere_is_not_copied_to_a_storage_by_mistake(
    make_run, postgres, database
):
    run = make_run("one")
    with owned_study(run, find_plan(run), database):
        pass
    name = database.rpartition("/")[2]
    assert postgres.execute("SELECT count(*) FROM studies", name) == [(0,)]
    assert 'storage = ""' in run.plan.read_text()
    with owned_study(run, find_plan(run), None) as at:
        assert at.storage is None


def test_a_study_deleted_in_optuna_takes_its_files_along(make_run, postgres, database):
    run = make_run("one")
    plan_says(run, database)
    with owned_study(run, find_plan(run), database):
        pass
    name = database.rpartition("/")[2]
    assert postgres.execute("SELECT count(*) FROM dense_study_texts", name) == [(3,)]
    with owned_study(run, find_plan(run), database) as at:
        assert at.storage is not None
        storage = at.storage.storage
        storage.delete_study(storage.get_study_id_from_name("s"))
    assert postgres.execute("SELECT count(*) FROM dense_study_texts", name) == [(0,)]
    assert postgres.execute("SELECT count(*) FROM dense_study_lines", name) == [(0,)]


def test_a_password_file_and_a_service_file_do_without_a_password_in_the_url(
    make_run, postgres, database, tmp_path, monkeypatch
):
    secrets, services = tmp_path / "pgpass", tmp_path / "services"
    secrets.write_text(f"127.0.0.1:{postgres.port}:*:{postgres.USER}:{postgres.PASSWORD}\n")
    secrets.chmod(0o600)
    name = database.rpartition("/")[2]
    where = f"host=127.0.0.1\nport={postgres.port}\ndbname={name}\nuser={postgres.USER}\n"
    services.write_text(f"[lab]\n{where}")
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    run = make_run("one")
    plan_says(run, "postgresql:///?service=lab")
    with owned_study(run, find_plan(run), None) as at:
        assert at.storage is not None
    assert 'storage = "postgresql:///?service=lab"' in run.plan.read_text()
    assert postgres.execute("SELECT study_name FROM studies", name) == [("s",)]


def test_a_storage_that_lost_lines_is_noticed_and_gets_them_back(make_run, postgres, database):
    run = make_run("one")
    plan_says(run, database)
    name = database.rpartition("/")[2]
    with owned_study(run, find_plan(run), database) as at:
        postgres.execute("DELETE FROM dense_study_lines WHERE number = 3", name)
        with pytest.raises(FaultError) as caught:
            at.run.replica.line(at.run.asked.name, b'{"next": 1}\n')
    assert str(caught.value) == (
        f"{redact_url(database)}: line 4 of asked.jsonl does not follow what is kept: "
        "it was changed meanwhile"
    )
    with owned_study(run, find_plan(run), database) as at:
        at.run.replica.line(at.run.asked.name, b'{"next": 1}\n')
    lines = "SELECT number FROM dense_study_lines WHERE name = 'asked.jsonl' ORDER BY number"
    assert postgres.execute(lines, name) == [(1,), (2,), (3,), (4,)]


def test_several_lines_are_kept_all_or_none(make_run, postgres, database):
    run = make_run("one")
    plan_says(run, database)
    name = database.rpartition("/")[2]
    lines = "SELECT number FROM dense_study_lines WHERE name = 'asked.jsonl' ORDER BY number"
    with owned_study(run, find_plan(run), database) as at:
        copy = "SELECT study_id, name, number + 4, '{}' FROM dense_study_lines"
        postgres.execute(f"INSERT INTO dense_study_lines {copy} WHERE number = 1", name)
        with pytest.raises(FaultError, match=r"line 5 of asked\.jsonl does not follow"):
            at.run.replica.line(at.run.asked.name, b'{"next": 1}\n', b'{"next": 2}\n')
        assert postgres.execute(lines, name) == [(1,), (2,), (3,), (5,)]
        postgres.execute("DELETE FROM dense_study_lines WHERE number = 5", name)
        at.run.replica.line(at.run.asked.name, b'{"next": 1}\n', b'{"next": 2}\n')
        assert postgres.execute(lines, name) == [(1,), (2,), (3,), (4,), (5,)]

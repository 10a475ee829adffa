"""Every path a user can give may hold what means something in a URL, a template or a pattern."""

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from study.cli import exit_code
from study.coordinator.storage import open_storage
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import storage_url
from study.run_dir.urls import lasting_url, sqlite_path, sqlite_url

MakeRun = Callable[[Path], RunDirectory]
ODD = [
    "what?x",
    "a#b",
    "50%",
    "a%20b",
    "{x}",
    "{SCHEMA_VERSION}",
    "}{",
    "[ab]*",
    "two words",
    "größe",
    "a&b=c",
    "file:x",
    "http:",
    "-x",
    "\udcff\udcfe",
    "new\nline",
]
odd = pytest.mark.parametrize("name", ODD)


@pytest.mark.slow
@odd
def test_a_study_lies_where_it_was_asked_to(
    name: str,
    make_run: MakeRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    run = make_run(Path(name) / "s")
    assert run.database.is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert sqlite_path(storage_url(run, None, None)) in {run.database, Path(f"./{run.database}")}
    assert exit_code(["show", "s", "--json", f"--runs-dir={name}"]) == 0
    assert len(json.loads(capsys.readouterr().out)["trials"]) == 2
    assert exit_code(["list", f"--runs-dir={name}"]) == 0


@pytest.mark.parametrize("name", [name for name in ODD if name.isprintable()])
def test_outputs_and_data_have_such_names_too(
    name: str, make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_run(Path("runs") / "s")
    for place in (Path(f"{name}.html"), Path(name) / "page.html"):
        assert exit_code(["report", "s", f"--out={place}"]) == 0
        assert place.is_file()
    assert exit_code(["export", "s", "--config-format=toml", f"--out={name}.toml"]) == 0
    assert Path(f"{name}.toml").is_file()
    assert exit_code(["data", "save", "digits", f"./{name}.npz"]) == 0
    assert exit_code(["data", "check", f"./{name}.npz"]) == 0


@odd
def test_an_sqlite_url_names_its_path(name: str) -> None:
    for path in (Path(name) / "study.db", Path("/tmp") / name / "study.db"):  # noqa: S108 only a name
        found = sqlite_path(sqlite_url(path))
        assert found is not None
        assert os.path.normpath(found) == str(path)


def test_a_plain_path_stays_as_it_is_in_its_url() -> None:
    assert sqlite_url(Path("runs/a b/ü.db")) == "sqlite:///runs/a b/ü.db"


def test_a_storage_url_means_the_same_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lasting_url("sqlite:///a%3F.db?timeout=9") == f"sqlite:///{tmp_path}/a%3F.db?timeout=9"
    for url in ("sqlite:////a.db", "postgresql://h/d", "sqlite://", "sqlite:///:memory:", "x"):
        assert lasting_url(url) == url


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite:///what?x.db", "not a storage URL; allowed: an odd character of a path as %XX"),
        ("sqlite://", "an SQLite in memory keeps nothing; allowed: sqlite:///FILE"),
        ("sqlite:///:memory:", "an SQLite in memory keeps nothing; allowed: sqlite:///FILE"),
        ("sqlite+pysqlite:///", "an SQLite in memory keeps nothing; allowed: sqlite:///FILE"),
    ],
)
def test_a_storage_that_would_lose_trials_is_refused(url: str, what: str) -> None:
    with pytest.raises(FaultError) as caught:
        open_storage(url, "s", create=True)
    assert str(caught.value) == f"{url}: {what}"


@pytest.mark.parametrize("url", ["redis://h", "garbage", "mysql://h/x", "sqlite:////no/such/x.db"])
def test_a_storage_that_cannot_be_opened_is_a_known_fault(url: str) -> None:
    with pytest.raises(FaultError) as caught:
        open_storage(url, "s", create=True)
    assert caught.value.faults[0].where == url


def test_braces_in_a_given_url_are_letters(tmp_path: Path) -> None:
    with closing(open_storage(f"sqlite:///{tmp_path}/{{x}}.db", "s", create=True)):
        assert (tmp_path / "{x}.db").is_file()
    open_storage(f"sqlite:///{tmp_path}/{{x}}.db", "s", create=False).close()

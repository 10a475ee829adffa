"""The wheel: everything the main job needs is inside it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "study", "search_spaces", "reports"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == set(tracked)


@pytest.mark.slow
def test_the_source_distribution_holds_all_that_documentation_and_tests_are_made_from(
    tmp_path: Path,
) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    tracked = subprocess.run(
        ["git", "ls-files", "docs", "examples", "tests", "benchmarks", "Makefile"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    (path,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(path, tmp_path, filter="data")
    (folder,) = tmp_path.glob("dense_study-*/")
    assert [name for name in tracked if not (folder / name).is_file()] == []


@pytest.mark.slow
def test_the_wheel_outside_the_checkout_runs_the_main_job(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import study; print(study.__file__)"],
        cwd=elsewhere,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(site)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "study",
            "run",
            "smoke",
            "--trials",
            "2",
            "--confirm-seeds",
            "2",
            "--name",
            "wheel",
        ],
        cwd=elsewhere,
        env=environment,
        check=True,
        capture_output=True,
        timeout=240,
    )
    run = elsewhere / "runs" / "wheel"
    assert "<title>" in (run / "report.html").read_text()
    assert tomllib.loads((run / "best" / "config.toml").read_text())


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        asked += [line for line in extra if not line.startswith("dense-study")]
    pins = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }
    names = {re.split(r"[\[>;]", line)[0].strip().lower().replace("_", "-") for line in asked}
    assert names <= pins

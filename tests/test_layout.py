"""The tree is the architecture: small files, few loose ones, and no two modules of one name."""

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("study", "reports", "search_spaces")
MOST_LINES = 250
MOST_LOOSE = 8
# Written by `dense-study spaces schema`, not by hand.
GENERATED = {"search_spaces/space.schema.json"}

# Names that two modules of study share although they are no command with its workflow, and why.
SHARED = {
    "tasks": "networks: what the process that holds Keras is asked; cluster: jobs as Dask tasks",
    "workers": "workflows: the workers that a workflow opens; cluster: the workers of Dask",
}
# Modules that are imported by name when they are needed, and the contract that asks for it.
IMPORTED_LATE = {
    "reports/views/beliefs.py": "scipy.stats takes a second, and only beliefs need it",
    "study/__init__.py": "`import study` imports nothing of what it offers before it is used",
    "study/__main__.py": "Ctrl-C ends the program quietly while the command line is imported",
    "study/api/build_function.py": "cloudpickle is an extra",
    "study/api/findings.py": "pandas is the user's own, and need not be there",
    "study/cli.py": "the chosen command's module alone, so that --help imports none of them",
    "study/commands/dashboard.py": "optuna_dashboard is an extra",
    "study/commands/spaces.py": "reading data needs numpy, which its other commands do not",
    "study/coordinator/history.py": "Optuna and SQLAlchemy, for studies of the first edition alone",
    "study/coordinator/grid_and_qmc.py": "of all samplers one needs scipy.stats, a second",
    "study/coordinator/pruners.py": "likewise, of all pruners one",
    "study/data/pyarrow_needed.py": "pyarrow, which reads tables, is an extra",
    "study/executors/choose.py": "Dask stays inside the cluster's executor, and is an extra",
    "study/executors/cluster/connection.py": "the class of a cluster is named in the user's file",
    "study/exporters/destination.py": "each exporter needs a package that is an extra",
    "study/executors/fork_server.py": "Keras before the first fork, a process's module after it",
    "study/record/snapshot.py": "SQLAlchemy, for studies in PostgreSQL alone",
    "study/workflows/run.py": "a run starts its workers before it imports what its stages need",
    "study/workflows/workers.py": "a run starts its workers before it imports SQLAlchemy",
}


def tracked(*folders: str) -> list[str]:
    """Return the files of these folders that git knows, or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules(*folders: str) -> list[str]:
    return [name for name in tracked(*folders) if name.endswith(".py")]


def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(autouse=True, scope="module")
def _in_a_repository() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("the layout is looked at in the repository alone")


def test_few_modules_lie_loose_in_study() -> None:
    loose = [name for name in modules("study") if name.count("/") == 1]
    assert len(loose) <= MOST_LOOSE, loose


def shared_stems() -> Iterator[tuple[str, set[str]]]:
    """Yield each name that two modules of study have, with the folders they lie in."""
    folders = defaultdict(set)
    for path in map(Path, modules("study")):
        if path.name != "__init__.py":
            folders[path.stem].add(path.parent.relative_to("study").as_posix())
    yield from ((stem, found) for stem, found in folders.items() if len(found) > 1)


def test_a_name_occurs_twice_only_for_a_command_and_its_workflow_or_with_a_reason() -> None:
    mirrors = {"commands", "workflows"}
    others = {stem for stem, folders in shared_stems() if folders != mirrors}
    assert others == set(SHARED)
    assert len(SHARED) <= 3


def test_every_package_and_module_says_what_it_is() -> None:
    silent = [name for name in modules(*PACKAGES) if not ast.get_docstring(parsed(name))]
    assert silent == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {Path(name).parent for name in modules(*PACKAGES)}
    assert [str(one) for one in folders if not (ROOT / one / "__init__.py").is_file()] == []


def test_no_file_is_long() -> None:
    texts = set(tracked(*PACKAGES)) - GENERATED
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in texts}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{name}: {function.name}"
        for name in modules(*PACKAGES)
        for function in ast.walk(parsed(name))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if any(isinstance(one, ast.Import | ast.ImportFrom) for one in ast.walk(function))
    ]
    assert found == []


def test_what_is_imported_by_name_has_a_reason() -> None:
    late = {name for name in modules(*PACKAGES) if imports_by_name(parsed(name))}
    assert late == set(IMPORTED_LATE)


def imports_by_name(module: ast.Module) -> bool:
    """Tell whether a module calls importlib.import_module or __import__."""
    called = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    names = {one.attr for one in called if isinstance(one, ast.Attribute)}
    names |= {one.id for one in called if isinstance(one, ast.Name)}
    return bool(names & {"import_module", "__import__"})


def test_the_recipes_name_files_that_are_there() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:study|reports|search_spaces|tests)/[\w./]*)`", text))
    assert len(named) > 12
    assert [name for name in named if "NAME" not in name and not (ROOT / name).exists()] == []

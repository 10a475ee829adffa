"""The pages for people: what they name is there, and their lists are whole."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from search_spaces.data_source import DATA_KEYS
from study.commands.shared_options import NOT_BEATEN
from study.run_dir.paths import RunDirectory
from tests.code_blocks import blocks_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "benchmarks" / "README.md",
        ROOT / "examples" / "README.md",
        *DOCS.glob("*.md"),
    ]
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_OURS = r"(?:study|reports|search_spaces|tests|benchmarks|examples|docs)/[\w/.-]*"


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows_of(name: str, heading: str) -> list[list[str]]:
    """Return the rows, without the two of its head, of the first table that begins so."""
    table = text_of(name).split(f"{heading}\n", 1)[1].split("\n\n", 1)[0]
    cut = re.compile(r"(?<!\\)\|")
    return [[cell.strip() for cell in cut.split(line)[1:-1]] for line in table.splitlines()[1:]]


def ticked(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=page_id
)
def test_paths_of_this_repository_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    paths = re.findall(rf"(?<![\w/.<-]){_OURS}", text)
    # A recipe says NAME for the file that is new.
    missing = {
        path for path in paths if "NAME" not in path and not (ROOT / path.rstrip(".")).exists()
    }
    assert missing == set()


def test_modules_run_by_name_are_there() -> None:
    for page in PAGES:
        for module in re.findall(r"python -m (study[\w.]+)", page.read_text(encoding="utf-8")):
            assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module


def test_make_targets_are_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    for page in PAGES:
        commands = re.findall(
            r"(?:`|^)make ([^`#\n]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
        asked = {word for command in commands for word in command.split() if "=" not in word}
        assert asked <= targets, page


def test_old_modules_are_gone_and_what_took_their_place_is_there() -> None:
    rows = rows_of("CHANGELOG.md", "| old module | new |")
    assert len(rows) > 60
    for old, new in rows:
        if ":" not in old:
            assert not (ROOT / ticked(old)[0]).exists(), old
        for path in full_names(new, "/"):
            assert (ROOT / path).is_file(), path


def test_renamed_classes_and_functions_are_where_the_changelog_says() -> None:
    rows = rows_of("CHANGELOG.md", "| old class or function | new |")
    assert len(rows) > 20
    modules = [path for name in ("study", "reports", "search_spaces") for path in package(name)]
    anywhere = {name for module in modules for name in names_in(module)}
    for _, new in rows:
        for name in full_names(new, "."):
            module, _, defined = name.rpartition(".")
            names = names_in(ROOT / f"{module.replace('.', '/')}.py") if module else anywhere
            assert defined in names, name


def package(name: str) -> list[Path]:
    return list((ROOT / name).rglob("*.py"))


def full_names(cell: str, sign: str) -> list[str]:
    """Return what a cell names: each by itself, or all after the place before a colon."""
    if ":" not in cell:
        return ticked(cell)
    place, *names = ticked(cell)
    return [f"{place.removesuffix(sign)}{sign}{name}" for name in names]


def names_in(module: Path) -> set[str]:
    found = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def test_the_layers_are_those_of_the_import_contract() -> None:
    (layers,) = (
        one["layers"]
        for one in PROJECT["tool"]["importlinter"]["contracts"]
        if one.get("containers") == ["study"]
    )
    contract = [set(layer.split(" | ")) for layer in layers]
    rows = rows_of("docs/architecture.md", "| layer | what it does |")
    shown = [{Path(name).stem for name in ticked(layer)} for layer, _ in rows]
    assert shown[0] == {"__main__", "cli"}
    assert [{"__main__"}, {"cli"}, *shown[1:]] == contract


def test_a_module_name_occurs_once_but_for_those_that_are_named() -> None:
    text = text_of("docs/architecture.md")
    said = text.split("share a name on purpose (", 1)[1].split("also occur", 1)[0]
    stems = Counter(path.stem for path in package("study"))
    assert {stem for stem, n in stems.items() if n > 1} - {"__init__"} == set(ticked(said))


def test_every_import_by_name_is_explained() -> None:
    text = text_of("docs/architecture.md")
    by_name = {
        str(path.relative_to(ROOT))
        for path in package("study")
        if "import_module(" in path.read_text(encoding="utf-8")
    }
    assert by_name <= set(ticked(text))


def test_every_file_of_a_run_directory_is_listed_and_rightly_said_to_be_kept() -> None:
    rows = rows_of(
        "docs/run-directory.md",
        "| file | what it holds | written by, when | form | kept | delete? |",
    )
    kept = {ticked(row[0])[0].rstrip("/"): row[4] for row in rows}
    run = RunDirectory(Path("run"))
    properties = [name for name, one in vars(RunDirectory).items() if isinstance(one, property)]
    paths = [path for name in properties if isinstance(path := getattr(run, name), Path)]
    assert len(paths) > 15
    assert {path.name for path in paths} <= kept.keys()
    for path in paths:
        if path != run.database:  # its trials are in Optuna's own tables
            assert kept[path.name] == ("yes" if path in (*run.texts, *run.lists) else "no"), path


def test_every_page_stands_once_in_the_navigation() -> None:
    trees = [block.text for block in blocks_of(text_of("docs/index.md"))]
    listed = [line for tree in trees for line in tree.splitlines() if line and line[0] != ":"]
    assert Counter(["index", *listed]) == Counter(page.stem for page in DOCS.glob("*.md"))


def test_exit_codes_are_those_of_the_command_line() -> None:
    rows = rows_of("docs/commands.md", "| code | it means |")
    main = re.search(r"exit: (.+)\.", text_of("study/cli.py"))
    assert main is not None
    codes = re.findall(r"\d+", main.group(1))
    assert sorted([*map(int, codes), NOT_BEATEN]) == [int(row[0]) for row in rows]


def test_variables_of_the_environment_are_listed() -> None:
    rows = rows_of("docs/commands.md", "| variable | what it does |")
    listed = {name for row in rows for name in ticked(row[0])}
    named = {
        name
        for path in package("study")
        for name in re.findall(r"\bDENSE_STUDY_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert {name for name in listed if name.startswith("DENSE_STUDY_")} == named


def test_no_word_is_explained_twice() -> None:
    words = re.findall(r"^- \*\*(.+?)\*\*", text_of("docs/glossary.md"), re.MULTILINE)
    assert len(words) > 50
    assert [word for word, n in Counter(words).items() if n > 1] == []


@pytest.mark.parametrize(
    ("heading", "folder"),
    [("| program | what it measures | shorter |", "."), ("| part | what it is |", "parts")],
)
def test_every_program_and_part_of_the_benchmarks_is_listed(heading: str, folder: str) -> None:
    listed = [name for row in rows_of("benchmarks/README.md", heading) for name in ticked(row[0])]
    there = {path.name for path in (ROOT / "benchmarks" / folder).glob("*.py")}
    assert Counter(listed) == Counter(there)


@pytest.mark.parametrize("program", ["throughput.py", "cluster_limits.py"])
def test_every_measurement_of_a_program_is_listed(program: str) -> None:
    cells = [row[0] for row in rows_of("benchmarks/README.md", "| command | what it measures |")]
    listed = {
        name.removeprefix(f"{program} ")
        for cell in cells
        if cell.startswith(f"`{program} ")
        for name in ticked(cell)
    }
    cases = re.findall(r'^ +case "([\w-]+)":$', text_of(f"benchmarks/{program}"), re.MULTILINE)
    assert listed == set(cases)


def test_every_key_of_a_spaces_data_is_listed_with_its_option() -> None:
    rows = rows_of("docs/own-data.md", "| option | key of `[data]` | what it does |")
    listed = {ticked(key)[0]: ticked(option)[0].split()[0] for option, key, _ in rows}
    assert listed == {key: f"--{key.replace('_', '-')}" for key in DATA_KEYS if key != "source"}


def test_images_carry_the_version() -> None:
    tags = re.findall(r"registry\.example\.org/dense-study:([\w.]+)", text_of("docs/cluster.md"))
    assert set(tags) == {PROJECT["project"]["version"]}

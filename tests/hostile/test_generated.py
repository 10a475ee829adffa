"""Thousands of seeded inputs in one process: each ends with 0, 1 or 2 and at most one message."""

import hashlib
import io
import json
import random
import shutil
import sqlite3
import tempfile
import tomllib
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
import tomli_w

import search_spaces
from search_spaces.read import load_space
from study import cli
from study.config_file import load_config
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.executors.cluster.cluster_file import parse_cluster
from study.run_dir.paths import RunDirectory
from study.workflows.request import read_enqueued

OLD_RUNS = Path(__file__).parents[1] / "study" / "old_runs.tar.xz"
NAME = "old-done"
LONGEST = 2000
LEAST_IN_ALL = 2000
# Values in place of another: types, sizes and signs that no file has.
VALUES: tuple[Any, ...] = (
    *("x", "", "\ud800", "\x1b[31m", "x" * 5000, "NaN", "Infinity", "2026-01-01", "é", "."),
    *(None, True, -1, 0, 1, 2**70, -(2**70), 10**400, 10**12),
    *(1e308, -1e308, float("nan"), float("inf"), 1e-320, 1.5, 3.0),
    *([], {}, [1], ["x"], {"a": 1}, [[[]]]),
)
DEEP = "[" * 100_000
LONG_NUMBER = '{"number": ' + "9" * 5000 + "}"
GENESIS = hashlib.sha256(b"dense-study ledger 1").hexdigest()

Edit = Callable[[random.Random, bytes], bytes]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every value inside another."""
    items: Any = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def edited(rng: random.Random, value: Any) -> Any:
    """Replace, remove or add one value."""
    paths = list(places(value))
    if not paths:
        return rng.choice(VALUES)
    *path, last = rng.choice(paths)
    inside = value
    for key in path:
        inside = inside[key]
    way = rng.random()
    if way < 0.7:
        inside[last] = rng.choice(VALUES)
    elif way < 0.85:
        del inside[last]
    elif isinstance(inside, dict):
        inside[rng.choice(["new", "", "x" * 3000, "\x1b", "kind"])] = rng.choice(VALUES)
    else:
        inside.append(rng.choice([*VALUES, inside[0]]))
    return value


def damaged(rng: random.Random, content: bytes) -> bytes:
    """Cut a file, or change a few bytes of it."""
    if rng.random() < 0.3 or not content:
        return content[: rng.randrange(len(content) + 1)]
    changed = bytearray(content)
    for _ in range(rng.randrange(1, 5)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def written(value: Any) -> str:
    return json.dumps(value).replace(str(10**400), "1" + "0" * 400)


def edit_json(rng: random.Random, content: bytes) -> bytes:
    way = rng.random()
    if way < 0.1:
        return rng.choice([DEEP, LONG_NUMBER, "", "null"]).encode()
    return written(edited(rng, json.loads(content))).encode()


def edit_lines(rng: random.Random, content: bytes) -> bytes:
    lines = content.decode().splitlines()
    i = rng.randrange(len(lines))
    way = rng.random()
    if way < 0.1:
        lines[i] = rng.choice([DEEP, LONG_NUMBER, "", "null"])
    elif way < 0.15:
        lines.insert(i, rng.choice(lines))
    elif way < 0.2:
        del lines[i]
    else:
        lines[i] = written(edited(rng, json.loads(lines[i])))
    return "".join(f"{line}\n" for line in lines).encode()


def edit_ledger(rng: random.Random, content: bytes) -> bytes:
    """Edit one line and chain them anew, as somebody would who wants it not to show."""
    lines = [json.loads(line) for line in content.splitlines()]
    i, before = rng.randrange(len(lines)), GENESIS
    lines[i] = edited(rng, lines[i])
    for fields in lines:
        if isinstance(fields, dict):
            fields.pop("chain", None)
            before = hashlib.sha256(before.encode() + json.dumps(fields).encode()).hexdigest()
            fields["chain"] = before
    return "".join(f"{written(line)}\n" for line in lines).encode()


def edit_toml(rng: random.Random, content: bytes) -> bytes:
    if rng.random() < 0.1:
        return f"trials = {rng.choice([DEEP, '9' * 5000])}\n".encode()
    for _ in range(50):
        try:
            return tomli_w.dumps(edited(rng, tomllib.loads(content.decode()))).encode()
        except (TypeError, UnicodeEncodeError, AttributeError):
            continue  # TOML has no such value
    raise AssertionError("no edit is TOML")


EDITS: dict[str, Edit] = {
    "data.json": edit_json,
    "confirmation.json": edit_json,
    "summaries.json": edit_json,
    "asked.jsonl": edit_lines,
    "trials.jsonl": edit_lines,
    "retrainings.jsonl": edit_lines,
    "ledger.jsonl": edit_ledger,
    "plan.toml": edit_toml,
    "space.toml": edit_toml,
    "test_predictions.npz": damaged,
    "lock": lambda rng, _: rng.randbytes(50),
}


class Generated:
    """Run commands, count them, and fail for what no command may do."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch, temporary: Path) -> None:
        self._capsys, self._temporary = capsys, temporary
        self._bug: list[Exception] = []
        self.codes: Counter[int] = Counter()
        self.kinds: Counter[str] = Counter()
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        monkeypatch.setattr(cli, "_report_bug", self._note)

    def _note(self, error: Exception) -> int:
        self._bug.append(error)
        return 3

    def run(self, kind: str, what: str, arguments: list[str], command: Any = cli.cli) -> None:
        code = cli.exit_code(arguments, command)
        out, err = self._capsys.readouterr()
        said = f"{kind}, {what}: {code}\n{err[:3000]}"
        assert not self._bug, said + "".join(traceback.format_exception(self._bug[-1]))
        assert code in {0, 1, 2}, said
        assert "Traceback" not in err, said
        assert len(err.rstrip("\n")) <= LONGEST + len("Error: "), said
        assert bool(err) == (code != 0), said
        assert all(line.isprintable() for line in (out + err).split("\n")), said
        assert list(self._temporary.iterdir()) == [], said
        self.codes[code] += 1
        self.kinds[kind] += 1

    def call(self, kind: str, what: str, function: Callable[[], object]) -> None:
        """Run a function as a command, below the one error boundary."""
        self.run(kind, what, [], click.Command("call", callback=lambda: function() and None))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one confirmed study that has all of its files."""
    runs = tmp_path_factory.mktemp("generated") / "runs"
    shutil.unpack_archive(OLD_RUNS, runs, filter="data")
    shutil.rmtree(runs / "old-stopped")
    restore(RunDirectory(runs / NAME))
    return runs


def restore(run: RunDirectory) -> None:
    """Read a study's trials as `resume` does before it trains."""
    with closing(open_storage(f"sqlite:///{run.database}", run.name, create=True)) as storage:
        TrialLog(run, storage, load_space("smoke")).restore()


@contextmanager
def replaced(path: Path, content: bytes) -> Iterator[None]:
    """Give a file another content; nothing else of its folder may change meanwhile."""
    before = path.read_bytes()
    names = sorted(path.parent.iterdir())
    path.write_bytes(content)
    yield
    assert sorted(path.parent.iterdir()) == names
    path.write_bytes(before)


def run_directories(generated: Generated, runs: Path, page: Path) -> None:
    rng = random.Random(1)
    where = ["--runs-dir", str(runs)]
    reading = [["show", NAME], ["show", "--json", NAME], ["list"]] * 4
    commands = [*reading, ["report", NAME, "--out", str(page)]]
    for i in range(330):
        name = list(EDITS)[i % len(EDITS)]
        path = runs / NAME / name
        before = path.read_bytes()
        is_edit = rng.random() < 0.85 or not before
        content = EDITS[name](rng, before) if is_edit else damaged(rng, before)
        with replaced(path, content):
            generated.run(f"edited {name}", repr(content[:3000]), rng.choice(commands) + where)


def databases(generated: Generated, runs: Path, work: Path) -> None:
    rng = random.Random(2)
    values = (*(one for one in VALUES if isinstance(one, str | float)), "{", "[]", '{"name": "x"}')
    values = tuple(one for one in values if one != "\ud800")
    for i in range(40):
        shutil.rmtree(work, ignore_errors=True)
        ignored = shutil.ignore_patterns("best", "weights", "trials.jsonl" if i % 2 else "")
        run = RunDirectory(Path(shutil.copytree(runs / NAME, work / NAME, ignore=ignored)))
        if i % 4 == 0:
            run.database.write_bytes(damaged(rng, run.database.read_bytes()))
            what = "bytes"
        else:
            what = edit_database(rng, run.database, values)
        if i % 2:
            generated.run("edited study.db", what, ["show", NAME, "--runs-dir", str(work)])
        else:
            generated.call("edited study.db", what, lambda run=run: restore(run))


def edit_database(rng: random.Random, path: Path, values: tuple[Any, ...]) -> str:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = 1")
        listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        table = rng.choice(sorted(name for (name,) in listed))
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        column, value = rng.choice(columns), rng.choice(values)
        some = f"rowid IN (SELECT rowid FROM {table} LIMIT {rng.choice([1, 100])})"  # noqa: S608
        try:
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {some}", (value,))  # noqa: S608
        except sqlite3.IntegrityError:
            database.execute(f"DELETE FROM {table} WHERE {some}")  # noqa: S608
        database.commit()
    return f"{table}.{column} = {value!r:.80}"


def texts(generated: Generated, folder: Path) -> None:
    """Edit spaces, configs, params to try first and cluster files."""
    rng = random.Random(3)
    shipped = sorted(Path(search_spaces.__file__).parent.glob("*.toml"))
    config = b'width = 512\ndepth = 2\ndropout = 0.2\nactivation = "relu"\nepochs = 5\n'
    params = b'[{"width": 256, "dropout": 0.1}, {"batch_size": 64}]'
    cluster = b'class = "x.Y"\nworkers = 2\n[options]\nn = 1\n'
    cluster += b'[security]\nca_file = "a"\ncert = "b"\nkey = "c"\n'
    four = load_space("four")
    for i in range(300):
        path = folder / "input.toml"
        first = rng.choice(shipped).read_bytes()
        path.write_bytes(edit_toml(rng, first) if i % 4 else damaged(rng, first))
        generated.run("space", repr(path.read_bytes()[:3000]), ["spaces", "check", str(path)])
        path.write_bytes(edit_toml(rng, config) if i % 4 else damaged(rng, config))
        generated.call(
            "config", repr(path.read_bytes()[:3000]), lambda path=path: load_config(path)
        )
        path.write_bytes(edit_json(rng, params) if i % 4 else damaged(rng, params))
        asked = repr(path.read_bytes()[:3000])
        generated.call("params", asked, lambda path=path: read_enqueued(path, four))
        text = (edit_toml(rng, cluster) if i % 4 else damaged(rng, cluster)).decode("latin-1")
        generated.call("cluster", text, lambda text=text: parse_cluster(text, "c.toml"))


def archives(generated: Generated, folder: Path) -> None:
    """Damage .npz files: bytes, members' names and versions, headers of arrays."""
    rng = random.Random(4)
    numbers = np.random.default_rng(1)
    arrays: dict[str, Any] = {
        "x_train": numbers.integers(0, 255, (20, 8)).astype(np.uint8),
        "y_train": np.array(["a", "b"] * 10),
        "x_test": numbers.integers(0, 255, (6, 8)).astype(np.uint8),
        "y_test": np.array(["a", "b"] * 3),
    }
    content = io.BytesIO()
    np.savez(content, **arrays)
    path = folder / "input.npz"
    for i in range(250):
        path.write_bytes(damaged(rng, content.getvalue()))
        if i % 3 == 0:
            with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w") as new:
                for name in old.namelist():
                    member = old.read(name)
                    shape = rng.choice([b"(20, 8)", b"(%d,)" % 10**40, b"(-1, 8)", b"('', 8)"])
                    if rng.random() < 0.3:
                        member = member.replace(b"(20, 8)", shape)
                    if rng.random() < 0.2:
                        member = damaged(rng, member[:80]) + member[80:]
                    odd = rng.choice(["x" * 3000, "\x1b.npy", "../x.npy", "x_train", f"{name}/"])
                    new.writestr(odd if rng.random() < 0.1 else name, member)
        generated.run("npz", f"number {i}", ["data", "check", str(path)])


OPTIONS = (
    *("--trials", "--seed", "--top", "--margin", "--jobs", "--timeout", "--trial-timeout"),
    *("--confirm-seeds", "--name", "--sampler", "--pruner", "--runs-dir", "--enqueue", "--space"),
)
TYPED = (
    *("9" * 5000, "nan", "inf", "-1", "1e400", "x" * 5000, "1e999s", "9" * 400 + "h", ""),
    *("\udcff", "\x1b[31m", "²", "1e3", "auto", "x" * 300, "..", "-", "\u202e", "0x10"),
)


def options(generated: Generated, folder: Path) -> None:
    missing = str(folder / "missing.npz")
    for option in OPTIONS:
        for value in TYPED:
            if option != "--runs-dir":
                asked = ["run", option, value, "--data", missing, "--runs-dir", str(folder / "r")]
                generated.run("option", f"{option} {value!r:.80}", asked)


@pytest.mark.slow
def test_no_generated_input_is_a_bug(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    generated = Generated(capsys, monkeypatch, tmp_path / "temporary")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    options(generated, inputs)
    texts(generated, inputs)
    archives(generated, inputs)
    databases(generated, sound, tmp_path / "work")
    run_directories(generated, sound, tmp_path / "page.html")
    assert generated.codes.total() == generated.kinds.total() >= LEAST_IN_ALL
    assert generated.codes[0] >= 200
    assert generated.codes[1] >= 1000
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"inputs", "page.html", "temporary", "work"}
    assert {path.name for path in inputs.iterdir()} == {"input.toml", "input.npz"}

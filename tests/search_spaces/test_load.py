import os
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import load_space, read_space
from search_spaces.shipped import shipped_names, shipped_text

WIDTH = '[parameters.width]\ntype = "int"\nlow = 64\nhigh = 1024\n'


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_space_is_loaded_by_its_name(name: str) -> None:
    space = load_space(name)
    assert space.name == name
    assert space.about
    assert read_space(shipped_text(name), name) == space


def test_every_toml_file_beside_the_loader_is_a_shipped_space() -> None:
    folder = Path(__file__).parents[2] / "search_spaces"
    assert {path.stem for path in folder.glob("*.toml")} == set(shipped_names())
    assert shipped_names()[0] == "four"


@pytest.mark.parametrize("name", ["four", "wide", "augmented"])
def test_the_shipped_baseline_is_the_published_one(name: str) -> None:
    baseline = load_space(name).baseline
    assert baseline == load_space("four").baseline
    assert baseline.published is not None
    assert baseline.published.accuracy == 0.984


def test_a_space_file_is_loaded_by_its_path_even_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f'name = "mine"\r\n{WIDTH}'.encode())
    assert load_space(str(path)).name == "mine"


def fault_of_loading(name_or_path: str) -> str:
    with pytest.raises(FaultError) as caught:
        load_space(name_or_path)
    return str(caught.value)


def test_an_unknown_name_is_reported_with_the_known_ones() -> None:
    assert fault_of_loading("fuor") == (
        "search space: unknown name (did you mean four?); got 'fuor'; "
        "allowed: four, smoke, wide, augmented, or the path of a .toml file"
    )


def test_files_that_cannot_be_a_space_are_refused(tmp_path: Path) -> None:
    missing, large, binary = (tmp_path / f"{name}.toml" for name in ("missing", "large", "binary"))
    large.write_bytes(b"#" * (1 << 20) + b"\n")
    binary.write_bytes(b"name = '\xff'")
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert fault_of_loading(str(missing)) == f"{missing}: cannot be read: No such file or directory"
    assert fault_of_loading(str(tmp_path)) == f"{tmp_path}: not a regular file"
    assert fault_of_loading(str(pipe)) == f"{pipe}: not a regular file"
    assert fault_of_loading(str(large)) == (
        f"{large}: file too large; got 1048577 bytes; allowed: up to 1048576 bytes"
    )
    assert fault_of_loading(str(binary)) == (
        f"{binary}: not UTF-8 text: invalid start byte at byte 8"
    )
    assert fault_of_loading("a\0b.toml") == r"a\x00b.toml: cannot be read: embedded null byte"

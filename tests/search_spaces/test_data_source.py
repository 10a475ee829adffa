"""A file of one study names its data beside its space."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.data_source import AS_IT_IS, DataOptions, DataSource
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import load_space, read_space
from search_spaces.shipped import shipped_text
from search_spaces.space import Space
from search_spaces.write import write_space

LINE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
OPTIONS = st.builds(
    DataOptions,
    target=LINE,
    drop=st.lists(LINE, max_size=3).map(tuple),
    test_data=LINE | st.just(""),
    test_share=st.floats(0, 1, exclude_max=True),
    group=LINE | st.just(""),
    time=LINE | st.just(""),
    weight=LINE | st.just(""),
)


def smoke(data: DataSource | None) -> Space:
    space = load_space("smoke")
    return Space(space.name, space.about, space.parameters, space.fixed, space.baseline, data=data)


@given(LINE, OPTIONS)
def test_data_survives_being_written_and_read(source: str, options: DataOptions) -> None:
    space = smoke(DataSource(source, options))
    assert read_space(write_space(space), "written") == space
    assert space_fingerprint(space) == space_fingerprint(smoke(None))


def test_data_lies_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text("a,label\n")
    text = shipped_text("smoke") + (
        '[data]\nsource = "my.csv"\ntarget = "label"\ndrop = ["id"]\ntest_data = "later.csv"\n'
    )
    (tmp_path / "study.toml").write_text(text)
    options = DataOptions("label", ("id",), str(tmp_path / "later.csv"))
    source = DataSource(str(tmp_path / "my.csv"), options)
    assert load_space(str(tmp_path / "study.toml")).data == source


@pytest.mark.parametrize("name", ["digits", "gone.csv"])
def test_what_is_no_file_beside_it_stays_as_it_is_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(f'{shipped_text("smoke")}[data]\nsource = "{name}"\n')
    assert load_space(str(tmp_path / "study.toml")).data == DataSource(name, AS_IT_IS)


def test_a_file_that_is_called_as_a_known_data_set_stays_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("digits").touch()
    Path("study.toml").write_text(f'{shipped_text("smoke")}[data]\nsource = "./digits"\n')
    assert load_space("study.toml").data == DataSource("./digits", AS_IT_IS)

"""Which data is meant: what was asked, else what the space's file says, else the default."""

from pathlib import Path

import pytest

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.read import load_space
from search_spaces.write import write_space
from study.workflows.request import data_of

SAID = '\n[data]\nsource = "my.csv"\ntarget = "kind"\ntest_share = 0.25\n'


@pytest.fixture
def own(tmp_path: Path) -> str:
    """Return a space's file with data beside it."""
    (tmp_path / "my.csv").touch()
    file = tmp_path / "own.toml"
    file.write_text(write_space(load_space("smoke")) + SAID)
    return str(file)


def test_a_space_s_own_data_comes_before_the_default(own: str, tmp_path: Path) -> None:
    said = DataOptions(target="kind", test_share=0.25)
    assert data_of(own, None, AS_IT_IS) == (str(tmp_path / "my.csv"), said)
    assert data_of("smoke", None, AS_IT_IS) == ("digits", AS_IT_IS)


def test_an_option_takes_the_place_of_what_the_file_says_of_it(own: str, tmp_path: Path) -> None:
    found = data_of(own, None, DataOptions(target="other"))
    assert found == (str(tmp_path / "my.csv"), DataOptions(target="other", test_share=0.25))


def test_other_data_takes_nothing_from_the_file(own: str) -> None:
    assert data_of(own, "iris", AS_IT_IS) == ("iris", AS_IT_IS)

"""The example configs are points of the shipped spaces that they are the best known of."""

import tomllib
from pathlib import Path

import pytest

from search_spaces.active import check_params
from search_spaces.read import load_space
from study.config_file import load_config

EXAMPLES = Path(__file__).parent.parent / "examples"


SPACES = {
    "mnist_augmented": "augmented",
    "mnist_augmented_long": "augmented",
    "mnist_plain": "wide",
}


@pytest.mark.parametrize(("name", "space"), SPACES.items())
def test_an_example_is_a_point_of_its_space(name, space):
    path = EXAMPLES / f"{name}.toml"
    params = tomllib.loads(path.read_text(encoding="utf-8"))
    assert check_params(load_space(space), params, name) == []
    assert params.items() <= load_config(path).as_params().items()


def test_every_example_is_checked():
    assert {path.stem for path in EXAMPLES.glob("*.toml")} == set(SPACES)

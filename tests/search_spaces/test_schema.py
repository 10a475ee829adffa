import json
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from jsonschema import Draft202012Validator

from search_spaces.schema import space_schema
from search_spaces.shipped import shipped_names, shipped_text
from search_spaces.space import Space
from search_spaces.write import write_space

VALIDATOR = Draft202012Validator(space_schema())


def places_of_faults(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_the_schema_is_itself_sound() -> None:
    Draft202012Validator.check_schema(space_schema())


def test_the_shipped_schema_file_is_the_generated_one() -> None:
    shipped = files("search_spaces").joinpath("space.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == space_schema()


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_space_fits_the_schema_and_names_it_for_editors(name: str) -> None:
    assert places_of_faults(shipped_text(name)) == []
    assert shipped_text(name).startswith("#:schema ./space.schema.json\n")


@given(st.data())
def test_every_sound_space_fits_the_schema(spaces: SearchStrategy[Space], data: DataObject) -> None:
    assert places_of_faults(write_space(data.draw(spaces))) == []


NAME = 'name = "mine"\n'
WIDTH = '[parameters.width]\ntype = "int"\nlow = 64\nhigh = 1024\n'
DROPOUT = '[parameters.dropout]\ntype = "float"\nlow = 0\nhigh = 0.5\n'
CHOICE = '[parameters.activation]\ntype = "choice"\n'
PUBLISHED = """\
[baseline.published]
accuracy = 98.4
data = "mnist"
split = "test"
n = 10000
runs = 1
source = "a page"
"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (WIDTH, "$"),
        (NAME, "$"),
        (f'name = "my space"\n{WIDTH}', "$.name"),
        (f"{NAME}parameters = {{}}\n", "$.parameters"),
        (f"{NAME}nmae = 1\n{WIDTH}", "$"),
        (f'{NAME}about = ""\n{WIDTH}', "$.about"),
        (f"{NAME}{WIDTH}stp = 2\n", "$.parameters.width"),
        (f"{NAME}{WIDTH}step = 0\n", "$.parameters.width"),
        (f"{NAME}{WIDTH}log = true\nstep = 64\n", "$.parameters.width"),
        (f'{NAME}{WIDTH}log = "yes"\n', "$.parameters.width"),
        (f'{NAME}{WIDTH}when.optimzer = "sgd"\n', "$.parameters.width"),
        (f'{NAME}{WIDTH}when.optimizer = "sdg"\n', "$.parameters.width"),
        (f"{NAME}{WIDTH}when.optimizer = {{ low = 1 }}\n", "$.parameters.width"),
        (f"{NAME}{WIDTH.replace('64', '0')}", "$.parameters.width"),
        (f"{NAME}{WIDTH.replace('low', '# low')}", "$.parameters.width"),
        (f"{NAME}{DROPOUT.replace('float', 'int')}", "$.parameters.dropout"),
        (f"{NAME}{DROPOUT}log = true\n", "$.parameters.dropout"),
        (f"{NAME}{DROPOUT.replace('dropout', 'drpout')}", "$.parameters"),
        (f"{NAME}{CHOICE}values = []\n", "$.parameters.activation"),
        (f'{NAME}{CHOICE}values = ["relu", "relu"]\n', "$.parameters.activation"),
        (f"{NAME}{WIDTH}[fixed]\ndepth = 9\n", "$.fixed.depth"),
        (f"{NAME}{WIDTH}[fixed]\nnesterov = 1\n", "$.fixed.nesterov"),
        (f"{NAME}{WIDTH}[baseline]\nwdth = 1\n", "$.baseline"),
        (f"{NAME}{WIDTH}{PUBLISHED}", "$.baseline.published.accuracy"),
    ],
)
def test_a_malformed_space_fails_the_schema_at_its_place(text: str, place: str) -> None:
    assert places_of_faults(text) == [place]

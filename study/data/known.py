"""The data sets that are known by name: what they hold and where they can be had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from study.data.arrays import WholeData
from study.data.built_in.bundled_tables import read_breast_cancer, read_iris, read_wine
from study.data.built_in.digits import read_digits


@dataclass(frozen=True)
class Remote:
    """A file to download: its name at the base address, and a hash where upstream publishes one."""

    filename: str
    md5: str | None = None


@dataclass(frozen=True)
class Known:
    """A data set known by name.

    `read` is there for one that is built in; any other is looked for as a file and downloaded:
    `remotes` lie under each of `addresses`, which are tried in order. `fingerprint` is that of its
    arrays, None where it is not known to this program: then shapes, type and images a class are
    what a file is held to. `class_names` replace labels that are mere numbers.
    """

    about: str
    train_n: int
    test_n: int
    image_shape: tuple[int, ...]
    classes: int = 10
    fingerprint: str | None = None
    class_names: tuple[str, ...] = ()
    remotes: tuple[Remote, ...] = ()
    addresses: tuple[str, ...] = ()
    read: Callable[[], WholeData] | None = None


_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

KNOWN: Mapping[str, Known] = MappingProxyType(
    {
        "digits": Known(
            about="1,797 handwritten digits, 8 x 8, from scikit-learn; they have no test split of "
            "their own, so a fixed stratified fifth is used",
            train_n=1_438,
            test_n=359,
            image_shape=(8, 8),
            fingerprint="c6d58e69dd2a09cffb577d4775692d191f50b8fa1f0bb844327acb9a485bea1a",
            read=read_digits,
        ),
        "iris": Known(
            about="150 irises by four lengths, of scikit-learn; a stratified fifth is for tests",
            train_n=120,
            test_n=30,
            image_shape=(4,),
            classes=3,
            fingerprint="1d7b19418eea13b9e022ef565c0b47bdcb10931eca7ada053cbaca74350c36de",
            read=read_iris,
        ),
        "wine": Known(
            about="178 wines by 13 measurements, of scikit-learn; a stratified fifth is for tests",
            train_n=142,
            test_n=36,
            image_shape=(13,),
            classes=3,
            fingerprint="ea9ab39a4824852cdc84bcadf4328fd71b37cf0f88a3a2dc19287a79590397ab",
            read=read_wine,
        ),
        "breast_cancer": Known(
            about="569 tumours by 30 measures, of scikit-learn; a stratified fifth is for tests",
            train_n=455,
            test_n=114,
            image_shape=(30,),
            classes=2,
            fingerprint="234f095d80ea59d07ec1cae7f1661ea42ed8f3badbfc193ea37ec044151b2346",
            read=read_breast_cancer,
        ),
        "mnist": Known(
            about="70,000 handwritten digits, 28 x 28 (LeCun, Cortes, Burges)",
            train_n=60_000,
            test_n=10_000,
            image_shape=(28, 28),
            fingerprint="9a056fba149ce4bfc70ad5a90e3abe86abb41bacb6fe6fe6df307384002db4aa",
            remotes=(Remote("mnist.npz"),),
            addresses=(_KERAS,),
        ),
        "fashion-mnist": Known(
            about="70,000 articles of clothing, 28 x 28 (Xiao, Rasul, Vollgraf)",
            train_n=60_000,
            test_n=10_000,
            image_shape=(28, 28),
            class_names=(
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ),
            # The MD5 sums are those of the data set's own README.
            remotes=(
                Remote("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                Remote("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
                Remote("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
                Remote("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
            ),
            addresses=(
                _KERAS,
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            ),
        ),
    }
)


def known_name(fingerprint: str) -> str | None:
    """Return the name of the data set with these very arrays, None for any other."""
    for name, known in KNOWN.items():
        if known.fingerprint == fingerprint:
            return name
    return None

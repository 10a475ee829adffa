"""Read a user's own data: what a path holds decides which reader reads it."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from search_spaces.data_source import DataOptions
from search_spaces.faults import fault
from study.data.arrays import WholeData
from study.data.file_bytes import read_head
from study.data.idx_folder import has_idx_files, read_any_idx_folder
from study.data.image_folder import is_image_folder, read_image_folder
from study.data.mat import read_mat
from study.data.mat_values import is_mat
from study.data.other_formats import is_npz, refuse_other_format
from study.data.parse import read_whole
from study.data.pyarrow_needed import tables_module

# Read data from a path, as the options say, within a number of bytes; the last is how faults call
# the place. Raises FaultError with what is wrong.
Reader = Callable[[Path, DataOptions, int, str], WholeData]


def read_own_data(path: Path, options: DataOptions, limit_bytes: int) -> WholeData:
    """Read data of any kind that this program reads; raises FaultError with what is wrong."""
    where = str(path)
    return _reader(path, where)(path, options, limit_bytes, where)


def _reader(path: Path, where: str) -> Reader:
    if path.is_dir():
        return _folder_reader(path, where)
    head = b"" if path.suffix == ".npz" else read_head(path, where)
    if is_npz(path, head):
        return _read_npz
    if is_mat(path, head):
        return _read_mat
    refuse_other_format(path, head, where)
    reader: Reader = tables_module("whole", where).read_whole_table
    return reader


def _folder_reader(path: Path, where: str) -> Reader:
    try:
        if has_idx_files(path):
            return _read_idx
        if is_image_folder(path):
            return _read_images
    except OSError as error:
        raise fault(where, f"the folder cannot be read: {error.strerror or error}") from error
    what = "this is a folder with neither images nor IDX files"
    raise fault(where, what, allowed="class/name.png, or train/class/name.png and test/...")


def _read_images(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    refuse_options(options, where, "a folder of images", ("test_share",))
    return read_image_folder(path, options, limit_bytes, where)


def _read_idx(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    refuse_options(options, where, "a folder of IDX files", ("test_share",))
    return read_any_idx_folder(path, options.test_share, limit_bytes, where)


def _read_npz(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    refuse_options(options, where, "an .npz file", ("test_share", "weight"))
    whole = read_whole(path, limit_bytes, where, options.test_share)
    if options.weight not in ("", whole.weight):
        allowed = whole.weight or "none: only a saved table holds weights"
        raise fault(f"{where}, --weight", "the file holds no such weights", options.weight, allowed)
    return whole


def _read_mat(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    refuse_options(options, where, "a MATLAB file", ("test_share",))
    return read_mat(path, options, limit_bytes, where)


# How each option is called on the command line.
OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "target": "--target",
        "drop": "--drop",
        "test_data": "--test-data",
        "test_share": "--test-share",
        "group": "--group",
        "time": "--time",
        "weight": "--weight",
    }
)


def refuse_options(
    options: DataOptions, where: str, kind: str, taken: Collection[str] = ()
) -> None:
    """Raise FaultError where an option is given that data of this kind does not take."""
    refused = [OPTIONS[name] for name in options.given() if name not in taken]
    if refused:
        allowed = ", ".join(OPTIONS[name] for name in taken) or "none of them"
        raise fault(where, f"options that {kind} does not take", ", ".join(refused), allowed)

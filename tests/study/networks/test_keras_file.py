import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.config import config_from_params
from study.networks.keras_file import check_network_file, weight_shapes

CONFIG = config_from_params({"depth": 1, "width": 5, "normalization": "batch"})
SHAPES = weight_shapes(CONFIG, 4, 3)


def _plain(file: h5py.File) -> None:
    for number, shape in enumerate(SHAPES):
        file[f"layers/layer_{number}/vars/0"] = np.zeros(shape, np.float32)
    file["optimizer/vars/0"] = np.int64(3)


def _write(path: Path, fill: Callable[[h5py.File], None], **more: bytes) -> Path:
    weights = path.with_suffix(".h5")
    with h5py.File(weights, "w") as file:
        fill(file)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", '{"class_name": "Lambda"}')
        archive.write(weights, "model.weights.h5")
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(FaultError) as error:
        check_network_file(path, CONFIG, 4, 3)
    return str(error.value).replace(str(path), "FILE")


def test_shapes_are_keras_s() -> None:
    assert SHAPES == ((4, 5), (5,), (5,), (5,), (5,), (5,), (5, 3), (3,))


def test_plain_weights_of_the_right_shapes_pass_whatever_the_config_inside_says(
    tmp_path: Path,
) -> None:
    check_network_file(_write(tmp_path / "m.keras", _plain), CONFIG, 4, 3)


def test_weights_from_outside_the_file_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["x"] = np.zeros(5, np.float32)

    def external_link(file: h5py.File) -> None:
        _plain(file)
        del file["layers/layer_1/vars/0"]
        file["layers/layer_1/vars/0"] = h5py.ExternalLink(str(secret), "/x")

    def soft_link(file: h5py.File) -> None:
        _plain(file)
        file["layers/layer_1/vars/1"] = h5py.SoftLink("/layers/layer_2/vars/0")

    def virtual(file: h5py.File) -> None:
        _plain(file)
        del file["layers/layer_1/vars/0"]
        layout = h5py.VirtualLayout((5,), np.float32)
        layout[:] = h5py.VirtualSource(str(secret), "x", (5,))
        file.create_virtual_dataset("layers/layer_1/vars/0", layout)

    def external_storage(file: h5py.File) -> None:
        _plain(file)
        del file["layers/layer_1/vars/0"]
        file.create_dataset(
            "layers/layer_1/vars/0", (5,), np.float32, external=[(str(secret), 0, 20)]
        )

    place = "FILE, /layers/layer_1/vars/0"
    assert _refusal(_write(tmp_path / "a.keras", external_link)) == (
        f"{place}: a link; allowed: numbers stored in the file itself"
    )
    assert "vars/1: a link" in _refusal(_write(tmp_path / "b.keras", soft_link))
    for name, fill in (("c.keras", virtual), ("d.keras", external_storage)):
        assert _refusal(_write(tmp_path / name, fill)) == (
            f"{place}: numbers from elsewhere; allowed: stored in the file"
        )


def test_other_shapes_and_types_are_refused(tmp_path: Path) -> None:
    def wide(file: h5py.File) -> None:
        _plain(file)
        del file["layers/layer_0/vars/0"]
        file["layers/layer_0/vars/0"] = np.zeros((4, 6), np.float32)

    def double(file: h5py.File) -> None:
        _plain(file)
        del file["layers/layer_0/vars/0"]
        file["layers/layer_0/vars/0"] = np.zeros((4, 5))

    def bomb(file: h5py.File) -> None:
        _plain(file)
        file.create_dataset("vars/0", (10**6, 10**6), np.float32, chunks=(1000, 1000))

    assert _refusal(_write(tmp_path / "a.keras", wide)) == (
        "FILE: weights of other shapes; got (3,), (4, 6), (5,), (5,), (5,), (5,), (5,), (5, 3); "
        "allowed: (3,), (4, 5), (5,), (5,), (5,), (5,), (5,), (5, 3)"
    )
    assert "numbers of a wrong type; got float64; allowed: float32" in _refusal(
        _write(tmp_path / "b.keras", double)
    )
    assert _refusal(_write(tmp_path / "c.keras", bomb)) == (
        "FILE, /vars/0: weights of other shapes; got (1000000, 1000000)"
    )


def test_archives_with_other_members_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "m.keras", _plain, **{"assets/../../x.pkl": b""})

    assert _refusal(path) == (
        "FILE: unexpected members; got metadata.json, config.json, model.weights.h5, "
        "assets/../../x.pkl; allowed: config.json, metadata.json, model.weights.h5"
    )


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", bytes(50_000_000))
        archive.writestr("model.weights.h5", b"")

    assert (
        _refusal(path) == "FILE, config.json: too large; got 50,000,000 bytes; allowed: 2,000,000"
    )


def test_what_is_no_keras_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.keras").write_text("hello")
    (tmp_path / "folder.keras").mkdir()
    (tmp_path / "link.keras").symlink_to(_write(tmp_path / "m.keras", _plain))
    broken = _write(tmp_path / "broken.keras", _plain)
    with zipfile.ZipFile(broken, "w") as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(name, "no hdf5")

    assert _refusal(tmp_path / "text.keras").startswith("FILE: not a readable .keras file; got ")
    assert _refusal(broken).startswith("FILE: not a readable .keras file; got ")
    for name in ("folder", "link", "absent"):
        assert _refusal(tmp_path / f"{name}.keras") == "FILE: not a regular file"

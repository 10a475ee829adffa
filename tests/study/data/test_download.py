"""Downloads are tried against a real HTTP server on the loopback that misbehaves on demand."""

import gzip
import hashlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from study.data.arrays import fingerprint
from study.data.download import download
from study.data.fetch import FetchError, Limits, fetch
from study.data.known import Known, Remote
from study.data.load import load_data
from study.data.parse import read_whole, whole_data

Arrays = dict[str, NDArray[Any]]
Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]
LIMITS = Limits(stall_seconds=5, total_seconds=20, lock_seconds=5, most_bytes=1_000_000)


def whole(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def without_length(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content)


def truncated(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[:100])


def busy(handler: BaseHTTPRequestHandler, content: bytes) -> None:  # noqa: ARG001
    handler.send_error(503, "Busy")


@dataclass
class Server:
    """A server of named contents; `behave` says how, `asked` what it was asked for."""

    address: str
    contents: dict[str, bytes]
    behave: Behaviour
    asked: list[str]
    closing: threading.Event


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server("", {}, whole, [], threading.Event())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/sets/")
            state.asked.append(name)
            if name not in state.contents:
                self.send_error(404, "Not Found")
            else:
                state.behave(self, state.contents[name])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        state.address = f"http://127.0.0.1:{http.server_address[1]}/sets/"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield state
        state.closing.set()
        http.shutdown()
        thread.join()


@pytest.fixture
def known(arrays: Arrays, server: Server) -> Known:
    """A data set of one .npz file, published by its fingerprint."""
    return Known(
        about="for tests",
        train_n=12,
        test_n=6,
        image_shape=(2, 3),
        classes=3,
        fingerprint=fingerprint(whole_data(arrays)),
        remotes=(Remote("tiny.npz"),),
        addresses=(server.address,),
    )


@pytest.fixture
def content(arrays: Arrays, write_npz: Callable[..., Path]) -> bytes:
    return write_npz(arrays).read_bytes()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


def left_in(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "cache" / "dense-study").iterdir())


FAILED = "tiny: it is not on this machine and cannot be downloaded; got {answers}; allowed: {way}"
WAY = "a file by --data PATH, or tiny.npz in the folder $DENSE_STUDY_DATA names"


def failure(known: Known, environ: dict[str, str], limits: Limits = LIMITS) -> str:
    with pytest.raises(FaultError) as caught:
        download("tiny", known, environ, limits=limits)
    return str(caught.value)


@pytest.mark.parametrize("behave", [whole, without_length])
def test_a_download_lands_whole_in_the_cache(
    behave: Behaviour,
    server: Server,
    known: Known,
    content: bytes,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    server.contents["tiny.npz"] = content
    server.behave = behave
    said: list[str] = []
    path = download("tiny", known, environ, said.append, LIMITS)
    assert path == tmp_path / "cache" / "dense-study" / "tiny.npz"
    assert path.read_bytes() == content
    assert left_in(tmp_path) == ["tiny.lock", "tiny.npz"]
    assert said == [f"Downloading tiny to {path}"]


def test_what_lies_in_the_cache_is_not_downloaded_again(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    server.contents["tiny.npz"] = content
    download("tiny", known, environ, limits=LIMITS)
    download("tiny", known, environ, limits=LIMITS)
    assert server.asked == ["tiny.npz"]


def test_many_at_once_download_once(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    server.contents["tiny.npz"] = content
    paths: list[Path] = []
    threads = [
        threading.Thread(
            target=lambda: paths.append(download("tiny", known, environ, limits=LIMITS))
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 6
    assert server.asked == ["tiny.npz"]


def test_a_rebuilt_file_with_the_same_arrays_is_taken(
    server: Server, known: Known, arrays: Arrays, environ: dict[str, str], tmp_path: Path
) -> None:
    np.savez_compressed(tmp_path / "rebuilt.npz", **arrays)  # type: ignore[arg-type]
    server.contents["tiny.npz"] = (tmp_path / "rebuilt.npz").read_bytes()
    path = download("tiny", known, environ, limits=LIMITS)
    assert fingerprint(read_whole(path, 100_000)) == known.fingerprint


def test_a_truncated_download_is_reported_and_leaves_nothing(
    server: Server, known: Known, content: bytes, environ: dict[str, str], tmp_path: Path
) -> None:
    server.contents["tiny.npz"] = content
    server.behave = truncated
    answers = f"{server.address}: cut short after 100 of {len(content):,} bytes"
    assert failure(known, environ) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


@pytest.mark.parametrize(
    ("behave", "name", "reason"),
    [
        (whole, "other.npz", "the server answers 404 Not Found"),
        (busy, "tiny.npz", "the server answers 503 Busy"),
    ],
)
def test_an_error_of_the_server_is_reported(
    behave: Behaviour,
    name: str,
    reason: str,
    server: Server,
    known: Known,
    content: bytes,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    server.contents[name] = content
    server.behave = behave
    answers = f"{server.address}: {reason}"
    assert failure(known, environ) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


def test_other_arrays_than_the_published_are_refused(
    server: Server, known: Known, content: bytes, environ: dict[str, str], tmp_path: Path
) -> None:
    server.contents["tiny.npz"] = content
    published = replace(known, fingerprint="0123456789abcdef" * 4)
    answers = (
        f"{server.address}: tiny.npz: these are not the arrays of tiny; "
        f"got {(known.fingerprint or '')[:16]}; allowed: fingerprint 0123456789abcdef"
    )
    assert failure(published, environ) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


def test_a_page_in_place_of_the_file_is_refused(
    server: Server, known: Known, environ: dict[str, str], tmp_path: Path
) -> None:
    server.contents["tiny.npz"] = b"<html>Please log in</html>"
    answers = (
        f"{server.address}: tiny.npz: this is no .npz file, or one that was cut short; "
        "allowed: a file written by numpy.savez"
    )
    assert failure(known, environ) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


def test_a_file_beyond_the_limit_is_refused_even_without_its_length(
    server: Server, known: Known, environ: dict[str, str], tmp_path: Path
) -> None:
    server.contents["tiny.npz"] = bytes(300_000)
    server.behave = without_length
    limits = replace(LIMITS, most_bytes=200_000)
    answers = f"{server.address}: more than 200,000 bytes"
    assert failure(known, environ, limits) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


def test_a_silent_server_is_given_up(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    def silent(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:10])
        handler.wfile.flush()
        server.closing.wait(30)

    server.contents["tiny.npz"] = content
    server.behave = silent
    answers = f"{server.address}: silent for 0.2 seconds"
    limits = replace(LIMITS, stall_seconds=0.2)
    assert failure(known, environ, limits) == FAILED.format(answers=answers, way=WAY)


def test_a_server_that_drips_is_given_up_though_it_is_never_silent(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    def drip(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for byte in content * 100:
            if server.closing.wait(0.01):
                break
            try:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
            except OSError:  # the other side gave up, as it should
                break

    server.contents["tiny.npz"] = content
    server.behave = drip
    answers = f"{server.address}: not done after 0.3 seconds"
    limits = replace(LIMITS, total_seconds=0.3)
    assert failure(known, environ, limits) == FAILED.format(answers=answers, way=WAY)


def test_a_machine_without_connection_is_reported(known: Known, environ: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        message = failure(replace(known, addresses=(address,)), environ)
    answers = f"{address}: no connection ([Errno 111] Connection refused); is this machine offline?"
    assert message == FAILED.format(answers=answers, way=WAY)


def test_the_next_address_is_tried_when_one_fails(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    server.contents["tiny.npz"] = content
    addresses = (f"{server.address}gone/", server.address)
    download("tiny", replace(known, addresses=addresses), environ, limits=LIMITS)
    assert server.asked == ["gone/tiny.npz", "tiny.npz"]


def test_a_mirror_takes_the_addresses_place(
    server: Server, known: Known, content: bytes, environ: dict[str, str]
) -> None:
    server.contents["tiny.npz"] = content
    elsewhere = replace(known, addresses=("http://127.0.0.1:1/",))
    mirror = {"DENSE_STUDY_MIRROR": server.address.rstrip("/")}
    assert download("tiny", elsewhere, {**environ, **mirror}, limits=LIMITS).is_file()


def test_only_web_addresses_are_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(FetchError) as caught:
        fetch(f"file://{tmp_path}/secret", tmp_path / "out", LIMITS)
    assert str(caught.value) == "no http or https address"
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_reported(known: Known, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = failure(known, {"XDG_CACHE_HOME": str(tmp_path / "file")})
    assert message == (
        f"{tmp_path}/file/dense-study: the download folder cannot be written: Not a directory"
    )


def test_a_lock_that_another_holds_for_too_long_is_reported(
    known: Known, environ: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "cache" / "dense-study"
    folder.mkdir(parents=True)
    with filelock.FileLock(folder / "tiny.lock"):
        message = failure(known, environ, replace(LIMITS, lock_seconds=0.1))
    assert message == (
        "tiny: another process has been downloading it for 0.1 seconds; "
        f"got {folder}/tiny.lock; allowed: wait, or end that process"
    )


def idx(array: NDArray[np.uint8]) -> bytes:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes())


@pytest.fixture
def four_files(arrays: Arrays, server: Server, known: Known) -> Known:
    """The same data set as four idx files that are published with their MD5 sums."""
    filenames = {
        "x_train": "train-images-idx3-ubyte.gz",
        "y_train": "train-labels-idx1-ubyte.gz",
        "x_test": "t10k-images-idx3-ubyte.gz",
        "y_test": "t10k-labels-idx1-ubyte.gz",
    }
    remotes = []
    for name, filename in filenames.items():
        server.contents[filename] = idx(arrays[name])
        md5 = hashlib.md5(server.contents[filename], usedforsecurity=False).hexdigest()
        remotes.append(Remote(filename, md5))
    return replace(known, fingerprint=None, remotes=tuple(remotes))


def test_four_idx_files_become_one_npz_file(
    arrays: Arrays, four_files: Known, environ: dict[str, str], tmp_path: Path
) -> None:
    path = download("tiny", four_files, environ, limits=LIMITS)
    assert left_in(tmp_path) == ["tiny.lock", "tiny.npz"]
    assert fingerprint(read_whole(path, 100_000)) == fingerprint(whole_data(arrays))


def test_a_file_with_another_sum_than_the_published_is_refused(
    arrays: Arrays, four_files: Known, server: Server, environ: dict[str, str], tmp_path: Path
) -> None:
    server.contents["t10k-images-idx3-ubyte.gz"] = idx(arrays["x_test"] + 1)
    answers = f"{server.address}: t10k-images-idx3-ubyte.gz is not the published file"
    assert failure(four_files, environ) == FAILED.format(answers=answers, way=WAY)
    assert left_in(tmp_path) == ["tiny.lock"]


@pytest.mark.mnist
def test_mnist_is_downloaded_once_and_found_from_then_on(
    server: Server, mnist_path: Path, tmp_path: Path
) -> None:
    server.contents["mnist.npz"] = mnist_path.read_bytes()
    environ = {"HOME": str(tmp_path), "DENSE_STUDY_MIRROR": server.address}
    environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    assert load_data("mnist", environ).training.about.name == "mnist"
    assert load_data("mnist", environ).test.test_n == 10_000
    assert server.asked == ["mnist.npz"]

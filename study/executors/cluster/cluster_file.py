"""Which cluster to use, parsed: the address of a running scheduler, or a TOML file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search_spaces.faults import Fault, FaultError, fault, shown
from search_spaces.text_file import read_text_file
from study.run_dir.urls import redact_url

_ADDRESS = "tls://HOST:PORT"
# Classes whose options name every worker, so that there is nothing to scale.
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_OF_FIXED_SIZE = frozenset({"SSHCluster"})


@dataclass(frozen=True)
class Tls:
    """Paths of PEM files: the authority's certificate, and this side's own with its key."""

    ca_file: str
    cert: str
    key: str


@dataclass(frozen=True)
class Joined:
    """A scheduler that runs already; without `tls`, Dask's own configuration holds."""

    where: str
    address: str
    tls: Tls | None = None


@dataclass(frozen=True)
class Launched:
    """A cluster to launch: a class by its dotted name, and its keyword arguments.

    From `minimum` to `maximum` workers, as Dask sees fit; a fixed number where they are equal, and
    0 where the options name every worker.
    """

    where: str
    class_name: str
    options: Mapping[str, Any]
    minimum: int
    maximum: int
    tls: Tls | None = None


Cluster = Joined | Launched


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Adapt(_Table):
    minimum: int = Field(default=0, ge=0)
    maximum: int = Field(ge=1)


class _Security(_Table):
    ca_file: str
    cert: str
    key: str


class _File(_Table):
    address: str | None = None
    class_name: str | None = Field(default=None, alias="class")
    workers: int | None = Field(default=None, ge=1)
    adapt: _Adapt | None = None
    options: dict[str, Any] = {}
    security: _Security | None = None


def read_cluster(asked: str) -> Cluster:
    """Return the cluster that `--cluster` names; raises FaultError with every fault."""
    if "://" in asked:
        return Joined("--cluster", _address(asked, "--cluster"))
    path = Path(asked)
    if path.suffix != ".toml":
        allowed = f"{_ADDRESS}, or FILE.toml"
        raise fault("--cluster", "neither an address nor a TOML file", shown(asked), allowed)
    return parse_cluster(read_text_file(path, str(path)), str(path))


def parse_cluster(text: str, where: str) -> Cluster:
    """Return the cluster that a TOML text describes; raises FaultError with every fault."""
    try:
        values = tomllib.loads(text)
    except ValueError as error:  # also Python's limit on the digits of a number
        raise fault(where, f"is not TOML: {error}") from error
    except RecursionError as error:
        raise fault(where, "is not TOML: nested too deeply") from error
    try:
        file = _File.model_validate(values)
    except ValidationError as error:
        raise FaultError(*_faults(where, error)) from error
    faults = tuple(Fault(where, what) for what in _misfits(file))
    if faults:
        raise FaultError(*faults)
    tls = Tls(**file.security.model_dump()) if file.security else None
    if file.address is not None:
        return Joined(where, _address(file.address, where), tls)
    minimum = file.adapt.minimum if file.adapt else file.workers or 0
    maximum = file.adapt.maximum if file.adapt else file.workers or 0
    return Launched(where, file.class_name or "", file.options, minimum, maximum, tls)


def _misfits(file: _File) -> list[str]:
    """Say what does not go together."""
    found = []
    if (file.address is None) == (file.class_name is None):
        found.append("needs either an address or a class")
    launches = {"workers": file.workers, "adapt": file.adapt, "options": file.options}
    given = [name for name, value in launches.items() if value]
    if file.class_name is None and given:
        found.append(f"{', '.join(given)}: these need a class")
    if file.class_name is not None and not _DOTTED.fullmatch(file.class_name):
        found.append("class: a dotted name is needed, such as package.Class")
    sizes = [name for name in ("workers", "adapt") if getattr(file, name) is not None]
    if file.class_name is not None and _is_of_fixed_size(file.class_name):
        if sizes:
            what = "options.hosts names every worker's host (the first is the scheduler's)"
            found.append(f"{', '.join(sizes)}: {what}")
    elif file.class_name is not None and len(sizes) != 1:
        found.append("a class needs either workers or [adapt]")
    if file.adapt and file.adapt.minimum > file.adapt.maximum:
        found.append(f"adapt: minimum {file.adapt.minimum} is above maximum {file.adapt.maximum}")
    return found


def _is_of_fixed_size(class_name: str) -> bool:
    return class_name.rpartition(".")[2] in _OF_FIXED_SIZE


def _address(address: str, where: str) -> str:
    try:
        parts = urlsplit(address)
        whole = bool(parts.scheme and parts.hostname and parts.port)
    except ValueError:
        whole = False
    if not whole:
        what = "not the address of a scheduler"
        raise fault(where, what, shown(redact_url(address)), _ADDRESS)
    return address


def _faults(where: str, error: ValidationError) -> list[Fault]:
    return [
        Fault(where, f"{'.'.join(map(str, found['loc']))}: {found['msg']}", shown(found["input"]))
        for found in error.errors()
    ]

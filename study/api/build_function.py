"""A user's function that builds a network: checked, known by its code, and packed to be sent."""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

from search_spaces.faults import cut, fault, shown
from study.executors.own_network import OwnNetwork


def packed(build: object) -> OwnNetwork:
    """Return a function for the processes that call it: by name where they can import it.

    Functions of a script or a notebook go by value, with what they use of it. Raises FaultError
    where it is no function, cannot be sent, or cloudpickle is not installed.
    """
    if not isinstance(build, FunctionType):
        allowed = "a function of one dict of params"
        raise fault("build", "not a function", shown(build), allowed)
    if importlib.util.find_spec("cloudpickle") is None:
        what = "cloudpickle is not installed"
        raise fault("build", what, allowed="pip install 'dense-study[own-model]'")
    cloudpickle = importlib.import_module("cloudpickle")
    try:
        content = cloudpickle.dumps(build)
    except Exception as error:
        what = f"cannot be sent to workers: {cut(str(error), 200)}"
        allowed = "a function that makes what it needs, such as files and models, itself"
        raise fault(f"build {build.__name__}", what, allowed=allowed) from error
    path = tuple(folder or "." for folder in sys.path)
    return OwnNetwork(build.__name__, content, path, fingerprint(build))


def fingerprint(build: FunctionType) -> str:
    """Return the SHA-256 of a function's code, and of what it uses of its own module.

    Neither comments nor where it stands count; those of functions in other modules do not either.
    """
    digest = hashlib.sha256()
    for text in _parts(build, set()):
        digest.update(text.encode())
    return digest.hexdigest()


def _parts(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    code = function.__code__
    yield from _code(code)
    yield _plain((function.__defaults__, function.__kwdefaults__))
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    used = dict(zip(code.co_freevars, cells, strict=True))
    used |= {
        name: function.__globals__[name]
        for name in sorted(_names(code))
        if name in function.__globals__
    }
    for name, value in used.items():
        yield from _used(name, value, function, seen)


def _used(name: str, value: object, function: FunctionType, seen: set[int]) -> Iterator[str]:
    if isinstance(value, FunctionType) and value.__module__ == function.__module__:
        yield name
        yield from _parts(value, seen)
    elif isinstance(value, type) and value.__module__ == function.__module__:
        yield name
        for own in vars(value).values():
            if isinstance(own, FunctionType):
                yield from _parts(own, seen)
    else:
        yield f"{name}={_plain(value)}"


def _plain(value: object) -> str:
    """Write a value out, and of one that another process would write otherwise its type."""
    match value:
        case None | bool() | int() | float() | str() | bytes():
            return repr(value)
        case dict():
            return repr([(_plain(key), _plain(own)) for key, own in value.items()])
        case list() | tuple():
            return repr([_plain(one) for one in value])
        case set() | frozenset():
            return repr(sorted(_plain(one) for one in value))
    return type(value).__name__


def _code(code: CodeType) -> Iterator[str]:
    yield repr((code.co_code, code.co_names, code.co_varnames, code.co_freevars))
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _code(value)
        else:
            yield _plain(value)


def _names(code: CodeType) -> set[str]:
    inner = (_names(one) for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*inner)

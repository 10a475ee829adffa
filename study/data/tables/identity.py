"""Know rows of a table by what stands in the file, whatever is made of them."""

import hashlib
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from study.data.tables.cells import Cells, TextCells


def rows_identity(cells: Mapping[str, Cells], rows: NDArray[np.intp]) -> str:
    """Return the SHA-256 (hex) of these rows, in whatever order rows and columns come.

    All columns of the file count, those that are left out as well: so a study that drops a column
    is still one on the same test rows. Equal numbers and dates are equal, however they are written.
    """
    per_row = np.zeros((len(rows), 4), dtype="<u8")
    for name in sorted(cells):
        per_row += _digests(name, cells[name].take(rows))  # modulo 2**64
    found = sorted(hashlib.sha256(row.tobytes()).digest() for row in per_row)
    head = f"rows of {len(cells)} columns: {len(rows)}\n".encode()
    return hashlib.sha256(head + b"".join(found)).hexdigest()


def _digests(name: str, cells: Cells) -> NDArray[np.uint64]:
    """Return 256 bits for each cell (n, 4), of the column's name and the cell's value."""
    words = _in_use(cells.words())
    each = TextCells(name, np.arange(len(words.texts), dtype=np.int32), words.texts)
    found = zip(each.numbers().tolist(), each.seconds().tolist(), words.texts, strict=True)
    values = [_value(number, seconds, text) for number, seconds, text in found]
    digests = [_digest(name, value) for value in (*values, "missing")]
    table = np.frombuffer(b"".join(digests), dtype="<u8").reshape(-1, 4)
    return table[words.codes]


def _value(number: float, seconds: float, text: str) -> str:
    if math.isfinite(number):
        return repr(number)
    return f"date {seconds!r}" if math.isfinite(seconds) else f"text {text}"


def _in_use(words: TextCells) -> TextCells:
    used, codes = np.unique(words.codes, return_inverse=True)
    texts = tuple(words.texts[code] for code in used if code >= 0)
    has_missing = len(used) > 0 and used[0] < 0
    return TextCells(words.name, codes.astype(np.int32) - int(has_missing), texts)


def _digest(name: str, value: str) -> bytes:
    content = f"{len(name)}:{name}={value}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()

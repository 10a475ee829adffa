"""What zipfile and numpy raise over bytes that are not what they claim to be."""

import lzma
import struct
import tokenize
import zipfile
import zlib

BROKEN = (
    ValueError,
    SyntaxError,
    TypeError,
    OverflowError,
    RecursionError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    MemoryError,
    struct.error,
    tokenize.TokenError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)

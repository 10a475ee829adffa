"""A data frame that a program holds in memory, as the bytes of a Parquet file."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from search_spaces.faults import fault


def parquet_of(frame: Any, where: str) -> bytes:
    """Return a data frame as Parquet; pandas' index is no data. Raises FaultError.

    A frame is what gives a stream of Arrow's C interface: of pandas, polars, pyarrow and others.
    """
    stream = io.BytesIO()
    try:
        is_pandas = hasattr(frame, "iloc")
        table = pa.Table.from_pandas(frame, preserve_index=False) if is_pandas else pa.table(frame)
        pq.write_table(table.replace_schema_metadata(None), stream)
    except (pa.ArrowException, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise fault(where, f"the data frame cannot be written as Parquet: {reason}") from error
    return stream.getvalue()

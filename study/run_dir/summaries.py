"""Keras's model summaries by candidate, as a run directory keeps them."""

from reports.json_values import from_json, parse_json
from search_spaces.faults import fault
from study.run_dir.paths import RunDirectory


def read_summaries(run: RunDirectory) -> dict[str, str]:
    """Return the summaries by candidate, none where there is no file; raises FaultError."""
    where = str(run.summaries)
    try:
        content = run.summaries.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise fault(where, f"cannot be read: {error.strerror or error}") from error
    found: dict[str, str] = from_json(dict[str, str], parse_json(content, where), where)
    return found

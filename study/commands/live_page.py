"""A report page that shows a running study: the page once, then what is new beside it."""

from pathlib import Path
from urllib.parse import quote

from reports.page import Live, render_page, render_update
from study.record.snapshot import collect_snapshot
from study.run_dir.outputs import write_output
from study.run_dir.paths import RunDirectory


class LivePage:
    """Keep the page of a study up to date while it runs."""

    def __init__(self, run: RunDirectory, page: Path, storage: str | None) -> None:
        self._run = run
        self._page = page
        self._storage = storage
        self._news = page.with_name(f"{page.name}.live.js")
        self._has_begun = False

    def write(self, every: int) -> None:
        """Write what is new since the last time; with 0 the study has ended.

        A page that looks for news every so many seconds is written once, and news for it from then
        on; at the end a page that stands still takes its place. Raises FaultError.
        """
        record = collect_snapshot(self._run, self._storage)
        if every and self._has_begun:
            write_output(self._news, render_update(record).encode())
            return
        live = Live(every, quote(self._news.name)) if every else None
        self._has_begun = every > 0
        write_output(self._page, render_page(record, live).encode())
        # A page that misses the news loads itself again.
        self._news.unlink(missing_ok=True)
        if every:
            write_output(self._news, render_update(record).encode())

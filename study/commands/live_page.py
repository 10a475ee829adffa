"""A report page that shows a running study: the page once, then what is new beside it."""

from pathlib import Path
from urllib.parse import quote

from reports.page import Live, news_script, study_parts, whole_page
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
        parts = study_parts(collect_snapshot(self._run, self._storage))
        if not (every and self._has_begun):
            live = Live(every, quote(self._news.name)) if every else None
            write_output(self._page, whole_page(parts, live).encode())
            # A page that misses the news loads itself again.
            self._news.unlink(missing_ok=True)
        self._has_begun = every > 0
        if every:
            write_output(self._news, news_script(parts).encode())

"""What runs on the scheduler: it takes leave of the workers for a coordinator that cannot."""

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin


class Farewell(SchedulerPlugin):
    """Take a session's plugin from every worker as soon as the coordinator's client is gone.

    Its training processes end with it, and no later worker is offered a session that is over.
    """

    def __init__(self, client: str, plugin: str) -> None:
        self.name = f"{plugin}-farewell"
        self._client, self._plugin = client, plugin

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Hear that a client is gone, whether it took leave, died or was cut off."""
        if client != self._client:
            return
        scheduler.remove_plugin(self.name)
        if scheduler.worker_plugins.pop(self._plugin, None) is None:
            return  # the coordinator took leave itself
        message = {"op": "plugin-remove", "name": self._plugin}
        # A worker that cannot be reached ends idle processes by itself.
        scheduler.loop.add_callback(scheduler.broadcast, msg=message, on_error="ignore")

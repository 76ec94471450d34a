"""Serves the site over HTTP until told to stop. The home of uvicorn."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette

END_S = 5


class _Server(uvicorn.Server):
    """Leaves signals to the service, which has more than the web to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


def serve(app: Starlette, host: str, port: int, stopping: threading.Event) -> None:
    """Answer requests in the calling thread until `stopping` is set; requests under way get 5 seconds to end."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=END_S,
    )
    server = _Server(config)

    def watch() -> None:
        stopping.wait()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True, name="web-stop").start()
    server.run()

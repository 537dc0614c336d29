"""A report served to browsers on this machine, which hear of every change."""

from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

EVENTS = "/-/events"
HOST = "127.0.0.1"
_ALIVE_SECONDS = 10

_SCRIPT = Path(__file__).with_name("reload.js").read_text(encoding="utf-8")
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_POLICY = '<meta http-equiv="Content-Security-Policy" content="'
_ALLOWED = f"script-src 'sha256-{_SCRIPT_HASH}'; connect-src 'self'; "
_PLACEHOLDER = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{_POLICY}default-src 'none'; style-src 'unsafe-inline'">
<title>The report is being made</title>
</head>
<body>
<p>The report is being made.</p>
</body>
</html>
"""


def live(page: bytes, version: int) -> bytes:
    """A published page with what keeps it up to date, and a policy that lets that run."""
    text = page.decode().replace(_POLICY, _POLICY + _ALLOWED, 1)
    start, end, rest = text.rpartition("</body>")
    return f'{start}<script data-version="{version}">{_SCRIPT}</script>{end}{rest}'.encode()


class Site:
    """What is served: the files of the last good report, and what is wrong since, if anything.

    `home` is the path of the page that the bare address leads to.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self._changed = threading.Condition()
        self._files: Mapping[str, bytes] = {}
        self._version, self._problem = 0, ""

    def show(self, files: Mapping[str, bytes]) -> None:
        """Serve these files from now on; nothing is wrong."""
        with self._changed:
            if files != self._files:
                self._files = files
                self._version += 1
            self._problem = ""
            self._changed.notify_all()

    def tell(self, problem: str) -> None:
        """Say what is wrong, beside the last good report."""
        with self._changed:
            self._problem = problem
            self._changed.notify_all()

    def page(self, name: str) -> bytes | None:
        """A file as it is served; None where there is none."""
        with self._changed:
            files, version = self._files, self._version
        if not files and name == self.home:
            return live(_PLACEHOLDER.encode(), version)
        content = files.get(name)
        if content is not None and name.endswith(".html"):
            return live(content, version)
        return content

    def state(self, last: str, seconds: float) -> str:
        """What browsers are told, as soon as it is something else than the last they heard."""
        with self._changed:
            self._changed.wait_for(lambda: self._said() != last, seconds)
            return self._said()

    def _said(self) -> str:
        return json.dumps({"version": self._version, "problem": self._problem})


class Server(ThreadingHTTPServer):
    """Serves a site on the loopback interface, on a port that is free."""

    daemon_threads = True

    def __init__(self, site: Site) -> None:
        self.site = site
        super().__init__((HOST, 0), _Request)
        self.address = f"http://{HOST}:{self.server_port}/"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nobody is told that a browser went away in the middle of an answer."""


class _Request(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        # A page elsewhere that has its own name lead here is no page of ours.
        known = (f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}")
        if self.headers.get("Host") not in known:
            self.send_error(403)
            return
        path = unquote(urlsplit(self.path).path)
        if path == EVENTS:
            self._events()
        elif path == "/" and self.server.site.home != "index.html":
            self.send_response(302)
            self.send_header("Location", "/" + self.server.site.home)
            self.end_headers()
        else:
            self._file(path[1:] + "index.html" * path.endswith("/"))

    do_HEAD = do_GET  # noqa: N815

    def _file(self, name: str) -> None:
        content = self.server.site.page(name)
        if content is None:
            self.send_error(404)
            return
        kind = mimetypes.guess_type(name)[0] or "text/plain"
        text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        last = ""
        while self.command != "HEAD":
            said = self.server.site.state(last, _ALIVE_SECONDS)
            self.wfile.write(b": still here\n\n" if said == last else f"data: {said}\n\n".encode())
            self.wfile.flush()
            last = said

    def log_message(self, *_: object) -> None:
        """Requests are nobody's news."""

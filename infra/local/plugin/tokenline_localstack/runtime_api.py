"""The AWS Lambda Runtime API (2018-06-01), served on 127.0.0.1 to the Node.js children.

One server for all of them: each child sends its own id with each request.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# AWS: 6 MB for synchronous answers; the 100 bytes are seen in its error message.
MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
CHILD_HEADER = "x-tokenline-child"

_server = None
_server_lock = threading.Lock()


def error_body(kind, message):
    """An error as Lambda answers it."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def runtime_api():
    """The server, started when it is first asked for; `children` maps an id to its child."""
    global _server
    with _server_lock:
        if _server is None:
            _server = _Server(("127.0.0.1", 0), _Handler)
            threading.Thread(
                target=_server.serve_forever, name="lambda-runtime-api", daemon=True
            ).start()
        return _server


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *args):
        super().__init__(*args)
        self.children = {}

    def handle_error(self, request, client_address):
        """A child that was killed while it waited for work is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered: head and body leave in one packet

    def log_message(self, *args):
        pass

    def do_GET(self):
        child = self._child()
        if child is None or not self.path.endswith("/runtime/invocation/next"):
            return self._reply(404, b"{}")
        child.ready.set()
        invocation = child.todo.get()
        if invocation is None:
            self.close_connection = True
            return self._reply(410, b"{}")
        payload, deadline_ms = invocation
        headers = {
            "lambda-runtime-aws-request-id": payload["invoke-id"],
            "lambda-runtime-deadline-ms": str(deadline_ms),
            "lambda-runtime-invoked-function-arn": payload["invoked-function-arn"],
            "lambda-runtime-trace-id": payload["trace-id"],
        }
        return self._reply(200, payload["payload"].encode(), headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        child = self._child()
        if child is None:
            return self._reply(404, b"{}")
        if self.path.endswith("/runtime/init/error"):
            child.init_error = body
            child.ready.set()
            return self._reply(202)
        request_id, outcome = self.path.split("/")[-2:]
        if outcome == "response" and len(body) > MAX_RESPONSE_BYTES:
            body = error_body(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            )
            child.answer(request_id, True, body)
            return self._reply(413, body)
        if outcome in ("response", "error"):
            child.answer(request_id, outcome == "error", body)
        return self._reply(202)

    def _child(self):
        return self.server.children.get(self.headers.get(CHILD_HEADER, ""))

    def _reply(self, code, body=b"", headers=None):
        self.send_response_only(code)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

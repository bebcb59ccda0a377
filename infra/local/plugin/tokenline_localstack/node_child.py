"""One Node.js process that runs the invocations of one execution environment."""

import collections
import logging
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading

from .runtime_api import error_body, runtime_api

LOG = logging.getLogger(__name__)
BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap.mjs")
EXIT = "exit"


class NodeChild:
    """Starts at once; `ready` is set when it asks for work or has failed to start (`init_error`).

    It sees nothing of LocalStack's environment but PATH, has its own HOME and TMPDIR, and leads a
    process group, so that a kill also takes what it started.
    """

    def __init__(self, env, cwd):
        self.id = os.urandom(12).hex()
        self.ready = threading.Event()
        self.init_error = None
        self.todo = queue.SimpleQueue()
        # (request id, is error, body), or (EXIT, exit code)
        self.answers = queue.SimpleQueue()
        self.lines = collections.deque()
        self.synced = threading.Event()
        self._folder = tempfile.mkdtemp(prefix="lambda-")
        api = runtime_api()
        api.children[self.id] = self
        self.process = subprocess.Popen(
            # the marker is how the local AWS knows its processes
            [
                os.environ.get("LAMBDA_NODE_BIN", "node"),
                BOOTSTRAP,
                os.environ.get("TOKENLINE_MARKER", ""),
            ],
            cwd=cwd,
            env={
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "LANG": "en_US.UTF-8",
                "HOME": self._folder,
                "TMPDIR": self._folder,
                **{name: str(value) for name, value in env.items()},
                "LAMBDA_TASK_ROOT": cwd,
                "LAMBDA_RUNTIME_DIR": os.path.dirname(BOOTSTRAP),
                "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % api.server_address[1],
                "TOKENLINE_CHILD_ID": self.id,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader, waiter = (
            threading.Thread(target=work, name=f"lambda-{self.id}", daemon=True)
            for work in (self._read_output, self._wait_for_exit)
        )
        self._reader.start()
        waiter.start()

    @property
    def alive(self):
        return self.process.poll() is None

    def answer(self, request_id, is_error, body):
        """Takes what the handler answered to an invocation."""
        self.answers.put((request_id, is_error, body))

    def take_output(self):
        """What was written since it was last taken; nothing is taken twice, and nothing is left out."""
        return "".join(self.lines.popleft() for _ in range(len(self.lines)))

    def kill(self):
        """Ends it and all that it started, reads the rest of its output, and removes its folder.

        Safe to repeat.
        """
        runtime_api().children.pop(self.id, None)
        self.todo.put(None)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            LOG.warning("Lambda process %s did not die", self.process.pid)
        self._reader.join(5)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read_output(self):
        for raw in self.process.stdout:
            line = raw.decode("utf-8", "replace")
            # the bootstrap writes this mark before it answers: all output of the invocation is read
            if line.startswith("\x00done"):
                self.synced.set()
            else:
                self.lines.append(line)

    def _wait_for_exit(self):
        code = self.process.wait()
        self.answers.put((EXIT, code))
        if not self.ready.is_set():
            self.init_error = self.init_error or error_body(
                "Runtime.ExitError", f"Runtime exited with error: exit status {code}"
            )
            self.ready.set()

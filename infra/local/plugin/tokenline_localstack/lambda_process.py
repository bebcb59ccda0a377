"""Lambda runtime executor that runs Node.js functions as child processes.

LocalStack picks it with LAMBDA_RUNTIME_EXECUTOR=process (plugin group
``localstack.lambda.runtime_executor``). One executor is one execution environment: LocalStack makes
another one whenever no idle environment exists, so concurrency, keep-alive, reserved concurrency,
event source mappings, destinations and CloudWatch Logs stay LocalStack's own.
LAMBDA_NODE_BIN is the Node.js that runs every function, whatever runtime it asks for.
"""

import queue
import time

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from .node_child import EXIT, NodeChild
from .runtime_api import error_body


class ProcessExecutor(RuntimeExecutor):
    """One execution environment; its child is replaced after a timeout or a crash, as on AWS."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.child = None
        self.env = None
        self.stopped = False

    def start(self, env_vars):
        runtime = self.function_version.config.runtime or ""
        if not runtime.startswith("nodejs"):
            raise NotImplementedError(f"only nodejs functions run as processes, not {runtime!r}")
        self.env = env_vars
        self._spawn()

    def stop(self):
        self.stopped = True
        if self.child:
            self.child.kill()

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return "http://127.0.0.1:%d/_localstack_lambda/%s" % (
            config.GATEWAY_LISTEN[0].port,
            self.id,
        )

    def get_logs(self):
        return "".join(self.child.lines) if self.child else ""

    def invoke(self, payload):
        request_id = payload["invoke-id"]
        timeout = self.function_version.config.timeout
        if self.child is None or not self.child.alive:
            self._spawn()
        child = self.child
        # of its start, or of the invocation before: a busy machine reads late
        early = child.take_output()
        child.synced.clear()
        began = time.monotonic()
        child.todo.put((payload, int((time.time() + timeout) * 1000)))
        is_error, body = self._answer(child, request_id, began + timeout)
        duration_ms = (time.monotonic() - began) * 1000
        logs = self._logs(request_id, child.take_output(), duration_ms)
        return InvocationResult(request_id, body, is_error, _as_lines(early) + logs)

    @classmethod
    def prepare_version(cls, function_version):
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass  # published versions may share the unzipped code with $LATEST

    def _spawn(self):
        code = str(self.function_version.config.code.get_unzipped_code_location())
        self.child = child = NodeChild(self.env, code)
        # LocalStack's own timer of the start (LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT) calls stop()
        child.ready.wait()
        if child.init_error is not None:
            child.kill()
            if self.stopped:
                raise RuntimeError("stopped during start")
            raise StatusErrorException("Environment startup failed", payload=child.init_error)

    def _answer(self, child, request_id, deadline):
        """(is error, body) of the invocation; the child is dead after a timeout or its exit."""
        while True:
            try:
                answer = child.answers.get(timeout=max(0.001, deadline - time.monotonic()))
            except queue.Empty:
                child.kill()
                timeout = self.function_version.config.timeout
                message = f"Task timed out after {timeout:.2f} seconds"
                return True, error_body(
                    "Sandbox.Timedout", f"RequestId: {request_id} Error: {message}"
                )
            if answer[0] == EXIT:
                child.kill()
                message = f"Runtime exited with error: exit status {answer[1]}"
                return True, error_body(
                    "Runtime.ExitError", f"RequestId: {request_id} Error: {message}"
                )
            if answer[0] == request_id:
                child.synced.wait(10)
                return answer[1:]

    def _logs(self, request_id, output, duration_ms):
        """The lines that CloudWatch Logs has of an invocation."""
        memory = self.function_version.config.memory_size
        return (
            f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}\n"
            f"{_as_lines(output)}"
            f"END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {duration_ms:.2f} ms\t"
            f"Billed Duration: {int(duration_ms) + 1} ms\t"
            f"Memory Size: {memory} MB\tMax Memory Used: {memory} MB\t\n"
        )


def _as_lines(output):
    return output if not output or output.endswith("\n") else output + "\n"


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Entry point ``process``."""

    name = "process"

    def load(self, *args, **kwargs):
        return ProcessExecutor

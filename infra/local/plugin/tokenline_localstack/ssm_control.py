"""Faults and old reads on demand and a record of calls, for tests that talk to Parameter Store.

* POST /_tokenline/ssm/faults {"operation", "prefix", "error", "times"}: the next `times` (1) calls
  of the operation that name a parameter under the prefix answer the error and do nothing;
* DELETE /_tokenline/ssm/faults?prefix=…: takes back what is left of those with that prefix;
* POST /_tokenline/ssm/lags {"prefix", "reads"}: from now on the first `reads` reads of a parameter
  under the prefix say, after each put, what was there before it; 0 reads end that. AWS's Parameter
  Store is eventually consistent;
* GET /_tokenline/ssm/calls?prefix=…: the latest calls that name a parameter under the prefix,
  the oldest first: [{"operation", "names", "error"}].
"""

import collections
import json
import threading

KEPT_CALLS = 20_000
ERRORS = {"TooManyUpdates": "", "ThrottlingException": "Rate exceeded", "InternalServerError": ""}


def names_in(request):
    """The parameters that a call is about; of GetParametersByPath, the path."""
    one = request.get("Name") or request.get("Path")
    return [one] if one else list(request.get("Names") or [])


def _is_under(prefix, names):
    return any(name.startswith(prefix) for name in names)


class Control:
    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []
        self._lags = {}
        self._old_reads = collections.Counter()
        self._calls = collections.deque(maxlen=KEPT_CALLS)

    def add_fault(self, operation, prefix, error, times=1):
        if error not in ERRORS:
            raise ValueError(f"error: one of {', '.join(ERRORS)}")
        if not (isinstance(times, int) and times > 0):
            raise ValueError("times: a whole number over 0")
        fault = {"operation": operation, "prefix": prefix, "error": error, "left": times}
        with self._lock:
            self._faults.append(fault)

    def clear_faults(self, prefix):
        with self._lock:
            self._faults = [f for f in self._faults if f["prefix"] != prefix]

    def set_lag(self, prefix, reads):
        if not (isinstance(reads, int) and reads >= 0):
            raise ValueError("reads: a whole number, 0 or more")
        with self._lock:
            self._lags[prefix] = reads

    def is_old(self, name, version):
        """Counts a read of the newest version, and says whether it gives the one before."""
        with self._lock:
            reads = max((n for prefix, n in self._lags.items() if name.startswith(prefix)), default=0)
            if self._old_reads[name, version] >= reads:
                return False
            self._old_reads[name, version] += 1
            return True

    def arrive(self, operation, names):
        """Notes a call. Returns the error that it must answer, or None."""
        with self._lock:
            fault = next(
                (
                    f
                    for f in self._faults
                    if f["operation"] == operation and _is_under(f["prefix"], names)
                ),
                None,
            )
            if fault:
                fault["left"] -= 1
                if fault["left"] == 0:
                    self._faults.remove(fault)
            error = fault["error"] if fault else None
            self._calls.append({"operation": operation, "names": names, "error": error})
            return error

    def calls(self, prefix):
        with self._lock:
            return [call for call in self._calls if _is_under(prefix, call["names"])]


def answer(control, method, query, body):
    """What /_tokenline/ssm/faults answers: a status and a JSON body."""
    if method == "DELETE":
        control.clear_faults(query.get("prefix", ""))
        return 200, {}
    return _done(control.add_fault, body)


def answer_lag(control, body):
    """What /_tokenline/ssm/lags answers."""
    return _done(control.set_lag, body)


def _done(work, body):
    try:
        work(**json.loads(body))
    except (TypeError, ValueError) as e:
        return 400, {"message": str(e)}
    return 200, {}

"""What Parameter Store enforces at PutParameter and moto does not (API reference, read 2026-11).

* a value has at most 4 KB in the standard tier and 8 KB in the advanced one; Intelligent-Tiering
  chooses, and what is advanced stays so;
* the type of a parameter does not change, and a new parameter has one;
* names have letters, digits and `.-_`, in at most 15 levels;
* a value is not empty, and nothing in it is wrapped in double brackets;
* two puts of one name at a time: one of them answers TooManyUpdates (moto: both may get the same
  version).
"""

import re
import threading
from contextlib import contextmanager

STANDARD_BYTES = 4096
ADVANCED_BYTES = 8192
LEVELS = 15
NAME = re.compile(r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")


NESTED = re.compile(r"\{\{.*\}\}", re.DOTALL)


class Refused(Exception):
    """Parameter Store's own name of an error, and its text."""

    def __init__(self, error, message):
        super().__init__(message)
        self.error = error
        self.message = message


def check_name(name):
    if not NAME.fullmatch(name):
        raise Refused(
            "ValidationException",
            "Parameter name must be a fully qualified name of letters, numbers and .-_ in sub-paths.",
        )
    if name.count("/") > LEVELS:
        raise Refused(
            "HierarchyLevelLimitExceededException",
            f"Hierarchy depth is limited to {LEVELS} levels.",
        )


def check_value(value):
    if value == "":
        raise Refused("ValidationException", "A parameter value is required.")
    if NESTED.search(value):
        raise Refused(
            "ValidationException",
            "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.",
        )


def check_type(wanted, stored):
    """`stored` is None for a new parameter; an update may leave the type out."""
    if stored is None and not wanted:
        raise Refused(
            "ValidationException", "A parameter type is required when you create a parameter."
        )
    if stored is not None and wanted and wanted != stored:
        raise Refused(
            "HierarchyTypeMismatchException",
            f"The parameter is a {stored}: its type can not be changed to {wanted}.",
        )


def tier_of(value, wanted, stored):
    """The tier in which the value is kept: Standard or Advanced; `stored` is None for a new one."""
    size = len(value.encode())
    if wanted == "Intelligent-Tiering":
        wanted = "Advanced" if size > STANDARD_BYTES or stored == "Advanced" else "Standard"
    tier = wanted or stored or "Standard"
    if tier == "Standard" and stored == "Advanced":
        raise Refused(
            "ValidationException",
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from"
            " the advanced-parameter tier to the standard-parameter tier.",
        )
    if tier == "Standard" and size > STANDARD_BYTES:
        raise Refused(
            "ValidationException",
            f"Standard tier parameters support a maximum parameter value of {STANDARD_BYTES}"
            " characters. To create a larger parameter value, upgrade the parameter to use the"
            " advanced-parameter tier.",
        )
    if size > ADVANCED_BYTES:
        raise Refused(
            "ValidationException",
            f"Advanced tier parameters support a maximum parameter value of {ADVANCED_BYTES}"
            " characters.",
        )
    return tier


class Updates:
    """Lets one put of a name through at a time."""

    def __init__(self):
        self._names = set()
        self._lock = threading.Lock()

    @contextmanager
    def of(self, name):
        with self._lock:
            if name in self._names:
                raise Refused("TooManyUpdates", "")
            self._names.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._names.discard(name)

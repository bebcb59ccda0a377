"""Makes LocalStack's Parameter Store as strict as AWS's, and its faults scriptable."""

import functools
import inspect
import json

from localstack.http import Response, route
from localstack.runtime import hooks

from . import ssm_control, ssm_rules

CONTROL = ssm_control.Control()


def _json(status, body):
    return Response(json.dumps(body), status=status, mimetype="application/json")


class ControlResource:
    @route("/_tokenline/ssm/faults", methods=["POST", "DELETE"])
    def faults(self, request):
        args = request.method, request.args, request.get_data(as_text=True)
        return _json(*ssm_control.answer(CONTROL, *args))

    @route("/_tokenline/ssm/lags", methods=["POST"])
    def lags(self, request):
        return _json(*ssm_control.answer_lag(CONTROL, request.get_data(as_text=True)))

    @route("/_tokenline/ssm/calls", methods=["GET"])
    def calls(self, request):
        return _json(200, {"calls": CONTROL.calls(request.args.get("prefix", ""))})


def _script_faults():
    from localstack.aws.api import CommonServiceException
    from localstack.aws.handlers import serve_custom_service_request_handlers
    from localstack.services.edge import ROUTER

    def fail_on_demand(chain, context, response):
        if not context.service or context.service.service_name != "ssm" or not context.operation:
            return
        request = context.service_request or {}
        error = CONTROL.arrive(context.operation.name, ssm_control.names_in(request))
        if error:
            raise CommonServiceException(error, ssm_control.ERRORS[error], sender_fault=True)

    serve_custom_service_request_handlers.append(fail_on_demand)
    ROUTER.add(ControlResource())


def _enforce_rules():
    from moto.core.exceptions import JsonRESTError
    from moto.ssm.models import SimpleSystemManagerBackend as Backend

    put, updates = Backend.put_parameter, ssm_rules.Updates()
    signature = inspect.signature(put)

    def apply_rules(backend, given):
        stored = (backend._parameters.get(given["name"]) or [None])[-1]
        if stored and not given["overwrite"]:
            return  # it answers ParameterAlreadyExists
        ssm_rules.check_type(given["parameter_type"], stored and stored.parameter_type)
        # The moto of LocalStack 4.9 has no default tier.
        usual = getattr(backend, "default_parameter_tier", None)
        wanted = given["tier"] or (None if stored else usual)
        given["tier"] = ssm_rules.tier_of(given["value"] or "", wanted, stored and stored.tier)

    @functools.wraps(put)
    def put_parameter(self, *args, **options):
        call = signature.bind(self, *args, **options)
        name = call.arguments["name"]
        try:
            ssm_rules.check_name(name)
            ssm_rules.check_value(call.arguments["value"] or "")
            with updates.of((self.account_id, self.region_name, name)):
                apply_rules(self, call.arguments)
                return put(*call.args, **call.kwargs)
        except ssm_rules.Refused as refused:
            raise JsonRESTError(refused.error, refused.message) from None

    Backend.put_parameter = put_parameter


def _lag_on_demand():
    from moto.ssm.models import SimpleSystemManagerBackend as Backend

    get = Backend.get_parameter

    @functools.wraps(get)
    def get_parameter(self, name):
        newest = get(self, name)
        if not newest or ":" in name or not CONTROL.is_old(name, newest.version):
            return newest
        versions = self._parameters[name]
        return versions[-2] if len(versions) > 1 else None

    Backend.get_parameter = get_parameter


@hooks.on_infra_start()
def be_strict():
    """Before the first call: the rules in moto, the switches in the gateway."""
    _enforce_rules()
    _lag_on_demand()
    _script_faults()

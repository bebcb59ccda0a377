"""cognito-idp for LocalStack community, on the moto that LocalStack already ships.

Adds what moto leaves out and a client notices: SECRET_HASH, ExplicitAuthFlows and
PreventUserExistenceErrors in InitiateAuth, an issuer that can be resolved
(TOKENLINE_COGNITO_ISSUER_BASE, default http://LOCALSTACK_HOST), JWKS and OpenID discovery.
"""

import json
import os
import time
import uuid

from localstack import config
from localstack.http import Response, route
from localstack.services.edge import ROUTER
from localstack.services.plugins import Service, ServiceLifecycleHook, aws_provider


POOL = "/<regex('[a-z]{2}(-[a-z]+)+-[0-9]_[A-Za-z0-9]+'):pool_id>"
SECONDS_OF = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def issuer(pool_id):
    """The address under which the pool's keys are found."""
    base = os.environ.get("TOKENLINE_COGNITO_ISSUER_BASE") or f"http://{config.LOCALSTACK_HOST}"
    return f"{base.rstrip('/')}/{pool_id}"


class _Discovery:
    @route(f"{POOL}/.well-known/jwks.json", methods=["GET"])
    def jwks(self, request, pool_id):
        from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse

        return Response(CognitoIdpJsonWebKeyResponse.json_web_key, mimetype="application/json")

    @route(f"{POOL}/.well-known/openid-configuration", methods=["GET"])
    def openid(self, request, pool_id):
        url = issuer(pool_id)
        body = {
            "issuer": url,
            "jwks_uri": f"{url}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
        }
        return Response(json.dumps(body), mimetype="application/json")


def _patch_moto():
    from moto.cognitoidp import models
    from moto.cognitoidp.exceptions import (
        InvalidParameterException,
        NotAuthorizedError,
        UserNotFoundError,
    )
    from moto.cognitoidp.utils import check_secret_hash

    create_jwt = models.CognitoIdpUserPool.create_jwt
    initiate = models.CognitoIdpBackend.initiate_auth

    def settings_of(client):
        return getattr(client, "extended_config", None) or {}

    def create_jwt_with_issuer(
        self, client_id, username, token_use, expires_in=60 * 60, extra_data=None
    ):
        settings = settings_of(self.clients.get(client_id))
        token = "AccessToken" if token_use == "access" else "IdToken"
        validity = settings.get(f"{token}Validity")
        if validity:
            unit = (settings.get("TokenValidityUnits") or {}).get(token, "hours")
            expires_in = int(validity) * SECONDS_OF[unit]
        claims = {"iss": issuer(self.id), "iat": int(time.time()), "event_id": str(uuid.uuid4())}
        if token_use == "id" and not settings.get("ReadAttributes"):
            for item in self._get_user(username).attributes:
                name, value = item["Name"], item["Value"]
                claims[name] = value == "true" if name.endswith("_verified") else value
        claims.update(extra_data or {})
        return create_jwt(self, client_id, username, token_use, expires_in, claims)

    def assert_allowed(client, parameters):
        flows = settings_of(client).get("ExplicitAuthFlows") or []
        if flows and not {"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"} & set(flows):
            raise InvalidParameterException("USER_PASSWORD_AUTH flow not enabled for this client")
        if not client.generate_secret:
            return
        given = parameters.get("SECRET_HASH")
        if not given:
            raise NotAuthorizedError(
                f"Client {client.id} is configured with secret but SECRET_HASH was not received"
            )
        if not check_secret_hash(client.secret, client.id, parameters.get("USERNAME"), given):
            raise NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")

    def initiate_auth(self, client_id, auth_flow, auth_parameters):
        pools = self.user_pools.values()
        client = next((p.clients[client_id] for p in pools if client_id in p.clients), None)
        if client and auth_flow == "USER_PASSWORD_AUTH":
            assert_allowed(client, auth_parameters)
        try:
            return initiate(self, client_id, auth_flow, auth_parameters)
        except UserNotFoundError:
            if settings_of(client).get("PreventUserExistenceErrors") == "ENABLED":
                raise NotAuthorizedError("Incorrect username or password.") from None
            raise

    models.CognitoIdpUserPool.create_jwt = create_jwt_with_issuer
    models.CognitoIdpBackend.initiate_auth = initiate_auth


class CognitoIdpProvider(ServiceLifecycleHook):
    service = "cognito-idp"
    version = "2016-04-18"

    def accept_state_visitor(self, visitor):
        from moto.cognitoidp.models import cognitoidp_backends

        visitor.visit(cognitoidp_backends)

    def on_after_init(self):
        _patch_moto()
        ROUTER.add(_Discovery())


def _all_to_moto(provider):
    """Every operation goes to moto: community has no generated API class for cognito-idp."""
    from localstack.aws.spec import load_service
    from localstack.services.moto import _proxy_moto

    return {name: _proxy_moto for name in load_service(provider.service).operation_names}


@aws_provider(api="cognito-idp")
def cognito_idp():
    return Service.for_provider(CognitoIdpProvider(), dispatch_table_factory=_all_to_moto)

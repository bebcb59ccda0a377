"""Makes a LocalStack process tellable from any other, and keeps two of them apart.

* GET /_tokenline/instance answers {"instanceId": …}: TOKENLINE_INSTANCE_ID, else a new one;
* S3 objects, the functions' code among them, lie in this process's temporary folder (stock: in
  /tmp/localstack-s3-storage, which another LocalStack removes when it stops).
"""

import json
import os
import tempfile
import uuid

from localstack.http import Response, route
from localstack.runtime import hooks

INSTANCE_ID = os.environ.get("TOKENLINE_INSTANCE_ID") or str(uuid.uuid4())


class InstanceResource:
    """Answers who this process is."""

    @route("/_tokenline/instance", methods=["GET"])
    def instance(self, request):
        return Response(json.dumps({"instanceId": INSTANCE_ID}), mimetype="application/json")


@hooks.on_infra_start()
def identify():
    """Adds the route."""
    from localstack.services.edge import ROUTER

    ROUTER.add(InstanceResource())


@hooks.on_infra_start()
def own_s3_folder():
    """Moves the S3 store before the provider is made."""
    from localstack.services.s3 import provider

    provider.DEFAULT_S3_TMP_DIR = os.path.join(tempfile.gettempdir(), "s3")

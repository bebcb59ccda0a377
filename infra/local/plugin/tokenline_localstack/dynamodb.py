"""Runs LocalStack's own DynamoDB provider on DynamoDB Local jars that are already on the machine.

Without it LocalStack downloads a JRE, the jars and a patch agent. Nothing changes unless
TOKENLINE_DYNAMODB_FOLDER names a folder with DynamoDBLocal.jar and DynamoDBLocal_lib.
TOKENLINE_JAVA is the java binary, TOKENLINE_MARKER an argument that tells its process from others.
"""

import logging
import os
import tempfile

from localstack.runtime import hooks

LOG = logging.getLogger(__name__)
MAIN_CLASS = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"


def server_command(folder, port, heap, db_path=None):
    """The command line of DynamoDB Local; without `db_path` it keeps its data in memory."""
    libs = os.path.join(folder, "DynamoDBLocal_lib")
    return [
        os.environ.get("TOKENLINE_JAVA") or "java",
        f"-Xmx{heap}",
        f"-D{os.environ.get('TOKENLINE_MARKER') or 'tokenline-run=none'}",
        # its native library and its counters go away with the run
        f"-Djava.io.tmpdir={tempfile.gettempdir()}",
        "-XX:-UsePerfData",
        # up sooner, and small: it lives for minutes
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Djava.net.preferIPv4Stack=true",
        f"-Djava.library.path={libs}",
        f"-Dsqlite4java.library.path={libs}",
        "-cp",
        os.pathsep.join([os.path.join(folder, "*"), os.path.join(libs, "*")]),
        MAIN_CLASS,
        "-port",
        str(port),
        *(["-dbPath", db_path] if db_path else ["-inMemory"]),
    ]


@hooks.on_infra_start(should_load=lambda: bool(os.environ.get("TOKENLINE_DYNAMODB_FOLDER")))
def use_local_jars():
    """Replaces the download by the folder, and the command by ours."""
    from localstack.services.dynamodb import packages, server

    folder = os.path.abspath(os.environ["TOKENLINE_DYNAMODB_FOLDER"])
    server.DynamodbServer._create_shell_command = lambda self: server_command(
        folder, self.port, self.heap_size, self.db_path
    )
    installer = packages.DynamoDBLocalPackageInstaller
    installer.install = lambda self, target=None: None
    installer.get_java_env_vars = lambda self: {}
    installer.is_installed = lambda self: True
    installer.get_installed_dir = lambda self: folder
    LOG.debug("DynamoDB Local from %s", folder)

"""How DynamoDB Local is started."""

import os
import unittest
from unittest import mock

from tokenline_localstack.dynamodb import server_command


class ServerCommandTest(unittest.TestCase):
    def test_the_process_carries_the_marker_of_its_run(self):
        with mock.patch.dict(os.environ, {"TOKENLINE_MARKER": "tokenline-run=1"}):
            self.assertIn("-Dtokenline-run=1", server_command("/jars", 8000, "256m"))

    def test_data_stay_in_memory_unless_a_folder_is_given(self):
        self.assertEqual(server_command("/jars", 8000, "256m")[-1], "-inMemory")
        self.assertEqual(server_command("/jars", 8000, "256m", "/d")[-2:], ["-dbPath", "/d"])


if __name__ == "__main__":
    unittest.main()

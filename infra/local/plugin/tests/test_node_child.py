"""What a Lambda handler sees of its environment, and what the executor sees of its child."""

import json
import os
import tempfile
import time
import unittest

from tokenline_localstack.node_child import EXIT, NodeChild

HANDLER = """
export const handler = async (event, context) => {
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.throw) throw new TypeError(event.throw);
  console.log('seen', event.say);
  return { home: process.env.HOME, secret: process.env.SECRET, own: process.env.OWN,
           remainingMs: context.getRemainingTimeInMillis() };
};
"""


class NodeChildTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(os.path.join(self.folder.name, "index.mjs"), "w") as file:
            file.write(HANDLER)

    def start(self, handler="index.handler"):
        child = NodeChild({"_HANDLER": handler, "OWN": 1}, self.folder.name)
        self.addCleanup(child.process.stdout.close)
        self.addCleanup(child.kill)
        self.assertTrue(child.ready.wait(10))
        return child

    def invoke(self, child, event):
        payload = {
            "invoke-id": "request-1",
            "invoked-function-arn": "arn",
            "trace-id": "trace",
            "payload": json.dumps(event),
        }
        child.todo.put((payload, int((time.time() + 30) * 1000)))
        return child.answers.get(timeout=10)

    def test_a_handler_sees_its_own_environment_and_nothing_of_localstack(self):
        os.environ["SECRET"] = "of LocalStack"
        self.addCleanup(os.environ.pop, "SECRET")
        child = self.start()
        request_id, is_error, body = self.invoke(child, {"say": "hello"})
        answer = json.loads(body)
        self.assertEqual((request_id, is_error, answer["own"]), ("request-1", False, "1"))
        self.assertNotIn("secret", answer)
        self.assertNotEqual(answer["home"], os.environ.get("HOME"))
        self.assertTrue(20_000 < answer["remainingMs"] <= 30_000)
        self.assertTrue(child.synced.wait(5))
        self.assertEqual(child.take_output(), "seen hello\n")

    def test_an_error_that_is_thrown_is_answered_and_the_child_lives_on(self):
        child = self.start()
        _, is_error, body = self.invoke(child, {"throw": "no"})
        error = json.loads(body)
        self.assertEqual(
            (is_error, error["errorType"], error["errorMessage"]), (True, "TypeError", "no")
        )
        self.assertFalse(self.invoke(child, {"say": "again"})[1])

    def test_what_it_wrote_before_it_was_killed_is_read(self):
        child = self.start()
        for at in range(1000):
            self.invoke(child, {"say": at})
        child.kill()
        self.assertEqual(child.take_output(), "".join(f"seen {at}\n" for at in range(1000)))

    def test_an_exit_in_the_middle_is_told_with_its_code(self):
        self.assertEqual(self.invoke(self.start(), {"exit": 7}), (EXIT, 7))

    def test_a_handler_that_is_not_there_fails_the_start(self):
        child = self.start("index.missing")
        self.assertEqual(json.loads(child.init_error)["errorType"], "Runtime.HandlerNotFound")

    def test_a_child_that_is_killed_leaves_nothing(self):
        child = self.start()
        home = json.loads(self.invoke(child, {})[2])["home"]
        child.kill()
        self.assertFalse(child.alive)
        self.assertFalse(os.path.exists(home))


if __name__ == "__main__":
    unittest.main()

"""Faults on demand and the record of calls."""

import json
import unittest

from tokenline_localstack.ssm_control import Control, answer, answer_lag, names_in

FAULT = {"operation": "PutParameter", "prefix": "/a/", "error": "TooManyUpdates", "times": 2}


class SsmControlTest(unittest.TestCase):
    def setUp(self):
        self.control = Control()

    def put(self, name):
        return self.control.arrive("PutParameter", [name])

    def test_a_fault_meets_the_next_calls_under_its_prefix_and_no_others(self):
        self.control.add_fault(**FAULT)
        self.assertIsNone(self.put("/b/x"))
        self.assertIsNone(self.control.arrive("GetParameter", ["/a/x"]))
        seen = [self.put("/a/x"), self.put("/a/y"), self.put("/a/x")]
        self.assertEqual(seen, ["TooManyUpdates", "TooManyUpdates", None])

    def test_faults_follow_each_other_as_a_script(self):
        self.control.add_fault(**FAULT)
        self.control.add_fault("PutParameter", "/a/", "ThrottlingException")
        seen = [self.put("/a/x") for _ in range(4)]
        self.assertEqual(seen, ["TooManyUpdates", "TooManyUpdates", "ThrottlingException", None])

    def test_what_is_left_is_taken_back_by_its_prefix(self):
        self.control.add_fault(**FAULT)
        self.control.clear_faults("/b/")
        self.assertEqual(self.put("/a/x"), "TooManyUpdates")
        self.assertEqual(answer(self.control, "DELETE", {"prefix": "/a/"}, ""), (200, {}))
        self.assertIsNone(self.put("/a/x"))

    def test_every_call_is_kept_with_its_names_and_its_error(self):
        self.control.add_fault(**{**FAULT, "times": 1})
        self.put("/a/x")
        self.put("/b/x")
        self.control.arrive("GetParameters", ["/b/y", "/a/y"])
        self.assertEqual(
            self.control.calls("/a/"),
            [
                {"operation": "PutParameter", "names": ["/a/x"], "error": "TooManyUpdates"},
                {"operation": "GetParameters", "names": ["/b/y", "/a/y"], "error": None},
            ],
        )

    def test_names_are_found_in_every_request(self):
        self.assertEqual(names_in({"Name": "/a"}), ["/a"])
        self.assertEqual(names_in({"Names": ["/a", "/b"]}), ["/a", "/b"])
        self.assertEqual(names_in({"Path": "/a"}), ["/a"])
        self.assertEqual(names_in({}), [])

    def test_the_first_reads_after_each_put_are_old_as_long_as_there_is_a_lag(self):
        answer_lag(self.control, json.dumps({"prefix": "/a/", "reads": 2}))
        seen = [self.control.is_old("/a/x", version) for version in (1, 1, 1, 2, 2, 2)]
        self.assertEqual(seen, [True, True, False, True, True, False])
        self.assertFalse(self.control.is_old("/b/x", 1))
        answer_lag(self.control, json.dumps({"prefix": "/a/", "reads": 0}))
        self.assertFalse(self.control.is_old("/a/x", 3))
        self.assertEqual(answer_lag(self.control, '{"prefix": "/a/", "reads": "2"}')[0], 400)

    def test_a_fault_that_makes_no_sense_is_refused(self):
        for wrong in [{"error": "Explosion"}, {"times": 0}, {"times": "2"}, {"name": "/a"}]:
            status, body = answer(self.control, "POST", {}, json.dumps({**FAULT, **wrong}))
            self.assertEqual(status, 400)
            self.assertTrue(body["message"])
        self.assertEqual(answer(self.control, "POST", {}, "no json")[0], 400)
        self.assertIsNone(self.put("/a/x"))


if __name__ == "__main__":
    unittest.main()

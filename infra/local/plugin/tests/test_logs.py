"""Which lines a metric filter counts."""

import unittest

from tokenline_localstack.logs import matches

PATTERN = '{ $.code = "misconfigured" }'


class MatchesTest(unittest.TestCase):
    def test_a_line_with_the_field_and_its_value(self):
        self.assertTrue(matches(PATTERN, '{"level":"WARN","code":"misconfigured"}\n'))

    def test_no_line_with_another_value_or_without_the_field(self):
        for message in ('{"code":"other"}', '{"level":"WARN"}', '"misconfigured"', "START Request", ""):
            self.assertFalse(matches(PATTERN, message), message)

    def test_every_line_for_a_pattern_of_another_kind(self):
        self.assertTrue(matches("", "any"))
        self.assertTrue(matches("ERROR", "any"))


if __name__ == "__main__":
    unittest.main()

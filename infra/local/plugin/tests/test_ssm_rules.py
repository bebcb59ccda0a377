"""What Parameter Store refuses."""

import threading
import unittest

from tokenline_localstack.ssm_rules import (
    Refused,
    Updates,
    check_name,
    check_type,
    check_value,
    tier_of,
)


class SsmRulesTest(unittest.TestCase):
    def refuses(self, error, act, *args):
        with self.assertRaises(Refused) as refused:
            act(*args)
        self.assertEqual(refused.exception.error, error)

    def test_the_standard_tier_holds_4_kb_and_the_advanced_one_8(self):
        self.assertEqual(tier_of("x" * 4096, None, None), "Standard")
        self.refuses("ValidationException", tier_of, "x" * 4097, None, None)
        self.refuses("ValidationException", tier_of, "x" * 4097, "Standard", None)
        self.assertEqual(tier_of("x" * 8192, "Advanced", None), "Advanced")
        self.refuses("ValidationException", tier_of, "x" * 8193, "Advanced", None)
        self.refuses("ValidationException", tier_of, "x" * 8193, "Intelligent-Tiering", None)

    def test_bytes_are_counted(self):
        self.assertEqual(tier_of("ñ" * 2048, None, None), "Standard")
        self.refuses("ValidationException", tier_of, "ñ" * 2049, None, None)

    def test_intelligent_tiering_chooses_by_size_and_never_goes_back(self):
        tiers = [
            tier_of("x" * size, "Intelligent-Tiering", stored)
            for size, stored in [(10, None), (4097, None), (4097, "Standard"), (10, "Advanced")]
        ]
        self.assertEqual(tiers, ["Standard", "Advanced", "Advanced", "Advanced"])

    def test_an_advanced_parameter_is_not_downgraded(self):
        self.refuses("ValidationException", tier_of, "x", "Standard", "Advanced")
        self.assertEqual(tier_of("x" * 5000, None, "Advanced"), "Advanced")

    def test_a_value_is_not_empty_and_nests_nothing(self):
        for value in ["{x}", "{{", "}}{{", '{"a":"{\\u007bx}}"}']:
            check_value(value)
        for value in ["", "a {{x}}", "{{ssm:/name}}", "{{\n}}"]:
            self.refuses("ValidationException", check_value, value)

    def test_a_type_does_not_change_and_a_new_parameter_has_one(self):
        check_type("String", None)
        check_type("String", "String")
        check_type(None, "SecureString")
        self.refuses("HierarchyTypeMismatchException", check_type, "SecureString", "String")
        self.refuses("ValidationException", check_type, None, None)

    def test_names_have_letters_digits_and_three_symbols(self):
        for name in ["/claroshop/not-before-policy", "a", "/claroshop/accounts/one.two_3/token"]:
            check_name(name)
        for name in ["/a b", "/a//b", "/a/", "", "/ñ", "/a/b\n"]:
            self.refuses("ValidationException", check_name, name)
        self.refuses("HierarchyLevelLimitExceededException", check_name, "/a" * 16)

    def test_one_put_of_a_name_at_a_time(self):
        updates = Updates()
        with updates.of("/a"):
            self.refuses("TooManyUpdates", updates.of("/a").__enter__)
            with updates.of("/b"):
                pass
        with updates.of("/a"):
            pass

    def test_a_put_that_fails_makes_room_for_the_next(self):
        updates = Updates()
        with self.assertRaises(KeyError), updates.of("/a"):
            raise KeyError
        with updates.of("/a"):
            pass

    def test_of_many_threads_one_gets_through(self):
        updates, barrier, seen = Updates(), threading.Barrier(8), []

        def put():
            barrier.wait()
            try:
                with updates.of("/a"):
                    seen.append("put")
                    done.wait(5)
            except Refused:
                seen.append("refused")
                if seen.count("refused") == 7:
                    done.set()

        done = threading.Event()
        threads = [threading.Thread(target=put) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        self.assertEqual(sorted(seen), ["put"] + ["refused"] * 7)


if __name__ == "__main__":
    unittest.main()

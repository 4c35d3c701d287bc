"""Runs the package against stubs of wptrunner and, if FRAMEPOST names it, the real command."""

import json
import os
import stat
import sys
import tempfile
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "stub")]

import wptrunner_framepost  # noqa: E402
from wptrunner_framepost import expectations, report  # noqa: E402

HARNESS = """
let complete;
self.setup = () => {};
self.add_completion_callback = (callback) => { complete = callback };
addEventListener('load', () => complete(
  [{ name: 'fine', status: 0, message: null }, { name: 'bad', status: 1, message: 'no' }],
  { status: 0, message: null }));
"""
PAGE = "<!doctype html><script src=/resources/testharness.js></script>"


class Test:
    """A test object of wptrunner."""

    def __init__(self, url, timeout=10):
        self.url = url
        self.timeout = timeout

    def make_result(self, status, message):
        return status, message

    def make_subtest_result(self, name, status, message):
        return name, status, message


class Logger:
    def __init__(self):
        self.lines = []

    def process_output(self, process, line, command, test):
        self.lines.append(line)


class Runner:
    def __init__(self):
        self.messages = []

    def send_message(self, *message):
        self.messages.append(message)


def run(binary, root, url):
    """The result of a test, through the product, as in wptrunner."""
    product = wptrunner_framepost.get_product()
    config = types.SimpleNamespace(doc_root=root, ssl_config={"ca_cert_path": None})
    arguments = {"binary": binary, "binary_args": []}
    product.check_args(**arguments)
    logger = Logger()
    settings = product.get_browser_kwargs(
        logger, "testharness", {}, config=config, subsuite=None, **arguments
    )
    browser = product.browser_classes[None](logger, manager_number=1, **settings)
    executor_browser, view = browser.executor_browser()
    environment = types.SimpleNamespace(config=config)
    options = product.get_executor_kwargs(logger, "testharness", environment, {}, subsuite=None)
    executor = product.executor_classes["testharness"](logger, executor_browser(**view), **options)
    runner = Runner()
    executor.setup(runner)
    executor.run_test(Test(url))
    (started, ended) = runner.messages
    assert started == ("init_succeeded",)
    return ended[2]


class ProductTest(unittest.TestCase):
    def stub(self, directory, lines):
        path = os.path.join(directory, "framepost")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + lines)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path

    def result_of(self, lines):
        with tempfile.TemporaryDirectory() as directory:
            return run(self.stub(directory, lines), directory, "/a.html?x")

    def test_results_are_handed_on(self):
        results = {
            "results": [
                {
                    "test": "/a.html?x",
                    "status": "OK",
                    "message": None,
                    "subtests": [{"name": "é", "status": "PASS", "message": None}],
                }
            ]
        }
        text = json.dumps(results)
        result = self.result_of(f"cat <<'E'\n{text}\nE\n")
        self.assertEqual(result, (("OK", None), [("é", "PASS", None)]))

    def test_skipped_test_has_its_reason(self):
        results = {"results": [{"test": "/", "status": "SKIP", "message": "why", "subtests": []}]}
        result = self.result_of(f"echo '{json.dumps(results)}'\n")
        self.assertEqual(result, (("PRECONDITION_FAILED", "why"), []))

    def test_command_that_fails_is_an_error_of_the_test(self):
        (status, message), subtests = self.result_of("echo broken >&2; exit 2\n")
        self.assertEqual((status, subtests), ("ERROR", []))
        self.assertIn("status 2", message)
        self.assertIn("broken", message)

    def test_command_names_the_test_and_the_server(self):
        command = report.command("f", "/wpt", "/a.html", 30, certificates="ca.pem", server=True)
        self.assertEqual(command[:4], ["f", "test", "--wpt", "/wpt"])
        self.assertIn("--wpt-server=running", command)
        self.assertEqual(command[-2:], ["--", "/a.html"])

    def test_binary_is_required(self):
        with self.assertRaises(SystemExit):
            wptrunner_framepost.get_product().check_args(binary=None)

    @unittest.skipUnless(os.environ.get("FRAMEPOST"), "FRAMEPOST names no binary")
    def test_real_command(self):
        with tempfile.TemporaryDirectory() as root:
            for name, text in [
                ("resources/testharness.js", HARNESS),
                ("t/a.html", PAGE),
                ("tools/certs/cacert.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
            ]:
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            result = run(os.path.abspath(os.environ["FRAMEPOST"]), root, "/t/a.html")
        self.assertEqual(result, (("OK", None), [("fine", "PASS", None), ("bad", "FAIL", "no")]))


class ExpectationsTest(unittest.TestCase):
    def test_list_becomes_ini_files(self):
        text = (
            "# a comment\n\n"
            "/a/b.any.worker.html?x | a \\| [b]\\n | FAIL | why\n"
            "/a/b.any.html | | TIMEOUT | slow\n"
            "/c.html | y | NOTRUN | z\n"
        )
        self.assertEqual(
            expectations.files(expectations.read(text)),
            {
                "a/b.any.js.ini": (
                    "[b.any.html]\n  # slow\n  expected: TIMEOUT\n\n"
                    "[b.any.worker.html?x]\n  [a | [b\\]\\n]\n    # why\n    expected: FAIL\n"
                ),
                "c.html.ini": "[c.html]\n  [y]\n    # z\n    expected: NOTRUN\n",
            },
        )

    def test_malformed_list_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "line 2"):
            list(expectations.read("# x\na | b\n"))


if __name__ == "__main__":
    unittest.main()

"""The product: it starts no browser; each test is a process."""

import subprocess

from wptrunner.browsers.base import ExecutorBrowser, NullBrowser, get_timeout_multiplier, require_arg
from wptrunner.executors import executor_kwargs as base_executor_kwargs
from wptrunner.executors.base import TestExecutor
from wptrunner.executors.protocol import ConnectionlessProtocol
from wptrunner.products import Product

from . import report

# The time by which a process may exceed its own limit.
GRACE = 10


class FramepostBrowser(NullBrowser):
    """The data with which an executor starts processes."""

    def __init__(self, logger, binary=None, binary_args=None, root=None, certificates=None, **kwargs):
        super().__init__(logger, **kwargs)
        self.settings_of_executor = {
            "binary": binary,
            "binary_args": binary_args or [],
            "root": root,
            "certificates": certificates,
        }

    def executor_browser(self):
        return ExecutorBrowser, self.settings_of_executor


class FramepostTestharnessExecutor(TestExecutor):
    """Runs tests that use testharness.js."""

    def __init__(self, logger, browser, server_config, timeout_multiplier=1, debug_info=None, **kwargs):
        super().__init__(
            logger,
            browser,
            server_config,
            timeout_multiplier=timeout_multiplier,
            debug_info=debug_info,
        )
        self.protocol = ConnectionlessProtocol(self, browser)

    def setup(self, runner, protocol=None):
        self.runner = runner
        runner.send_message("init_succeeded")
        return True

    def do_test(self, test):
        # The limit on virtual time is the test's own; this one is for pages that never return.
        wall_time = 3 * test.timeout * self.timeout_multiplier
        command = report.command(
            self.browser.binary,
            self.browser.root,
            test.url,
            wall_time,
            certificates=self.browser.certificates,
            server=True,
            extra=self.browser.binary_args,
        )
        try:
            # The process ends with this one, and at its own limits.
            ran = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=wall_time + GRACE,
                encoding="utf-8",
                errors="replace",
            )
        except subprocess.TimeoutExpired:
            return test.make_result("EXTERNAL-TIMEOUT", "framepost has not ended"), []
        for line in ran.stderr.splitlines():
            self.logger.process_output(str(self.browser.binary), line, " ".join(command), test.url)
        status, message, subtests = report.read(ran.stdout, ran.stderr, ran.returncode)
        return (
            test.make_result(status, message),
            [test.make_subtest_result(name, result, why) for name, result, why in subtests],
        )


def check_args(**kwargs):
    require_arg(kwargs, "binary")


def browser_kwargs(logger, test_type, run_info_data, config, subsuite, **kwargs):
    return {
        "binary": kwargs["binary"],
        "binary_args": list(kwargs.get("binary_args") or []),
        "root": config.doc_root,
        "certificates": config.ssl_config["ca_cert_path"],
    }


def executor_kwargs(logger, test_type, test_environment, run_info_data, subsuite, **kwargs):
    return base_executor_kwargs(test_type, test_environment, run_info_data, subsuite=subsuite, **kwargs)


def product():
    return Product(
        name="framepost",
        browser_classes={None: FramepostBrowser},
        check_args=check_args,
        get_browser_kwargs=browser_kwargs,
        get_executor_kwargs=executor_kwargs,
        env_options={"server_host": "127.0.0.1", "bind_address": True, "supports_debugger": False},
        get_env_extras=lambda **kwargs: [],
        get_timeout_multiplier=get_timeout_multiplier,
        executor_classes={"testharness": FramepostTestharnessExecutor},
    )

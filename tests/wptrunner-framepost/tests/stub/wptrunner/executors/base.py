"""A stub of the parts of wptrunner's module that the package uses."""


class TestExecutor:
    def __init__(self, logger, browser, server_config, timeout_multiplier=1, debug_info=None, **kwargs):
        self.logger = logger
        self.browser = browser
        self.server_config = server_config
        self.timeout_multiplier = timeout_multiplier
        self.debug_info = debug_info
        self.runner = None

    def run_test(self, test):
        self.runner.send_message("test_ended", test, self.do_test(test))

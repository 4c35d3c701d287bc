"""As much of wptrunner's module as the package uses."""


class ConnectionlessProtocol:
    def __init__(self, executor, browser):
        self.executor = executor
        self.browser = browser

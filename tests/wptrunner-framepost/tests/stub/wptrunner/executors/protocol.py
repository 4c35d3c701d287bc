"""A stub of the parts of wptrunner's module that the package uses."""


class ConnectionlessProtocol:
    def __init__(self, executor, browser):
        self.executor = executor
        self.browser = browser

"""A stub of the parts of wptrunner's module that the package uses."""


class NullBrowser:
    def __init__(self, logger, *, manager_number):
        self.logger = logger
        self.manager_number = manager_number


class ExecutorBrowser:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)


def get_timeout_multiplier(test_type, run_info_data, **kwargs):
    return kwargs["timeout_multiplier"] or 1


def require_arg(kwargs, name):
    if not kwargs.get(name):
        raise SystemExit(f"Missing required argument {name}")

"""A stub of the parts of wptrunner's module that the package uses."""


def executor_kwargs(test_type, test_environment, run_info_data, subsuite, **kwargs):
    return {"server_config": test_environment.config, "timeout_multiplier": 1, "debug_info": None}

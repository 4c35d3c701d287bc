"""As much of wptrunner's module as the package uses."""


def executor_kwargs(test_type, test_environment, run_info_data, subsuite, **kwargs):
    return {"server_config": test_environment.config, "timeout_multiplier": 1, "debug_info": None}

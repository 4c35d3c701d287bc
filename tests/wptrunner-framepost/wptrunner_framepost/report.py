"""Reads the output of `framepost test --format json` about one test.

This module does not know wptrunner.
"""

import json

# The status of a test that needs a feature that Framepost lacks; wptrunner cannot know this.
STATUSES = {"SKIP": "PRECONDITION_FAILED"}


def command(binary, root, url, wall_time, certificates=None, server=False, extra=()):
    """The command that runs one test."""
    arguments = [binary, "test", "--wpt", root, "--format", "json", "--wall-time", str(wall_time)]
    if server:
        arguments.append("--wpt-server=running")
        if certificates:
            arguments += ["--wpt-ca", certificates]
    return [*arguments, *extra, "--", url]


def read(stdout, stderr, code):
    """The status, the message and the subtests of the only test.

    A subtest is a name, a status and a message. What is no report counts as an error of the test.
    """
    try:
        results = json.loads(stdout)["results"]
        (result,) = results
        subtests = [(it["name"], it["status"], it["message"]) for it in result["subtests"]]
        status = STATUSES.get(result["status"], result["status"])
        return status, result["message"], subtests
    except (ValueError, KeyError, TypeError) as problem:
        said = stderr.strip() or repr(problem)
        return "ERROR", f"framepost ended with status {code} and without a report: {said}", []

"""Runs the server of web-platform-tests for the runner.

The runner starts this with the checkout as the only argument, and in a process group of its own. It writes
a line once all ports answer, and ends the whole group when standard input ends: with the runner, whatever
has ended that.
"""

import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback

# The same as in the runner (`checkout/hosts.rs`).
CONFIG = {
    "server_host": "127.0.0.1",
    "bind_address": True,
    "check_subdomains": False,
    "ports": {
        "http": [8000, 8001],
        "http-local": [8002],
        "http-public": [8003],
        "https": [8443, 8444],
        "https-local": [8445],
        "https-public": [8446],
        "ws": [8888],
        "wss": [8889],
    },
    "logging": {"level": "warning"},
}
PORTS = [8000, 8001, 8443, 8444]


def end_with_the_runner():
    # Not through `sys.stdin`, whose lock a forked process would inherit.
    while os.read(0, 1024):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def report_when_ready(serve, servers, to):
    """Reports that all ports answer, unless a server has ended: then its port belongs to another program."""
    while not all(answers(port) for port in PORTS):
        time.sleep(0.05)
    time.sleep(0.2)
    if all(server.proc.is_alive() for server in serve.iter_servers(servers)):
        os.write(to, b"ready\n")


def main():
    root = os.path.abspath(sys.argv[1])
    threading.Thread(target=end_with_the_runner, daemon=True).start()
    # The servers log to standard output, which belongs to the runner.
    answer = os.dup(1)
    os.dup2(2, 1)
    sys.path.insert(0, root)
    os.chdir(root)
    # The handlers of tests must not leave files in the checkout.
    sys.dont_write_bytecode = True
    from tools import localpaths  # noqa: F401
    from tools.serve import serve

    start = serve.start

    def start_and_report(*arguments, **options):
        servers = start(*arguments, **options)
        ready = threading.Thread(target=report_when_ready, args=(serve, servers, answer), daemon=True)
        ready.start()
        return servers

    serve.start = start_and_report
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump(CONFIG, config)
        config.flush()
        serve.run(config_path=config.name, h2=False)
    print("a server of web-platform-tests has ended", file=sys.stderr)


try:
    main()
except BaseException:
    traceback.print_exc()
finally:
    # Not `sys.exit()`, which would wait for the servers that still run.
    sys.stderr.flush()
    os.killpg(os.getpgrp(), signal.SIGKILL)

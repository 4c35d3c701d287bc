"""The pages for measurements, and running a program with one of them."""

import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
DONE = re.compile(r"done in (?P<time>[0-9.]+) ms")
FIRST_LINE = re.compile(r"// (?P<count>\d+) (?P<unit>\w+)(?P<node> in node)?: (?P<what>.*)")


class Page:
    """A script that does something `count` times. Its first line describes the measurement."""

    def __init__(self, path):
        self.name = path.stem
        self.source = path.read_text()
        head = FIRST_LINE.match(self.source)
        if not head:
            raise SystemExit(f"{path}: the first line does not describe the measurement")
        self.count = int(head["count"])
        self.what = head["what"]
        self.in_node = head["node"] is not None

    def script(self, count, done="() => {}"):
        """The script. It calls `done` when the work is done."""
        return f"const N = {count}, done = {done};\n{self.source}"

    def html(self, count, done="() => {}"):
        return f"<!DOCTYPE html><body><script>{self.script(count, done)}</script>"

    def timed_html(self, count):
        """The page that says on the console how many milliseconds its work took."""
        began = "const began = performance.now();"
        done = "() => console.log(`done in ${performance.now() - began} ms`)"
        return f"<!DOCTYPE html><body><script>{began} {self.script(count, done)}</script>"


def pages(names=()):
    """All pages, or those with these names."""
    found = [Page(path) for path in sorted((HERE / "pages").glob("*.js"))]
    unknown = set(names) - {page.name for page in found}
    if unknown:
        raise SystemExit(f"no such page: {', '.join(sorted(unknown))}")
    return [page for page in found if not names or page.name in names]


def processor_time(command):
    """The seconds of processor time that a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.decode()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def page_time(chromium, html, profile):
    """The seconds that a page took in Chromium, as the page itself says on the console."""
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        f"--user-data-dir={profile}", "--enable-logging=stderr", "--v=0", html.as_uri(),
    ]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    limit = threading.Timer(300, browser.terminate)
    limit.start()
    try:
        for line in browser.stderr:
            if found := DONE.search(line):
                return float(found["time"]) / 1000
    finally:
        limit.cancel()
        browser.terminate()
        browser.stderr.read()
        browser.wait()
    raise SystemExit(f"{html} did not say in Chromium that it was done")


def instructions(program, page, count):
    """The instructions of the process that runs a page, by callgrind."""
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "page.html"
        file.write_text(page.html(count))
        command = [
            "valgrind", "--tool=callgrind", "--trace-children=yes",
            f"--callgrind-out-file={directory}/out.%p",
            program, "run", "--quiet", "--max-tasks", "100000000", file,
        ]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=1800)
    collected = re.findall(r"Collected : (\d+)", done.stderr.decode(errors="replace"))
    if done.returncode != 0 or not collected:
        raise SystemExit(f"valgrind failed for {page.name}:\n{done.stderr.decode(errors='replace')}")
    return max(map(int, collected))


def instructions_each(program, page, count):
    """The instructions of one of `count` times, without the start of the page."""
    few = count // 10
    return (instructions(program, page, count) - instructions(program, page, few)) / (count - few)


def chromium():
    """The path of a Chromium, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)

"""The pages for measurements, and running a program with one of them."""

import pathlib
import re
import resource
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
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

    def script(self, count):
        return f"const N = {count};\n{self.source}"

    def html(self, count):
        return f"<!DOCTYPE html><body><script>{self.script(count)}</script>"


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

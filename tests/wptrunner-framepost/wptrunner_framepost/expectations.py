"""Converts a list of known failures (`framepost test --expect`) into the `.ini` files of wptrunner.

    python -m wptrunner_framepost.expectations LIST DIRECTORY
"""

import os
import re
import sys

GENERATED = re.compile(r"\.(any|window|worker)\.(?:[a-z-]+\.)*html$")


def read(text):
    """The failures: the test, the subtest or `None`, the status, the reason."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = split(line)
        if len(parts) != 4:
            raise ValueError(f"line {number}: expected TEST | SUBTEST | STATUS | REASON")
        test, subtest, status, reason = parts
        yield test, subtest or None, status, reason


def split(line):
    """The parts of a line, trimmed and unescaped. An escaped space is not trimmed."""
    parts, part, kept, escaped = [], "", 0, False
    for character in line + "|":
        if escaped:
            part += {"n": "\n"}.get(character, character)
            kept, escaped = len(part), False
        elif character == "\\":
            escaped = True
        elif character == "|":
            parts.append(part[:kept] + part[kept:].rstrip())
            part, kept = "", 0
        elif part or not character.isspace():
            part += character
    return parts


def source(test):
    """The file of a test, from the root: `/a.any.js` for `/a.any.worker.html?x`."""
    path = re.split(r"[?#]", test)[0]
    return GENERATED.sub(lambda match: f".{match[1]}.js", path)


def escape(name):
    name = name.replace("\\", "\\\\").replace("]", "\\]").replace("\n", "\\n")
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def files(failures):
    """The text of each file, by its path."""
    tests = {}
    for test, subtest, status, reason in failures:
        tests.setdefault(source(test), {}).setdefault(test, []).append((subtest, status, reason))
    texts = {}
    for path, of_file in sorted(tests.items()):
        lines = []
        for test, known in sorted(of_file.items()):
            name = test[test.rindex("/", 0, len(re.split(r"[?#]", test)[0])) + 1 :]
            lines.append(f"[{escape(name)}]")
            for subtest, status, reason in sorted(known, key=lambda it: it[0] or ""):
                if subtest is None:
                    lines += [f"  # {escape(reason)}", f"  expected: {status}"]
                else:
                    lines += [f"  [{escape(subtest)}]", f"    # {escape(reason)}", f"    expected: {status}"]
            lines.append("")
        texts[path.lstrip("/") + ".ini"] = "\n".join(lines)
    return texts


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    listed, directory = arguments
    with open(listed, encoding="utf-8") as file:
        try:
            texts = files(read(file.read()))
        except ValueError as problem:
            sys.exit(f"{listed}: {problem}")
    for path, text in texts.items():
        path = os.path.join(directory, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])

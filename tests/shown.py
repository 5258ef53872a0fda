"""What pages show, run again: specs are saved, commands and Python run, in the order of the page.

A page is Markdown.  Its `yaml` blocks with a name are saved as `name.yaml`; of a `console` block
every line that starts with `$ ` is run, and all else must be what was printed; a `python` block is
run in one session a page, and what it prints must stand in a `text` block behind it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_SET_BY_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
_END = "\0"
_SESSION = """\
import json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    exec(compile(json.loads(line), "<page>", "exec"), names)
    print("\\0", flush=True)
"""


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of a kind, in order."""
    return [body for found, body in BLOCK.findall(text) if found == kind]


def named(spec: str) -> str | None:
    """What a spec calls itself."""
    name = re.search(r"^name: (\w+)$", spec, re.M)
    return name[1] if name else None


def environment() -> dict[str, str]:
    """That of a reader's terminal of 80 columns, with the tools of this Python first."""
    as_typed = {k: v for k, v in os.environ.items() if k not in _SET_BY_MAKE}
    tools = str(Path(sys.executable).parent)
    return {**as_typed, "PATH": f"{tools}:{os.environ['PATH']}", "COLUMNS": "80"}


def printed(command: str, folder: Path) -> str:
    """What a command prints there, on either stream; `make` runs in the repository."""
    done = subprocess.run(
        command, shell=True, cwd=ROOT if command.startswith("make") else folder,
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return trimmed(done.stdout)


def trimmed(text: str) -> str:
    """Without spaces at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def without_times(text: str) -> str:
    """With nothing that differs from run to run: seconds and rounding."""
    text = re.sub(r"(seconds +. )?\d+\.\d{3}( s\)| )", r"\1TIME", text)
    return re.sub(r"differs by \S+|residual[\s│]+\S+|\|W - PW\| = \S+", "ROUNDING", text)


def commands(block: str) -> list[str]:
    """The lines of a console block that are typed."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


@dataclass(frozen=True)
class Session:
    """A Python that is given one block after the other."""

    process: subprocess.Popen[str]

    def run(self, code: str) -> str:
        """What a block prints; where it fails, its traceback too, and no later block runs."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            if line == f"{_END}\n":
                return trimmed("".join(lines))
            lines.append(line)
        raise AssertionError(f"{code}\n{''.join(lines)}")


@contextmanager
def session(folder: Path) -> Iterator[Session]:
    """A Python in a folder, ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SESSION], cwd=folder, env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    with process:
        yield Session(process)
        assert process.stdin is not None
        process.stdin.close()


def rerun(page: str, folder: Path, left_out: frozenset[str] = frozenset()) -> str:
    """The page as it should read: what it shows is kept where it differs by times alone.

    Console blocks with a command of `left_out` are not run.
    """
    said: list[str] = []

    def again(block: re.Match[str]) -> str:
        kind, body = block.groups()
        now = body
        assert kind == "text" or not said, f"no text block shows what was printed: {said}"
        if kind == "yaml" and (name := named(body)):
            (folder / f"{name}.yaml").write_text(body)
        elif kind == "console" and not left_out & set(commands(body)):
            now = "".join(f"$ {c}\n{printed(c, folder)}" for c in commands(body))
        elif kind == "python":
            said.extend(filter(None, [python.run(body)]))
        elif kind == "text":
            now = said.pop() if said else "(nothing is printed)\n"
        alike = without_times(now) == without_times(body)
        return block[0] if alike else f"```{kind}\n{now}```"

    with session(folder) as python:
        return BLOCK.sub(again, page)

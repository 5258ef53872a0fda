"""Imports go one way: every module stands on lower floors only, and none needs torch."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "intertwine"
GROUND = {
    "",  # the version
    "errors",
    "files",
    "limits",
    "names",
    "nearest",
    "numerals",
    "probe",
    "progress",
    "weights",
}
FLOORS = {
    "algebra": set(),
    "group": {"algebra"},
    "action": {"algebra", "group"},
    "hom": {"algebra", "group", "action"},
    "spec": {"algebra", "group", "action"},
    "plan": {"algebra", "group", "action", "hom"},
    "emit": {"plan"},
    "show": {"group", "action", "hom", "plan", "audit", "discover", "summary"},
    "options": {"plan"},
    "form": {"action", "spec", "plan", "emit", "options"},
    "solution": {"action", "hom", "spec", "plan", "emit", "form", "options", "summary"},
    "summary": {"group", "action", "plan"},
    "verify": {"algebra", "group", "action", "hom"},
    "network": {
        "algebra",
        "group",
        "action",
        "hom",
        "spec",
        "plan",
        "emit",
        "form",
        "options",
        "solution",
        "summary",
    },
    "pipeline": {"action", "hom", "spec", "form", "solution", "network"},
    "audit": {"algebra", "group", "action", "hom", "weights"},
    "audits": {"hom", "spec", "solution", "pipeline", "audit"},
    "discover": {"algebra", "group", "action"},
    "cli": set(),
    "bench": {"spec", "solution", "pipeline"},
}
FLOORS["cli"] = set(FLOORS) | {"weights", "probe"}
# What times layers, what reads other people's, and what runs in the process of a page.
TORCH = {"bench", "nearest", "probe", "weights", "child.py", "ran.py"}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")


def floor(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """The intertwine floors that a module imports, and the other packages, at run time."""
    own, other = set(), set()
    tree = ast.parse(path.read_text())
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            head, *rest = name.split(".")
            if head == "intertwine":
                own.add(rest[0] if rest else "")
            else:
                other.add(head)
    return own, other


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_stands_on_lower_floors(path):
    own, other = imported(path)
    here = floor(path)
    assert "torch" not in other or here in TORCH or path.name in TORCH
    if here in GROUND:
        assert own <= GROUND
    elif here in FLOORS:
        assert own - {here} <= FLOORS[here] | GROUND
    else:
        assert here == "__main__"


def test_the_architecture_page_has_each_folder_below_those_that_it_imports():
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text()
    listed = re.findall(r"^\| `intertwine/(\w+)` \|", page, re.M)
    assert sorted(listed) == sorted({p.parent.name for p in PACKAGE.glob("*/__init__.py")})
    for place, folder in enumerate(listed):
        assert FLOORS.get(folder, set()) & set(listed) - {folder} <= set(listed[:place]), folder


@pytest.mark.parametrize("arguments", [["-c", "import intertwine"], ["-m", "intertwine", "--help"]])
def test_starting_needs_no_heavy_package(arguments):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert not loaded & {"torch", "scipy.optimize", "sympy", "matplotlib"}

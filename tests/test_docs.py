"""The pages of `docs/`: what they show is run, their links resolve, and the site builds.

`pytest --update` writes what is printed into the pages.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import intertwine
from intertwine.hom.rules import RULES
from intertwine.pipeline import count
from tests.shown import ROOT, blocks, named, printed, rerun

DOCS = ROOT / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)
THEOREMS = [page for page in PAGES if page.parent.name == "theorems" and page.stem != "index"]
RUN = [page for page in PAGES if re.search(r"^```(python|console)$", page.read_text(), re.M)]
LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)")
FETCHED = re.compile(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(?:https?:)?//[^"]+"')
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)\s]+)\)")
MODULE = re.compile(r"^\.\. automodule:: (\S+)$", re.M)
SECTIONS = (
    "Statement", "Proof", "In the code", "What can go wrong", "Example", "References",
)  # fmt: skip


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(DOCS).with_suffix("")) for page in pages]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a reader would have it: the specs of the repository beside his own."""
    (tmp_path / "specs").symlink_to(ROOT / "specs")
    shutil.copytree(ROOT / "specs" / "graphs", tmp_path / "graphs")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=names(RUN))
def test_pages_show_what_is_printed(
    page: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    shown = page.read_text()
    said = rerun(shown, folder)
    pictures = {page.parent / link: folder / Path(link).name for link in PICTURE.findall(shown)}
    if request.config.getoption("--update"):
        page.write_text(said)
        for kept, made in pictures.items():
            kept.parent.mkdir(exist_ok=True)
            shutil.copy(made, kept)
    assert said == page.read_text()
    assert all(kept.exists() and made.exists() for kept, made in pictures.items())


def test_the_tutorial_answers_every_exercise() -> None:
    text = (DOCS / "tutorial.md").read_text()
    asked = re.findall(r"^\*\*Exercise (\d+)\.\*\*", text, re.M)
    answered = re.findall(r"^\*\*Answer (\d+)\.\*\*", text, re.M)
    assert asked == answered == [str(number + 1) for number in range(len(asked))]
    assert len(asked) >= 8


@pytest.mark.parametrize("spec", blocks((DOCS / "spec.md").read_text(), "yaml"), ids=named)
def test_every_spec_of_the_language_is_counted(spec: str, folder: Path) -> None:
    assert "expect:" in spec
    path = folder / f"{named(spec)}.yaml"
    path.write_text(spec)
    count(path)


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=["README", *names(PAGES)])
def test_relative_links_resolve(page: Path) -> None:
    text = page.read_text()
    for link in LINK.findall(text) + PICTURE.findall(text):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """The anchors of headings, as GitHub and MyST make them."""
    prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.+)$", prose, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_rule_has_its_page() -> None:
    for rule in RULES:
        page = (DOCS / "theorems" / f"{rule.name}.md").read_text()
        plain = re.sub(r"<sub>(\w+)</sub>", r"_\1", page.replace("\n> ", " "))
        assert rule.theorem in " ".join(plain.split()), rule.name


@pytest.mark.parametrize("page", THEOREMS, ids=names(THEOREMS))
def test_a_theorem_is_stated_proved_used_and_tried(page: Path) -> None:
    text = page.read_text()
    titles = re.findall(r"^## (.+)$", text, re.M)
    assert [title for title in titles if title in SECTIONS] == [*SECTIONS]
    assert blocks(text, "python"), "no example that is run"
    for folder in ("intertwine", "tests"):
        assert re.search(rf"`{folder}/[\w/]+\.py\b", text), f"names no file of {folder}"


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_files_functions_and_tests_that_are_named_exist(page: Path) -> None:
    text = page.read_text()
    for path in re.findall(r"`((?:intertwine|tests|specs|benchmarks|examples)/[\w/.]*\w)`", text):
        assert (ROOT / path).exists(), path
    for path, name in re.findall(r"`((?:intertwine|tests)/[\w/]+\.py):\s(\w+)`", text):
        assert name in defined(ROOT / path), f"{path}: {name}"


def defined(path: Path) -> set[str]:
    """The names of the functions, classes and constants of a file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def test_every_module_is_in_the_reference_once(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        for page in sorted((DOCS / "api").glob("*.md")):
            page.write_text(reference(page))
    listed = [m for page in PAGES for m in MODULE.findall(page.read_text())]
    assert len(listed) == len(set(listed))
    assert set(listed) ^ set(modules()) == set(), "run `pytest tests/test_docs.py --update`"


def modules() -> list[str]:
    paths = [p.relative_to(ROOT).with_suffix("") for p in (ROOT / "intertwine").rglob("*.py")]
    return sorted(".".join(path.parts) for path in paths if not path.stem.startswith("__"))


def reference(page: Path) -> str:
    """The page of a package, with a section for each module that is not on the first page."""
    head = page.read_text().partition("\n## ")[0].rstrip()
    package = "" if page.stem == "others" else f"{page.stem}."
    first = MODULE.findall((DOCS / "api.md").read_text())
    found = [m.removeprefix("intertwine.") for m in modules() if m not in first]
    mine = [m for m in found if m.startswith(package) and (package or "." not in m)]
    made = [f"## {m}\n\n```{{eval-rst}}\n.. automodule:: intertwine.{m}\n```\n" for m in mine]
    return f"{head}\n\n" + "\n".join(made)


def test_every_public_name_is_in_the_reference() -> None:
    text = (DOCS / "api.md").read_text()
    for name in intertwine.__all__:
        assert f"`{name}`" in text, name


def test_every_command_is_shown_with_its_help() -> None:
    listed = printed("intertwine --help", ROOT).partition("Commands:\n")[2]
    commands = re.findall(r"^  (\w+)", listed, re.M)
    text = (DOCS / "commands.md").read_text()
    assert commands
    for command in commands:
        assert f"$ intertwine {command} --help\n" in text, command


@pytest.mark.all
def test_the_site_builds_without_a_warning_and_needs_no_network(tmp_path: Path) -> None:
    pytest.importorskip("furo")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", tmp_path / "trees",
         DOCS, tmp_path / "html"],
        cwd=ROOT, env={**os.environ, "http_proxy": "http://127.0.0.1:9"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "html").rglob("*.html"):
        assert not FETCHED.findall(page.read_text()), page.name

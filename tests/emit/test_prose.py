"""A description is prose to every tool that reads an emitted page, wherever lines end."""

import ast
import doctest
import io
import re
import sys
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine import solve
from intertwine.emit.prose import prose
from intertwine.emit.text import GLUE
from intertwine.emit.writer import heading
from tests.solved import thinned

SETS = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
# What doctest, docutils, Sphinx, Markdown, linters, editors, shells and version control look for.
SIGNS = """\
>>> open('x', 'w')|... open('x')|  >>> 1 / 0|>>>|\uff1e\uff1e\uff1e 1|In [1]: 1 / 0|$ rm x|%run x
.. raw:: html|.. |.. _target: x|.. [1] x|__ x|_`target`|:param x: y|:math:`x`|:field:|::|text::
*x*|**x**|`x`|``x``|x_|x__|[1]_|[#]_||x||[x](y)|![x](y)|[x]: y|<script>|</div>|<!-- x -->|&lt;
====|----|~~~~|~~~|```python|* x|- x|+ x|1. x|1) x|> x|>x|>=3|#. x|# x|---|***|___|~~x~~|$x$|$$x$$
# noqa|# type: ignore|# type: int|# pylint: disable=all|# fmt: off|# pragma: no cover|# nosec|#nosec
# isort: skip_file|isort:skip_file|# mypy: ignore-errors|# flake8: noqa|# ruff: noqa|# pyre-strict
-*- coding: utf-7 -*-|# coding=utf-7|vim: set ft=x :|vi:x|ex: x|Local Variables:|#!/bin/sh|$Id$
Args:|Returns:|Raises:|Example::|http://x.org|javascript:x|mailto:a@b.c|a@b.c|www:x|@property|@x y
\"\"\"|'''|"|\\|\\N{BULLET}|\\x41|{title}|{0}|%s|\x1b[31mx|\x1b]8;;x\x07|\x9b2J|\x00|\u202ex|\u2028x
\ud800|\ufeff|\u200b>>>|]]>|<![CDATA[|<?php|[red]x[/red]|[link=x]y[/link]|{{ x }}|{% x %}
<<<<<<< HEAD|=======|>>>>>>> x|-----BEGIN X-----|1. 2. 3. 4. 5. 6.|> > > > > >|>-=>-=>-=>-=|: : : :
"""
TOKENS = [t for line in SIGNS.splitlines() for t in re.split(r"(?<!\|)\|(?!\|)", line) if t] + [
    "|x|", "||x||", "| x | y |", "=" * 150, ">" * 150, ")" * 150, "w" * 150, "w>" * 99,
]  # fmt: skip
FILLER = ["where", "a", "b.", "generators", "(x, y)", "12"]
# The documented forms of what tools look for anywhere in a file, or in a line of it.
PRAGMAS = [
    r"#", r"isort:", r"`", r"\b(vi|vim|Vim|ex)\d*:", r"-\*-", r"\w:(\s|$)", r"::", r"\w@\w",
    r"\w+://", r"<[A-Za-z/!?]", r"&\w+;", r">>>", r"(<{7}|={4}|-{4}|~{3})", r"\]\(", r"\$\w",
    r"(\*|\||~)\w", r"\w(\*|\||~)", r"\w_(\W|$)", r"[^\x20-\x7e]", r'["\\]', r"In \[\d+\]:",
]  # fmt: skip
# No line may begin so.
BEGINS = re.compile(r"\s|[-!$%&*+:<=>?@^|~]+(\s|$)|\.+(\s|$)|>|\d+[.)](\s|$)")


def said(text, name="x"):
    """The lines that a page says of a spec."""
    return heading(name, text, "", "")["description"].removesuffix("\n")


def assert_prose(text, name="x"):
    """No line begins with a sign, nothing in it is one, and all is one paragraph."""
    lines = said(text, name).splitlines()
    assert all(len(line) <= 96 for line in lines)
    assert lines[0].startswith(f"Spec `{name}`")
    for line in lines[1:]:
        assert not BEGINS.match(line), line
    plain = "\n".join(lines).removeprefix(f"Spec `{name}`").removeprefix(":")
    for pragma in PRAGMAS:
        assert not re.search(pragma, plain.replace("\n", " ")), (pragma, lines)
    assert doctest.DocTestParser().get_examples("\n".join(lines)) == []


def parsed(text):
    """What docutils, which comes with Sphinx, makes of a text."""
    core = pytest.importorskip("docutils.core")
    return core.publish_doctree(text, settings_overrides={"report_level": 5})


def assert_paragraph(text):
    """Docutils makes one paragraph of it, with the spec's name, and does not complain."""
    tree = parsed(said(text))
    found = [node.tagname for node in tree.findall() if node.tagname != "#text"]
    assert found == ["document", "paragraph", "title_reference"], (text, tree.pformat())
    assert tree.astext() == said(text).replace("`", "")


@pytest.mark.parametrize("padding", thinned(range(121), 3))
def test_signs_are_moved_to_every_place_of_a_line(padding):
    """Far enough apart, each of them stands where a line begins for some of the paddings."""
    words = ["w" * padding]
    for number, token in enumerate(TOKENS):
        words += [token, *FILLER[number % 3 :]]
    assert_prose(" ".join(words))
    assert_prose(" ".join(words), "n" * 60)
    assert_paragraph(" ".join(words))


@pytest.mark.parametrize("token", TOKENS)
def test_a_sign_alone_and_in_a_row(token):
    for text in (token, f"{token} x", f"x {token}", f"x{token}y", " ".join([token] * 40)):
        assert_prose(text)
        assert_paragraph(text)


HOSTILE = st.lists(
    st.sampled_from(TOKENS) | st.sampled_from(FILLER) | st.text(max_size=8), max_size=40
)
SPACES = st.sampled_from([" ", "", "\n", "\n\n    ", "\t"])


@given(HOSTILE, SPACES, st.integers(0, 120))
def test_a_description_is_prose(tokens, space, padding):
    text = "w" * padding + space + space.join(tokens)
    assert_prose(text)
    assert_paragraph(text)


def strings_and_rest(page):
    """The first string of a page, and its other tokens, by their kinds and texts."""
    tokens = tokenize.generate_tokens(io.StringIO(page).readline)
    pairs = [(t.type, t.string) for t in tokens if t.type not in (tokenize.NL, tokenize.NEWLINE)]
    return ast.literal_eval(pairs[0][1]), pairs[1:]


@settings(max_examples=30)
@given(HOSTILE, st.integers(0, 120))
def test_a_page_differs_in_its_first_docstring_alone(tokens, padding):
    texts = ("", "w" * padding + " " + " ".join(tokens).encode("utf-8", "replace").decode())
    benign, hostile = (solve({**SETS, "description": text}).page for text in texts)
    (plain, code), (said, same_code) = strings_and_rest(benign), strings_and_rest(hostile)
    assert code == same_code
    assert [said.count("\n\n"), said.splitlines()[0]] == [2, plain.splitlines()[0]]


@pytest.mark.parametrize("padding", [*range(0, 121, 10)])
def test_doctest_finds_nothing_in_a_page(padding):
    words = [f"{token} {' '.join(FILLER)}" for token in TOKENS if token.isprintable()]
    text = f"{'w' * padding} " + " ".join(words)
    layer = solve({**SETS, "description": text}).layer(1, 1)
    module = sys.modules[type(layer).__module__]
    tests = doctest.DocTestFinder().find(module, "page", module=False, globs={})
    names = {test.name for test in tests}
    assert names >= {"page", "page.Sets", "page.Sets.forward", "page.equivariance_residual"}
    assert sum(len(test.examples) for test in tests) == 0


@pytest.mark.parametrize(
    "text",
    [
        "the seven lines {i, i+1, i+3}, on the line or not; 4 x 5, R^3 -> R^3, e_i",
        "vertices - of degree 3 - to edges, 1/2 of them (A C G T), a <-> b, x >= 2 ...",
        "it's 100% \"sure\"? yes! C_n x C_m, f(g(h(x))), [0, 1), don't",
    ],
)
def test_ordinary_prose_stays_as_it_is(text):
    shown = prose("", text).replace(GLUE, " ").strip()
    assert shown == text.replace('"', "'")


@pytest.mark.parametrize("sign", ["-", "->", "...", ">", "1.", "*", ":"])
def test_no_line_begins_with_a_sign_but_with_the_word_before_it(sign):
    lines = [said(f"{'w' * length} {'w' * 40} word {sign} and") for length in range(20, 50)]
    begins = [line for text in lines for line in text.splitlines()[1:]]
    assert f"word {sign} and" in begins
    assert "and" in begins
    assert not any(line.startswith(sign) for line in begins)


def references(page):
    """What docutils takes for references in the docstrings of a page, and cannot find."""
    nodes = [n for n in ast.walk(ast.parse(page)) if isinstance(n, ast.Module | ast.ClassDef)]
    trees = [parsed(ast.get_docstring(node)) for node in nodes]
    return [n.astext() for t in trees for n in t.findall() if n.tagname == "problematic"]


def test_names_that_end_in_an_underscore_are_no_references():
    def spec(mark):
        first, second = f"users{mark}", f"films{mark}"
        return {
            "name": f"ratings{mark}",
            "group": {"product": {first: {"symmetric": 3}, second: {"cyclic": 4}}},
            "input": {"fields": {f"a{mark}": {"tensor": [first, second]}, f"b{mark}": first}},
            "output": {"fields": {f"c{mark}": second, f"d{mark}": {"power": [first, 2]}}},
        }

    page = solve(spec("_")).page
    assert references(page) == references(solve(spec("x")).page) == []
    assert references(page.replace("`films_`", "films_")) != []


@pytest.mark.parametrize(
    ("stage", "action"),
    [("noqa", "points"), ("types", "ignore"), ("fmt", "off"), ("isort", "skip_file"),
     ("nosec", "x"), ("mypy", "ignore"), ("pylint", "disable"), ("pragma", "no_cover")],
)  # fmt: skip
def test_names_of_stages_are_no_pragmas(stage, action):
    spec = {
        "name": "net", "group": {"product": {action: {"symmetric": 3}, "z": {"cyclic": 2}}},
        "input": action,
        "network": [{"name": stage, "action": action, "channels": 2}, {"action": action}],
    }  # fmt: skip
    page = solve(spec).page
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(page).readline)
        if token.type == tokenize.COMMENT
    ]
    assert f"# `{stage}`: {action} -> {action}" in comments
    assert not any(re.match(rf"#\s*{stage}", comment) for comment in comments)
    assert f"{stage}: {action}" not in page

"""The words of a spec in pictures, pages and terminals: seen as they are written, and no more."""

import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from intertwine import solve
from intertwine.files import write_atomically
from intertwine.show.drawing import drawing_of
from intertwine.show.picture.layers import picture
from intertwine.show.preview import print_previews
from intertwine.show.web.page import html_page
from tests.emit.test_prose import TOKENS

SETS = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
TEXTS = [*TOKENS, " ".join(TOKENS), "".join(TOKENS)]


def drawing(text):
    return drawing_of(solve({**SETS, "description": text}))


class Tags(HTMLParser):
    """The tags of a page with their attributes, comments and processing instructions."""

    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, attrs))

    def handle_comment(self, data):
        self.seen.append(("comment", data))

    def handle_pi(self, data):
        self.seen.append(("pi", data))

    def handle_decl(self, decl):
        self.seen.append(("decl", decl))

    def unknown_decl(self, data):
        self.seen.append(("unknown", data))


def test_a_page_has_no_tag_of_a_description():
    plain = Tags(html_page([drawing("x")])).seen
    for text in TEXTS:
        page = html_page([drawing(text)])
        assert page.isascii()
        assert Tags(page).seen == plain, text


@pytest.mark.parametrize("text", [" ".join(TOKENS), "".join(TOKENS), "]]></desc><script/>"])
def test_a_picture_has_a_description_as_text(text):
    plain, hostile = (picture([drawing(t)], ".svg", False) for t in ("x", text))
    tags = [[element.tag for element in ElementTree.fromstring(p).iter()] for p in (plain, hostile)]
    assert tags[0] == tags[1]
    (said,) = ElementTree.fromstring(hostile).iterfind("{http://www.w3.org/2000/svg}desc")
    assert said.text.isprintable()
    assert len(said) == 0


def test_a_terminal_gets_no_control_characters(capsys):
    for text in TEXTS[-2:]:
        print_previews([drawing(text)])
    assert capsys.readouterr().out.replace("\n", "").isprintable()


@pytest.mark.parametrize("hostile", ["\\x1b[31mn", "n\\nn", "\\u202en", "\\x9b2J"])
def test_verify_prints_the_names_of_a_page_escaped(tmp_path, monkeypatch, cli, hostile):
    """A page is a file like any other: its names may hold whatever a text can, and are refused."""
    monkeypatch.chdir(tmp_path)
    page = solve({**SETS, "group": {"product": {"u": {"symmetric": 3}}}, "input": "u",
                  "output": "u"}).page  # fmt: skip
    assert page.count('"u"') >= 3
    path = tmp_path / "a\x1b[31m.py"
    write_atomically(path, page.replace('"u"', f'"{hostile}"'))
    code, out, error = cli("verify", path.name)
    assert (code, out) == (3, "")
    assert error.count("\n") == 1
    assert error.removesuffix("\n").isprintable()
    assert "\\x1b[31m.py: " in error


def test_verify_prints_the_path_of_a_spec_escaped(tmp_path, monkeypatch, cli):
    monkeypatch.chdir(tmp_path)
    text = "name: sets\ngroup: {symmetric: 3}\ninput: points\noutput: points\n"
    (tmp_path / "a\x1b[31m.yaml").write_text(text)
    code, out, error = cli("verify", "a\x1b[31m.yaml")
    assert (code, error) == (0, "")
    assert out.startswith("a\\x1b[31m.yaml: ")
    assert out.replace("\n", "").isprintable()

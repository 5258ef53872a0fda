"""The page as text: whole, harmless whatever is written in a spec, and the same every time."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import numpy as np
import pytest

from intertwine.show.web import SCRIPTS, script, text_of
from intertwine.show.web.page import html_page
from tests.show.browser import drawings

VOID = {"meta", "br", "img", "input", "link", "hr"}
HOSTILE = [
    "</script><script>alert(1)</script>",
    "</script foo/><b>",
    "<!--<script>",
    "<!--<script ",
    "]]>&lt;&amp;\u2028\u2029\x00\x1b[2J\u202e",
    "\" onload='alert(1)' \\",
    "<img src=x onerror=alert(1)>",
    "${alert(1)} $anchor $$",
    "\ud800 lone",
]


class Parsed(HTMLParser):
    """Elements with their attributes, and the text of scripts, styles and all else."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.raw, self.text = [], [], [], ""
        self.comments = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            self.raw.append((*self.elements[-1], data))
        else:
            self.text += data

    def scripts(self, kind):
        return [text for tag, given, text in self.raw if tag == "script" and given == kind]

    @property
    def data(self):
        return [json.loads(text) for text in self.scripts({"type": "application/json"})]


def hostile(drawing, text):
    """A drawing that says a text wherever it can."""
    side = replace(
        drawing.rows,
        action=text,
        parts=tuple(replace(part, name=text) for part in drawing.rows.parts),
    )
    said = tuple(text for _ in drawing.weight.meanings)
    return replace(
        drawing,
        name=text,
        description=text,
        group=text,
        rows=side,
        columns=side,
        weight=replace(drawing.weight, meanings=said),
        motions=tuple(replace(motion, name=text) for motion in drawing.motions),
    )


@pytest.fixture(scope="module")
def plain():
    return Parsed(html_page(drawings("weight_space")))


def test_elements_are_closed_and_there_is_one_of_each(plain):
    assert plain.open == [] and plain.comments == []
    tags = [tag for tag, _ in plain.elements]
    assert [tags.count(tag) for tag in ("html", "title", "h1", "main", "style")] == [1] * 5
    assert ("html", {"lang": "en"}) in plain.elements
    ids = [given["id"] for _, given in plain.elements if "id" in given]
    assert len(ids) == len(set(ids))


def test_the_policy_names_the_script_and_the_style_and_nothing_else(plain):
    (style,) = [text for tag, _, text in plain.raw if tag == "style"]
    (code,) = plain.scripts({})
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (code, style)]
    (policy,) = [g["content"] for t, g in plain.elements if t == "meta" and "http-equiv" in g]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("name", ["maron_2_2", "cnn_digits"])
def test_nothing_is_fetched_and_nothing_runs_from_attributes(name):
    page = Parsed(html_page(drawings(name)))
    for _, given in page.elements:
        assert not {"src", "style"} & given.keys()
        assert not [key for key in given if key.startswith("on")]
        assert given.get("href", "#").startswith("#")
    everything = page.text + "".join(text for *_, text in page.raw)
    for word in ("http:", "https:", "//cdn", "@import", "url(", "innerHTML", "eval(", "fetch("):
        assert word not in everything


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spec_says_stays_text(text, plain):
    drawing = hostile(drawings("weight_space")[0], text)
    page = html_page([drawing])
    parsed = Parsed(page)
    assert page.isascii()
    structure = [(tag, [*given]) for tag, given in parsed.elements]
    assert structure == [(tag, [*given]) for tag, given in plain.elements]
    assert parsed.open == [] and parsed.comments == []
    assert parsed.scripts({}) == plain.scripts({})
    assert not set("<>&") & set(parsed.scripts({"type": "application/json"})[0])
    (data,) = parsed.data
    assert data["name"] == data["motions"][0]["name"] == text
    assert set(data["weight"]["meanings"]) == {text}


def test_a_hostile_heading_is_shown_as_it_is_written():
    drawing = hostile(drawings("deepsets")[0], HOSTILE[0])
    assert Parsed(html_page([drawing])).text.count(HOSTILE[0]) == 6


def decoded(data):
    return np.frombuffer(b64decode(data["bytes"]), np.dtype(data["kind"]).newbyteorder("<"))


@pytest.mark.parametrize("name", ["maron_2_2", "chsh", "frucht", "maron_3_3", "no_pseudovector"])
def test_codes_and_permutations_are_those_of_the_drawing(name):
    (drawing,) = drawings(name)
    (data,) = Parsed(html_page([drawing])).data
    for key, tiles in (("weight", drawing.weight), ("bias", drawing.bias)):
        np.testing.assert_array_equal(decoded(data[key]["codes"]), tiles.codes.ravel())
        np.testing.assert_array_equal(decoded(data[key]["sizes"]), tiles.sizes)
    assert len(data["motions"]) == len(drawing.motions)
    for given, motion in zip(data["motions"], drawing.motions, strict=True):
        for side, moved in (("rows", motion.rows), ("columns", motion.columns)):
            np.testing.assert_array_equal(decoded(given[side]["images"]), moved.images)
            signs = np.ones(moved.degree) if moved.signs is None else moved.signs
            np.testing.assert_array_equal(decoded(given[side]["signs"]), signs)


@pytest.mark.parametrize("name", ["ammonia", "standard_square", "quartz_piezoelectricity"])
def test_terms_make_the_basis_elements(name):
    (drawing,) = drawings(name)
    (data,) = Parsed(html_page([drawing])).data
    codes = drawing.weight.codes.astype(int)
    values = np.zeros((drawing.dimension, drawing.weight.count + 1))
    for tile, terms in enumerate(data["terms"]):
        for number, factor in terms:
            values[number, tile + 1] = factor
    for number in range(drawing.dimension):
        made = np.sign(codes) * values[number][np.abs(codes)]
        np.testing.assert_allclose(made, drawing.element(number), atol=1e-6)


@pytest.mark.parametrize("name", ["ammonia", "cnn_digits"])
def test_the_same_drawings_give_the_same_bytes(name):
    assert html_page(drawings(name)) == html_page(drawings.__wrapped__(name))


def test_layers_are_linked_where_there_are_several():
    layers = drawings("cnn_digits")
    page = Parsed(html_page(layers))
    links = [given["href"] for tag, given in page.elements if tag == "a"]
    assert links == [f"#layer-{number}" for number in range(len(layers))]
    assert [data["name"] for data in page.data] == [layer.name for layer in layers]
    assert not [tag for tag, _ in Parsed(html_page(layers[:1])).elements if tag == "nav"]


def test_every_script_is_on_the_page_and_short():
    from importlib.resources import files

    there = {f.name for f in files("intertwine.show.web").iterdir() if f.name.endswith(".js")}
    assert there == {f"{name}.js" for name in SCRIPTS}
    assert script().isascii() and text_of("page.css").isascii()
    for name in there:
        assert len(text_of(name).splitlines()) < 300

"""Small and trivial groups, in every command."""

import contextlib
import io
import re

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.action.character import characters
from intertwine.errors import SpecError
from intertwine.pipeline import count, solve
from intertwine.show.drawing import drawing_of
from intertwine.show.facts import print_summary
from intertwine.show.picture.layers import picture
from intertwine.show.preview import print_previews
from intertwine.show.reasons import print_characters, print_reasons
from intertwine.show.web.page import html_page
from intertwine.show.why import why
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from tests.hardening.small_groups import GROUPS, forms, spec
from tests.hardening.tally import examples, tried
from tests.oracle import matrix_nullspace
from tests.verify.direct import verified

MOST_ENTRIES = 300
torch.set_num_threads(1)


def counted(problem):
    """The space of a spec, its dimension held against the oracle's in each way to find it."""
    space = solve(problem)
    dimension = matrix_nullspace(space.source, space.target)
    assert space.dimension == count(problem).dimension == dimension
    assert space.certificate.second.value == dimension
    rows = characters(space.source, space.target)
    assert space.order % sum(row.count for row in rows) == 0
    of_identity = max(rows, key=lambda row: (row.source, row.target))
    sizes = (space.source.dimension, space.target.dimension)
    assert (of_identity.source, of_identity.target) == sizes
    return space


def emitted(space, folder):
    """Its page: written, proved again, run, and held against its own generators."""
    path = space.emit(folder)
    assert re.search(rf": (dimension )?{space.dimension}\b", verified(path))
    named = space.form.named
    channels = [
        dict.fromkeys(side, width) if by_name else width
        for side, width, by_name in zip(
            (space.form.sources, space.form.targets), (2, 3), named, strict=True
        )
    ]
    layer = space.layer(*channels)
    x = [torch.randn(2, 2, *side.shape) for side in space.form.sources.values()]
    y = layer(*x)
    parts = y if isinstance(y, tuple) else (y,)
    assert [part.shape for part in parts] == [
        (2, 3, *side.shape) for side in space.form.targets.values()
    ]
    page = {"__name__": "page"}
    exec(compile(space.page, str(path), "exec"), page)
    with contextlib.redirect_stdout(io.StringIO()):
        assert page["equivariance_residual"]() < 1e-9


def shown(space):
    """Everything that is drawn and told of it."""
    drawing = drawing_of(space)
    with contextlib.redirect_stdout(io.StringIO()) as told:
        print_previews([drawing])
        print_characters(space)
        if space.source.dimension and space.target.dimension:
            print_reasons(space, True)
            print_summary(space.summary(True), None, 0.0)
            print(*why(space, "0,0", "0,0"), sep="\n")
        else:
            print_reasons(space, False)
    assert space.document.spec.name in told.getvalue()
    assert b"<svg" in picture([drawing], ".svg", True)
    assert "<html" in html_page([drawing])


def held(problem, folder):
    space = counted(problem)
    shown(space)
    if all(side.dimension for side in (*space.form.sources.values(), *space.form.targets.values())):
        emitted(space, folder)
    else:
        with pytest.raises(SpecError, match="has no points"):
            space.emit(folder)


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_every_command_on_small_groups(tmp_path_factory, data):
    """Solved, counted, proved, emitted, run, verified, drawn and explained; against one rank."""
    name = data.draw(st.sampled_from(list(GROUPS)))
    source, target = (data.draw(st.sampled_from(forms(name))) for _ in range(2))
    problem = spec(name, source, target)
    try:
        built = build_actions(load_spec(problem))
    except SpecError:
        assume(False)
    assume(built.source.dimension * built.target.dimension <= MOST_ENTRIES)
    held(problem, tmp_path_factory.mktemp("page"))
    tried()


# Each was wrong once: an IndexError, a TypeError, a false certificate, a page that its own
# `verify` refused, a picture that was divided by nothing, a loop without an end.
ONCE = {
    "induced from nothing": (
        "symmetric 1", {"induced": {"subgroup": [[0]], "matrices": [[[1]]]}}, "points", 1),
    "a trivial factor": (
        "one trivial factor", {"tensor": ["u.regular", "v.vector"]}, "v.sign", 2),
    "standard over nothing": ("symmetric 1", "regular", {"standard": {"trivial": 3}}, 2),
    "standard of fixed points": (
        "symmetric 3", {"standard": {"trivial": 3}}, {"standard": {"trivial": 2}}, 2),
    "the trivial group": ("trivial 3", "points", "standard", 6),
    "one pixel and quarter turns": (
        "p4 on 1 x 1",
        {"matrices": {"shift_0": [[1, 0], [0, 1]], "shift_1": [[1, 0], [0, 1]],
                      "rotation": [[1, -1], [2, -1]]}},
        "pixels", 0),
    "vertices to no edges": ("no edges", "vertices", "edges", 0),
    "pairs of no edges": ("no edges", {"power": ["edges", 2]}, {"subsets": ["vertices", 0]}, 0),
    "matrices to no edges": ("no edges", {"sum": ["standard", "standard"]}, "arcs", 0),
    "the monomial 1 of no edges": (
        "no edges", {"symmetric_power": ["edges", 0]}, "vertices", 1),
    "subsets of an even sign": ("alternating 3", {"subsets": ["sign", 1]}, "points", 1),
    "the plane of no turn": ("cyclic 1", "vector", "pseudovector", 4),
    "mirrors": ("dihedral 1", "vector", "pseudovector", 2),
    "a rectangle": ("dihedral 2", "regular", "vector", 2),
}  # fmt: skip


@pytest.mark.parametrize("case", ONCE)
def test_what_was_wrong_once(case, tmp_path):
    name, source, target, dimension = ONCE[case]
    problem = spec(name, source, target)
    assert count(problem).dimension == dimension
    held(problem, tmp_path)

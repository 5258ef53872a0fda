"""Random specs: nothing but an IntertwineError is raised, in one line, and a page is Python."""

# ruff: noqa: E501  (a table reads best with one case a line)

import signal
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.limits import limited_to
from intertwine.pipeline import count, solve
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from tests.solved import ROOT
from tests.spec.refusals import spec

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = [path.read_bytes() for path in sorted((ROOT / "specs").glob("*.yaml"))]

odd = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=4), st.integers(-2, 0),
    st.sampled_from([30, 10**18, 10**30, 10**4000, "points", "a.b.c", "\x1b[2J", [], {}]),
)  # fmt: skip


def mostly(strategy, seldom=odd):
    """Nine times out of ten one strategy, else another."""
    return st.integers(0, 9).flatmap(lambda roll: seldom if roll == 7 else strategy)


def one(**forms):
    """A mapping with one of some keys, each with values of its own."""
    return st.one_of(*(st.fixed_dictionaries({key: value}) for key, value in forms.items()))


def pairs(inner):
    return mostly(st.tuples(inner, sizes).map(list))


sizes = mostly(st.integers(1, 4))
names = mostly(st.sampled_from(["a", "b"]), st.text(max_size=3))
images = st.one_of(
    st.permutations(range(3)), st.sampled_from(["()", "(0 1)", "(0 1 2)", "(1 2 3)", "(0 0)"])
)
permutations = mostly(images)
signed = mostly(st.sampled_from([[1, 2], [-1, 2], [2, 1], [-2, 1], [0, 1], [1, 1]]))
listed = st.dictionaries(names, permutations, min_size=1, max_size=2)
SETS = [
    "points",
    "vertices",
    "edges",
    "arcs",
    "pixels",
    "poses",
    "faces",
    "axes",
    "tuples",
    "a",
    "b",
    "sign",
    "trivial",
    "regular",
]
EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).map(list), min_size=1, max_size=4)
leaf_groups = mostly(one(
    symmetric=sizes, alternating=sizes, cyclic=sizes, dihedral=sizes, trivial=sizes, hyperoctahedral=sizes,
    generators=mostly(st.one_of(listed, st.lists(names, max_size=2))),
    grid=mostly(st.fixed_dictionaries({"shape": st.lists(sizes, min_size=1, max_size=2), "symmetry": mostly(st.sampled_from(["p1", "pm", "p4m"]))})),
    polyhedron=st.fixed_dictionaries({"name": mostly(st.sampled_from(["cube", "tetrahedron"]))}),
    automorphisms=mostly(one(edges=EDGES, graph=st.sampled_from(["diamond", "house", "x"]))),
))  # fmt: skip
groups = st.recursive(
    leaf_groups,
    lambda inner: one(
        product=st.dictionaries(names, inner, min_size=1, max_size=2),
        wreath=mostly(st.fixed_dictionaries({"base": inner, "top": inner})),
    ),
    max_leaves=3,
)
leaf_actions = mostly(st.one_of(
    st.sampled_from(SETS),
    one(
        trivial=sizes, permutations=listed, signed_permutations=st.dictionaries(names, signed, min_size=1, max_size=2),
        cosets=st.fixed_dictionaries({"subgroup": st.lists(permutations, max_size=2)}, optional={"factor": names}),
    ),
))  # fmt: skip
actions = st.recursive(
    leaf_actions,
    lambda inner: one(
        power=pairs(inner), subsets=pairs(inner), injections=pairs(inner), symmetric_power=pairs(inner),
        exterior_power=pairs(inner), tensor=st.lists(inner, min_size=1, max_size=2), sum=st.lists(inner, min_size=1, max_size=2),
        fields=st.dictionaries(names, inner, min_size=1, max_size=2),
    ),
    max_leaves=3,
)  # fmt: skip
specs = st.fixed_dictionaries(
    {"name": mostly(st.just("fuzz")), "group": groups, "input": actions, "output": actions},
    optional={
        "layer": mostly(st.sampled_from([{"bias": False}, {"layout": "channels_last"}, {"class_name": "Fuzz"}])),
        "description": st.text(max_size=9),
    },
)  # fmt: skip


@contextmanager
def only_refusals():
    """Nothing but a refusal, of one line, within ten seconds."""

    def stop(*_):
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    try:
        with limited_to(1 << 28):
            yield
    except IntertwineError as error:
        assert str(error).isprintable() and error.exit_code in (2, 4), str(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


@QUICK
@given(specs)
def test_trees_of_the_grammar(data):
    with only_refusals():
        problem = build_actions(load_spec(data))
        assert str(problem)
        entries = problem.source.dimension * problem.target.dimension
        if entries < 1000:
            count(data)
        if entries < 100:
            compile(solve(data).page, "page.py", "exec")


@QUICK
@given(
    st.recursive(
        odd, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
    )
)
def test_any_data(data):
    with only_refusals():
        build_actions(
            load_spec({"name": "fuzz", "input": "points", "output": "points", "group": data})
        )


@QUICK
@given(data=st.data())
def test_bytes_of_a_spec(data, tmp_path):
    """Some bytes of a good spec are changed, and it is perhaps cut short."""
    text = bytearray(data.draw(st.sampled_from(TEXTS)))
    alphabet = st.one_of(st.integers(0, 255), st.sampled_from(b"[]{}:,-&*!|>'\"%@`#\n\t 019"))
    for _ in range(data.draw(st.integers(1, 5))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(alphabet)
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(text[: data.draw(st.integers(0, len(text)))])
    with only_refusals():
        build_actions(load_spec(path))


@QUICK
@given(text=st.text(max_size=60), place=st.sampled_from(["name", "group", "input", "more"]))
def test_any_text_in_any_place(text, place, tmp_path):
    path = tmp_path / "fuzz.yaml"
    path.write_text(spec(**{place: text}), encoding="utf-8", errors="surrogatepass")
    with only_refusals():
        build_actions(load_spec(path))

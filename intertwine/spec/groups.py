"""From the form of a group to the group."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from intertwine.errors import SpecError, located
from intertwine.group.automorphism import automorphisms, named_graph
from intertwine.group.grid import grid
from intertwine.group.group import Group, GSet
from intertwine.group.mathieu import mathieu
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product, wreath
from intertwine.spec import group_forms as form
from intertwine.spec.files import read_arrays, read_graph
from intertwine.spec.forms import ArrayFile
from intertwine.spec.permutations import parse_all, refuse_unsaid_base


def build_group(given: Any, folder: FilePath | None) -> Group:
    """The group that a form declares."""
    match given:
        case form.Symmetric(symmetric=n):
            return symmetric(n)
        case form.Alternating(alternating=n):
            return alternating(n)
        case form.Cyclic(cyclic=n):
            return cyclic(n)
        case form.Dihedral(dihedral=n):
            return dihedral(n)
        case form.TrivialGroup(trivial=n):
            return trivial(n)
        case form.Hyperoctahedral(hyperoctahedral=n):
            return hyperoctahedral(n)
        case form.Mathieu(mathieu=n):
            return mathieu(n)
        case form.Grid(grid=parts):
            with located("grid"):
                return grid(tuple(parts.shape), parts.symmetry)
        case form.Polyhedron(polyhedron=parts):
            return polyhedron(parts.name, parts.reflections)
        case form.Product(product=factors):
            return direct_product({k: _at("product", k, g, folder) for k, g in factors.items()})
        case form.Wreath(wreath=parts):
            base, top = (_at("wreath", k, getattr(parts, k), folder) for k in ("base", "top"))
            with located("wreath"):
                return wreath(base, top)
        case form.Automorphisms(automorphisms=parts):
            with located("automorphisms"):
                return _graph_group(parts, folder)
        case form.Generators():
            with located("generators"):
                return _generated(given, folder)
    raise AssertionError(f"the schema let {type(given).__name__} pass")


def base_said(given: Any) -> int | None:
    """The `base` that stands beside a group's generators, if it does."""
    said = isinstance(given, form.Generators) and "base" in given.model_fields_set
    return given.base if said else None


def _at(key: str, name: str, given: Any, folder: FilePath | None) -> Group:
    with located(key, name):
        return build_group(given, folder)


def _graph_group(parts: form.GraphParts, folder: FilePath | None) -> Group:
    if parts.graph is not None:
        graph, name = named_graph(parts.graph), parts.graph
    else:
        graph, name = read_graph(parts, folder), "graph"
    edges = list(graph.edges)
    if parts.edges is not None and graph.is_multigraph():
        # networkx puts parallel edges together; their keys say where each was listed.
        edges.sort(key=lambda edge: (edge[0], edge[2]))
    return automorphisms(graph, parts.vertex_label, parts.edge_label, name, edges)


def _generated(given: form.Generators, folder: FilePath | None) -> Group:
    if isinstance(given.generators, list):
        names = tuple(given.generators)
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None or not names:
            raise SpecError(
                f"the generator {repeated} twice" if repeated else "no generators",
                "each generator's name once",
                "name them a, b, ...",
            )
        return Group(f"<{', '.join(names)}>", names, {})
    listed: Mapping[str, Any] = (
        read_arrays(given.generators, folder)
        if isinstance(given.generators, ArrayFile)
        else given.generators
    )
    if not listed and given.points is None:
        raise SpecError(
            "no generators and no points", "generators, or `points`", "write {trivial: n}"
        )
    images = parse_all(listed, folder, given.base, given.points)
    degree = images[0].degree if images else given.points or 0
    if given.points is None and "base" not in given.model_fields_set:
        refuse_unsaid_base(
            listed,
            "write `base: 1` beside `generators` if they count from 1, as GAP prints them, "
            f"or `points: {degree}` if 0 is a fixed point",
        )
    if degree == 0:
        raise SpecError("identities of no points", "at least one point", "add `points:`")
    points = GSet("points", (degree,), lambda: images)
    name = f"<{', '.join(listed)}>"
    return Group(name, tuple(listed), {"points": points}, natural="points")

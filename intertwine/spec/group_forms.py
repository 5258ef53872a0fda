"""The forms of groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from intertwine.spec.forms import (
    ArrayFile,
    DottedName,
    Form,
    Identifier,
    Permutation,
    Size,
    WholeNumber,
    head,
    listing,
    refused,
)


class Symmetric(Form):
    """All permutations of n points."""

    symmetric: Size


class Alternating(Form):
    """All even permutations of n points."""

    alternating: Size


class Cyclic(Form):
    """The rotations of n points on a circle."""

    cyclic: Size


class Dihedral(Form):
    """The 2n symmetries of a regular n-gon."""

    dihedral: Size


class TrivialGroup(Form):
    """One element, on n fixed points."""

    trivial: Size


class Hyperoctahedral(Form):
    """The signed permutations of n axes."""

    hyperoctahedral: Size


class Mathieu(Form):
    """A Mathieu group on its natural points."""

    mathieu: Annotated[Literal[11, 12, 22, 23, 24], WholeNumber]


class Generators(Form):
    """Permutations by name, or names alone, or the arrays of a file."""

    generators: Annotated[
        Annotated[ArrayFile, Tag("file")]
        | Annotated[dict[DottedName, Permutation], Tag("listed")]
        | Annotated[list[Identifier], Tag("names")],
        Discriminator(listing),
    ]
    points: Size | None = None
    base: Annotated[Literal[0, 1], WholeNumber] = 0


class Product(Form):
    """A direct product of named factors."""

    product: Annotated[dict[Identifier, GroupForm], Field(min_length=1)]


class WreathParts(Form):
    """The base group, and the top group that permutes its copies."""

    base: GroupForm
    top: GroupForm


class Wreath(Form):
    """A wreath product."""

    wreath: WreathParts


def _graph_name(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    advice = "write such as {graph: petersen}, or list the `edges`"
    directed = getattr(value, "is_directed", bool)() is True
    more = ", directed: True" if directed else ""
    match type(value).__module__.partition(".")[0]:
        case "networkx":
            edges = f"edges: list(G.edges()), vertices: len(G){more}"
            advice = f"write {edges} for G = networkx.convert_node_labels_to_integers(graph)"
        case "igraph":
            advice = f"write edges: graph.get_edgelist(), vertices: graph.vcount(){more}"
    raise refused("the name of a small graph", advice)


class GraphParts(Form):
    """A graph: a known name, a file beside the spec, or a list of edges."""

    graph: Annotated[StrictStr | None, BeforeValidator(_graph_name)] = None
    file: StrictStr | None = None
    edges: list[tuple[StrictInt, StrictInt]] | None = None
    vertices: Size | None = None
    directed: StrictBool = False
    vertex_label: StrictStr | None = None
    edge_label: StrictStr | None = None

    @model_validator(mode="after")
    def _one_source(self) -> GraphParts:
        if sum(source is not None for source in (self.graph, self.file, self.edges)) != 1:
            raise refused("exactly one of graph, file, edges", "keep one of them")
        return self


class Automorphisms(Form):
    """The automorphism group of a graph."""

    automorphisms: GraphParts


class GridParts(Form):
    """A periodic grid and its wallpaper symmetry."""

    shape: Annotated[list[Size], Field(min_length=1, max_length=16)]
    symmetry: Literal["p1", "p2", "pm", "pmm", "p4", "p4m"] = "p1"


class Grid(Form):
    """The symmetries of a periodic grid."""

    grid: GridParts


class PolyhedronParts(Form):
    """One of the five regular solids."""

    name: Literal["tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron"]
    reflections: StrictBool = False


class Polyhedron(Form):
    """The symmetries of a regular solid."""

    polyhedron: PolyhedronParts


GroupForm = Annotated[
    Annotated[Symmetric, Tag("symmetric")]
    | Annotated[Alternating, Tag("alternating")]
    | Annotated[Cyclic, Tag("cyclic")]
    | Annotated[Dihedral, Tag("dihedral")]
    | Annotated[TrivialGroup, Tag("trivial")]
    | Annotated[Hyperoctahedral, Tag("hyperoctahedral")]
    | Annotated[Mathieu, Tag("mathieu")]
    | Annotated[Generators, Tag("generators")]
    | Annotated[Product, Tag("product")]
    | Annotated[Wreath, Tag("wreath")]
    | Annotated[Automorphisms, Tag("automorphisms")]
    | Annotated[Grid, Tag("grid")]
    | Annotated[Polyhedron, Tag("polyhedron")],
    Discriminator(head),
]

for form in (Product, WreathParts):
    form.model_rebuild()

"""A layer as a matrix, and what it becomes for deployment: the methods and classes that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intertwine.emit import page
from intertwine.emit.text import INDENT, enclosed
from intertwine.plan.cost import BATCH
from intertwine.plan.labels import Labels

_FUSED = '''\
class Fused(torch.nn.Module):
    """A linear map by its full matrix, and a bias: what a layer computed when it was fused."""

    def __init__(
        self, matrix: torch.Tensor, bias: torch.Tensor, source: list[int], target: list[int]
    ) -> None:
        """Keep them, and the shapes between which they map."""
        super().__init__()
        self.source, self.target = source, target
        self.register_buffer("matrix", matrix)
        self.register_buffer("bias", bias)

    def forward({arguments}) -> torch.Tensor:
        """Apply the map{unmasked}."""
{refused}        _check(x, self.source, self.matrix)
        y = torch.nn.functional.linear(x.flatten(-len(self.source)), self.matrix, self.bias)
        return y.unflatten(-1, self.target)'''

_FUSED_FIELDS = '''\
class {name}(torch.nn.Module):
    """A linear map by its full matrix, and a bias: what a layer computed when it was fused."""

    def __init__(
        self,
        matrix: torch.Tensor,
        bias: torch.Tensor,
        inputs: list[list[int]],
        outputs: list[list[int]],
    ) -> None:
        """Keep them, and the shapes of the fields between which they map."""
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.sizes = [_points(shape) for shape in outputs]
        self.register_buffer("matrix", matrix)
        self.register_buffer("bias", bias)

    def forward({arguments}) -> {returned}:
        """Apply the map{unmasked}."""
{refused}        {given}
        x = _flattened(given, self.inputs)
        y = torch.nn.functional.linear(x, self.matrix, self.bias).split(self.sizes, -1)
        {result}'''

_UNMASKED = ", of one size and without padding"
_REFUSED = """\
        if mask is not None:
            raise ValueError("given a mask, expected none: what is fused has no padding")
"""

_FLATTENED = '''\
def _flattened(given: list[torch.Tensor], shapes: list[list[int]]) -> torch.Tensor:
    """All fields, of these shapes, one after another along one axis."""
    flat: list[torch.Tensor] = []
    for k, x in enumerate(given):
        _check(x, shapes[k], x)
        flat.append(x.flatten(-len(shapes[k])))
    return torch.cat(flat, -1)'''

_DENSE = '''\
    def dense_weight(self{n}) -> torch.Tensor:
        """The full matrix{any_size}: (out, *output, in, *input)."""
{sizes}        target, source = {target}, {source}
        {matrix}
        {shaped}'''

_DENSE_FIRST = "return matrix.reshape(self.out_channels, *target, self.in_channels, *source)"
_DENSE_LAST = """\
matrix = matrix.reshape(*target, self.out_channels, *source, self.in_channels)
        return matrix.movedim((len(target), -1), (0, len(target) + 1))"""

_DENSE_FIELDS = '''\
    def dense_weight(self{n}) -> torch.Tensor:
        """The full matrix over the concatenated points: (out_channels, output, in_channels, input).

        It has this shape only where all fields of a side have as many channels.
        """
        for channels in (self.in_channels, self.out_channels):
            if len(set(channels.values())) > 1:
                raise ValueError(f"given channels {{channels}}, expected as many for every field")
{sizes}        inputs = {inputs}
        outputs = {outputs}
        rows = _joined(_matrix(self, inputs), outputs)
        return _joined(rows.movedim(-1, 0), inputs).permute(2, 3, 0, 1)'''

_TO_MATRIX = '''\
    @torch.no_grad()
    def fused(self{n}) -> torch.nn.Module:
        """A plain module for deployment{at}: the full matrix and bias of today.{aside}"""
{sizes}        {source} = {inputs}
        {target} = {outputs}
        zeros = {zeros}
{otherwise}        bias = {bias}
        {made}
        return fused.eval()'''

_TO_SEQUENCE = '''\
    @torch.no_grad()
    def fused(self) -> torch.nn.Module:
        """A plain module for deployment: the full matrix and bias of today."""
        source, target = {inputs}, {outputs}
        bias = self(self.weight.new_zeros(source)).flatten()
        linear = torch.nn.Linear(_points(source), _points(target), device="meta")
        linear.load_state_dict({{"weight": {matrix}.contiguous(), "bias": bias}}, assign=True)
        flat, whole = torch.nn.Flatten(-len(source)), torch.nn.Unflatten(-1, target)
        return torch.nn.Sequential(flat, linear, whole).eval().requires_grad_(False)'''

_ASIDE = """

        Where that is slower it is a copy in eval mode, without gradients, for any size.
        """

_OTHERWISE = """\
        if {batch} * {rows} * {columns} > {most}:
            bias = self.bias is not None
            twin = {twin}
            return _frozen(self, twin, *zeros)
"""

_TO_COPY = '''\
    @torch.no_grad()
    def fused(self{n}) -> torch.nn.Module:
        """A copy for deployment, in eval mode without gradients: no full matrix is faster."""
{sizes}        {source} = {inputs}
        zeros = {zeros}
        bias = self.bias is not None
        twin = {twin}
        return _frozen(self, twin, *zeros)'''


@dataclass(frozen=True)
class Affine:
    """Writes the methods of a layer as a matrix.

    `inputs` and `outputs` are the names of the fields.  `size` is the type of the sizes that a
    layer of any size takes, and `sizes` the expression of all sizes.
    """

    labels: Labels
    inputs: Sequence[str]
    outputs: Sequence[str]
    size: str = ""
    sizes: str = ""

    @property
    def class_name(self) -> str:
        """The class of the layer."""
        return self.labels.class_name

    @property
    def last(self) -> bool:
        """Whether channels come last."""
        return self.labels.channels_last

    @property
    def fields(self) -> bool:
        """Whether fields are named."""
        return bool(self.labels.fields)

    @property
    def n(self) -> str:
        """The argument of the size."""
        return f", n: {self.size} | None = None" if self.size else ""

    @property
    def sized(self) -> str:
        """The statement that finds all sizes."""
        return f"{INDENT * 2}sizes = {self.sizes}\n" if self.size else ""

    def axes(self, axes: str) -> str:
        """The expression of a shape, from that of axes."""
        return f"_shape({axes}, sizes)" if self.size else axes

    def dense_weight(self, matrix: str = "") -> str:
        """The full matrix, where not given that of forward, between one input and one output."""
        inputs = "[*source, self.in_channels]" if self.last else "[self.in_channels, *source]"
        return page.filled(
            _DENSE,
            n=self.n,
            any_size=" at any size (the spec's by default)" if self.size else "",
            sizes=self.sized,
            source=self.axes(f'INPUTS["{self.inputs[0]}"]'),
            target=self.axes(f'OUTPUTS["{self.outputs[0]}"]'),
            matrix=f"matrix = {matrix or f'_matrix(self, [{inputs}])'}",
            shaped=_DENSE_LAST if self.last else _DENSE_FIRST,
        )

    def dense_fields(self) -> str:
        """The full matrix between fields, where that is not made of blocks."""
        shapes = self.shapes("inputs", "in")["inputs"], self.shapes("outputs", "out")["outputs"]
        return page.filled(
            _DENSE_FIELDS, n=self.n, sizes=self.sized, inputs=shapes[0], outputs=shapes[1]
        )

    def fused(self, matrix: str = "", most: int | None = None) -> str:
        """The method that gives a module by the full matrix; where given, of at most so much work.

        That is counted in multiply-adds of a batch.
        """
        sides = ("inputs", "outputs") if self.fields else ("source", "target")
        rows, columns = (
            f"sum(map(_points, {side}))" if self.fields else f"_points({side})" for side in sides
        )
        work = {"batch": BATCH, "rows": rows, "columns": columns, "most": most}
        matrix = matrix or f"_matrix(self, {'inputs' if self.fields else '[source]'})"
        if not self.fields and not self.size:
            ends = {**self.shapes("inputs", "in"), **self.shapes("outputs", "out")}
            shapes = {side: ends[side] for side in ("inputs", "outputs")}
            return page.filled(_TO_SEQUENCE, **shapes, matrix=matrix)
        bias = "self(*zeros).flatten()"
        if self.labels.output_fields:
            bias = "torch.cat([y.flatten() for y in self(*zeros)])"
        made = f"fused = Fused{self.class_name if self.fields else ''}("
        return page.filled(
            _TO_MATRIX,
            n=self.n,
            at=" at one size" if self.size else "",
            aside="" if most is None else _ASIDE,
            sizes=self.sized,
            **self.shapes("inputs", "in"),
            **self.shapes("outputs", "out"),
            zeros=self.zeros(),
            otherwise="" if most is None else page.filled(_OTHERWISE, **work, twin=self.frozen()),
            bias=bias,
            made=enclosed(made, [f"{matrix}.contiguous()", "bias", *sides], ")"),
        )

    def copied(self) -> str:
        """The method that gives a copy of the layer."""
        shapes = self.shapes("inputs", "in")
        made = {"zeros": self.zeros(), "twin": self.frozen()}
        return page.filled(_TO_COPY, n=self.n, sizes=self.sized, **shapes, **made)

    def shapes(self, side: str, word: str) -> dict[str, str]:
        """The variable and the expression of the shapes of a side, or of its only shape."""
        known, channels = side.upper(), f"self.{word}_channels"
        name, names = ("source", self.inputs) if word == "in" else ("target", self.outputs)
        axes = self.axes("axes" if self.size else "shape")
        if self.fields:
            channels += "[name]"
        else:
            axes = self.axes(f'{known}["{names[0]}"]')
        made = ", ".join([f"*{axes}", channels] if self.last else [channels, f"*{axes}"])
        if not self.fields:
            return {name: name, side: f"[{made}]"}
        item = f"[{made}] for name, {'axes' if self.size else 'shape'} in {known}.items()"
        return {name: side, side: enclosed("[", [item], "]")}

    def zeros(self) -> str:
        """The expression of all inputs where they are zero."""
        if not self.fields:
            return "[self.weight.new_zeros(source)]"
        return "[next(self.parameters()).new_zeros(shape) for shape in inputs]"

    def frozen(self) -> str:
        """The expression of a twin on meta, inside a call."""
        return self.twin("bias", 'device="meta"')

    def twin(self, *options: str) -> str:
        """The expression of another layer of the same channels."""
        given = ["self.in_channels", "self.out_channels", *options]
        return enclosed(f"{self.class_name}(", given, ")")


def fused_class(name: str, inputs: Sequence[str], outputs: int, several: bool, mask: str) -> str:
    """The class of a full matrix between inputs of these names and so many outputs.

    `several` says whether a tuple is returned even of one, `mask` of which type a mask would be.
    """
    returned = returned_type(outputs if several else 0)
    parts = [f"y[{k}].unflatten(-1, self.outputs[{k}])" for k in range(outputs)]
    result = f"return {parts[0]}"
    if several:
        result = enclosed("return (", parts, ",)" if outputs == 1 else ")")
    return page.filled(
        _FUSED_FIELDS,
        name=name,
        arguments=_arguments(inputs, mask, returned),
        returned=returned,
        unmasked=_UNMASKED if mask else "",
        refused=_REFUSED if mask else "",
        given=enclosed("given = [", inputs, "]"),
        result=result,
    )


def returned_type(outputs: int) -> str:
    """The type of so many outputs: of a tensor, or of a tuple of at least one."""
    return enclosed("tuple[", ["torch.Tensor"] * outputs, "]") if outputs else "torch.Tensor"


def fused_helpers(mask: str = "") -> list[str]:
    """The class between one input and one output, and what the classes between fields call."""
    one = page.filled(
        _FUSED,
        arguments=_arguments(["x"], mask, "torch.Tensor"),
        unmasked=_UNMASKED if mask else "",
        refused=_REFUSED if mask else "",
    )
    return [one, _FLATTENED]


def _arguments(inputs: Sequence[str], mask: str, returned: str) -> str:
    """The arguments of a forward."""
    typed = [f"{x}: torch.Tensor" for x in inputs]
    typed += [f"mask: {mask} | None = None"] if mask else []
    return enclosed("", ["self", *typed], "")

"""The parts of a page whose layer expands its full matrix: templates with holes and no logic."""

from __future__ import annotations

BASIS = """\
        basis = torch.empty({dimension}, {entries}, device=device, dtype=dtype)
        self.register_buffer("basis", basis, persistent=False)"""

MATRIX = '''\
    def matrix(self) -> torch.Tensor:
        """The full matrix over channels and points."""
{entries}
        entries = entries.view({rows}, {columns}, self.out_channels, self.in_channels)
        shape = (self.out_channels * {rows}, self.in_channels * {columns})
        return entries.permute({order}).reshape(shape)'''

MATRIX_SHOWN = '''\
    def matrix(self) -> torch.Tensor:
        """The full matrix over channels and points."""
        entries = self.weight.flatten(1).T @ self.basis
        entries = entries.view(self.out_channels, self.in_channels, {rows}, {columns})
        shape = (self.out_channels * {rows}, self.in_channels * {columns})
        return entries.transpose(1, 2).reshape(shape)'''

BIAS_VECTOR = '''\
    def bias_vector(self) -> torch.Tensor | None:
        """The bias over channels and points."""
        if self.bias is None:
            return None
        {lines}'''

FORWARD = """\
        y = torch.nn.functional.linear(x.flatten(-{rank}), self.matrix(), self.bias_vector())
        {result}"""

INIT_FIELDS = """\
        self.in_channels = _by_field(in_channels, INPUTS)
        self.out_channels = _by_field(out_channels, OUTPUTS)
        self.weight = torch.nn.ParameterDict()
        for (target, source), dimension in DIMENSIONS.items():
            shape = (dimension, self.out_channels[target], self.in_channels[source])
            weight = torch.empty(shape, device=device, dtype=dtype)
            self.weight[f"{{target}}__{{source}}"] = torch.nn.Parameter(weight)
            size = _points(OUTPUTS[target]) * _points(INPUTS[source])
            index = torch.empty(size, dtype=torch.long, device=device)
            self.register_buffer(f"index_{{target}}__{{source}}", index, persistent=False)
        self.bias = torch.nn.ParameterDict() if bias else None
        for target, dimension in BIAS_DIMENSIONS.items():
            if bias:
                values = torch.empty(
                    dimension, self.out_channels[target], device=device, dtype=dtype
                )
                self.bias[target] = torch.nn.Parameter(values)
            index = torch.empty(_points(OUTPUTS[target]), dtype=torch.long, device=device)
            self.register_buffer(f"bias_index_{{target}}", index, persistent=False)"""

ENTRIES_FIELDS = '''\
    def entries(self, target: str, source: str) -> torch.Tensor:
        """One block point by point: (output points, input points, out, in channels)."""
        weight = self.weight[f"{{target}}__{{source}}"]
        index = getattr(self, f"index_{{target}}__{{source}}")
        zero = weight.new_zeros(1, weight.shape[1], weight.shape[2])
        table = torch.cat([zero, weight, -weight.flip(0)])
        points = (_points(OUTPUTS[target]), _points(INPUTS[source]))
        return table.index_select(0, index).unflatten(0, points)'''

DENSE_FIELDS = '''\
    def dense_weight(self) -> torch.Tensor:
        """The full matrix over the concatenated points: (out_channels, output, in_channels, input).

        It has this shape only where all fields of a side have as many channels.
        """
        for channels in (self.in_channels, self.out_channels):
            if len(set(channels.values())) > 1:
                raise ValueError(f"given channels {{channels}}, expected as many for every field")
        rows = [torch.cat([self.entries(t, s) for s in INPUTS], 1) for t in OUTPUTS]
        return torch.cat(rows).permute(2, 0, 3, 1)

    def matrix(self) -> torch.Tensor:
        """The full matrix over the channels and points of all fields."""
        rows = [
            [self.entries(t, s).permute({order}).flatten(2).flatten(0, 1) for s in INPUTS]
            for t in OUTPUTS
        ]
        return torch.cat([torch.cat(row, 1) for row in rows])'''

BIAS_FIELDS = '''\
    def bias_vector(self) -> torch.Tensor | None:
        """The bias over the channels and points of all fields."""
        if self.bias is None:
            return None
        parts = []
        for target, bias in self.bias.items():
            table = torch.cat([bias.new_zeros(1, bias.shape[1]), bias, -bias.flip(0)])
            index = getattr(self, f"bias_index_{{target}}")
            parts.append(table.index_select(0, index){bias_order}.flatten())
        return torch.cat(parts)'''

FORWARD_FIELDS = """\
        given = {given}
        flat = []
        for (name, shape), x in zip(INPUTS.items(), given, strict=True):
            _checked(self, x, INPUTS, name)
            flat.append(x.flatten(-len(shape) - 1))
        y = torch.nn.functional.linear(torch.cat(flat, -1), self.matrix(), self.bias_vector())
{outputs}"""

OUTPUT_ONE = """\
        {result}"""

OUTPUT_FIELDS = """\
        sizes = [self.out_channels[name] * _points(shape) for name, shape in OUTPUTS.items()]
        parts = zip(OUTPUTS.items(), y.split(sizes, -1), strict=True)
        return tuple(
            part.unflatten(-1, {shape}) for (name, shape), part in parts
        )"""

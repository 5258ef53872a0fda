"""The parts of a page whose maps are combined with coefficients: templates with holes, no logic."""

from __future__ import annotations

BASIS = """\
        basis = torch.empty({dimension}, {entries}, device=device, dtype=dtype)
        self.register_buffer("{name}", basis, persistent=False)"""

TERMS = """\
        index = torch.empty({size}, dtype=torch.long, device=device)
        self.register_buffer("index{suffix}", index, persistent=False)
        value = torch.empty({size}, device=device, dtype=dtype)
        self.register_buffer("value{suffix}", value, persistent=False)"""

FILLED_BASIS = """\
        {terms}
        self.{name}.zero_().scatter_add_(0, index, value.to(self.{name}))"""

FILLED_TERMS = """\
        {terms}
        self.index{suffix}.copy_(index.flatten())
        self.value{suffix}.copy_(value.flatten())"""

COMBINED = """\
weights = self.weight.index_select(0, self.index)
entries = (weights * self.value[:, None, None]).unflatten(0, ({depth}, -1)).sum(0)"""

INIT_FIELDS = """\
        self.in_channels = _by_field(in_channels, INPUTS)
        self.out_channels = _by_field(out_channels, OUTPUTS)
        self.weight = torch.nn.ParameterDict()
        for (target, source), dimension in DIMENSIONS.items():
            shape = (dimension, self.out_channels[target], self.in_channels[source])
            weight = torch.empty(shape, device=device, dtype=dtype)
            self.weight[f"{{target}}__{{source}}"] = torch.nn.Parameter(weight)
        self.bias = torch.nn.ParameterDict() if bias else None
        for target, dimension in BIAS_DIMENSIONS.items():
            if bias:
                shape = (dimension, self.out_channels[target])
                values = torch.empty(shape, device=device, dtype=dtype)
                self.bias[target] = torch.nn.Parameter(values)
{buffers}"""

ENTRIES_FIELDS = """\
    def entries(self, target: str, source: str) -> torch.Tensor:
        \"\"\"One block point by point: (output points, input points, out, in channels).\"\"\"
        key = f"{{target}}__{{source}}"
        weight, points = self.weight[key], (_points(OUTPUTS[target]), _points(INPUTS[source]))
        if len(weight) == 0:
            return weight.sum(0).expand(*points, -1, -1)
        index, value = getattr(self, f"index_{{key}}"), getattr(self, f"value_{{key}}")
        weights = weight.index_select(0, index) * value[:, None, None]
        return weights.unflatten(0, (-1, *points)).sum(0)"""

BIAS_FIELDS = """\
    def bias_vector(self) -> torch.Tensor | None:
        \"\"\"The bias over the channels and points of all fields.\"\"\"
        if self.bias is None:
            return None
        parts = []
        for target, bias in self.bias.items():
            basis = getattr(self, f"bias_basis_{{target}}")
            parts.append({product}.flatten())
        return torch.cat(parts)"""

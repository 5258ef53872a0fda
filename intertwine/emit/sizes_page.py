"""The page of a layer of any size: templates with holes and no logic."""

from __future__ import annotations

CHECK = '''\
def equivariance_residual() -> float:
    """The largest entry of `layer(g x) - g layer(x)` for random x and permutations g."""
    random = torch.Generator().manual_seed(0)
    {layer}
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, generator=random)
    worst = 0.0
    for extra in range(3):
        sizes = {{name: size + extra for name, size in SIZES.items()}}
        shapes = [[sizes.get(a, a) for a in axes] for axes in INPUTS.values()]
        x = [
            torch.randn({sample}, generator=random, dtype=torch.float64, device="cpu")
            for shape in shapes
        ]
        g = {{
            name: torch.randperm(size, generator=random, device="cpu")
            for name, size in sizes.items()
        }}
        gx = [_permuted(a, axes, g) for a, axes in zip(x, INPUTS.values(), strict=True)]
        y, y_of_gx = {outputs}layer(*x){end}, {outputs}layer(*gx){end}
        gy = [_permuted(a, axes, g) for a, axes in zip(y, OUTPUTS.values(), strict=True)]
        pairs = zip(y_of_gx, gy, strict=True)
        residual = max(float((a - b).detach().abs().max()) for a, b in pairs)
        print(f"{{sizes}}: residual {{residual:.1e}}")
        worst = max(worst, residual)
    return worst'''

INIT_FIELDS = """\
        self.in_channels = _by_field(in_channels, INPUTS)
        self.out_channels = _by_field(out_channels, OUTPUTS)
        self.weight = torch.nn.ParameterDict()
        for (target, source), rows in ROWS.items():
            shape = (rows, self.out_channels[target], self.in_channels[source])
            weight = torch.empty(shape, device=device, dtype=dtype)
            self.weight[f"{{target}}__{{source}}"] = torch.nn.Parameter(weight)
            order = torch.empty(rows, dtype=torch.long, device=device)
            self.register_buffer(f"order_{{target}}__{{source}}", order, persistent=False)
        self.bias = torch.nn.ParameterDict() if bias else None
        for target, rows in BIAS_ROWS.items() if bias else ():
            values = torch.empty(rows, self.out_channels[target], device=device, dtype=dtype)
            self.bias[target] = torch.nn.Parameter(values)"""

METHODS_ONE = '''\
    def dense_weight(self, n: {size} | None = None) -> torch.Tensor:
        """The full matrix at any size (the spec's by default): (out, *output, in, *input)."""
        sizes = {sizes}
        return _expanded(self.weight, DIAGRAMS, OUTPUTS["{target}"], INPUTS["{source}"], sizes)

    @torch.no_grad()
    {from_dense}
        """Take the weights of the equivariant map nearest to a matrix such as `dense_weight`'s."""
        sizes = {sizes}
        axes = OUTPUTS["{target}"], INPUTS["{source}"]
        channels = self.out_channels, self.in_channels
        self.weight.copy_(_nearest(matrix, channels, DIAGRAMS, *axes, sizes))
        return self'''

METHODS_FIELDS = '''\
    def block(self, target: str, source: str, n: {size} | None = None) -> torch.Tensor:
        """The full matrix between two fields: (out, *output, in, *input)."""
        weight = self.weight[f"{{target}}__{{source}}"]
        diagrams, sizes = DIAGRAMS[target, source], {sizes}
        return _expanded(weight, diagrams, OUTPUTS[target], INPUTS[source], sizes)

    def dense_weight(self, n: {size} | None = None) -> torch.Tensor:
        """The full matrix over the concatenated points: (out_channels, output, in_channels, input).

        It has this shape only where all fields of a side have as many channels.
        """
        for channels in (self.in_channels, self.out_channels):
            if len(set(channels.values())) > 1:
                raise ValueError(f"given channels {{channels}}, expected as many for every field")
        rows = []
        for t, target in OUTPUTS.items():
            blocks = [self.block(t, s, n).flatten(len(target) + 2) for s in INPUTS]
            rows.append(torch.cat(blocks, -1).flatten(1, len(target)))
        return torch.cat(rows, 1)

    @torch.no_grad()
    {from_dense}
        """Take the weights of the equivariant map nearest to a matrix such as `dense_weight`'s."""
        sizes = {sizes}
        heights = [_shape(axes, sizes).numel() for axes in OUTPUTS.values()]
        widths = [_shape(axes, sizes).numel() for axes in INPUTS.values()]
        for (t, target), rows in zip(OUTPUTS.items(), matrix.split(heights, 1), strict=True):
            for (s, source), part in zip(INPUTS.items(), rows.split(widths, 3), strict=True):
                block = part.unflatten(3, _shape(source, sizes))
                block = block.unflatten(1, _shape(target, sizes))
                channels = self.out_channels[t], self.in_channels[s]
                nearest = _nearest(block, channels, DIAGRAMS[t, s], target, source, sizes)
                self.weight[f"{{t}}__{{s}}"].copy_(nearest)
        return self'''

UNMASKED = """\
if mask is not None:
    raise ValueError("given a mask, expected none: solve without `strategy: expand`")"""

EXPAND_ONE = """\
        sizes = {named}
        bias = None
        axes = OUTPUTS["{target}"], INPUTS["{source}"]
        matrix = _expanded(self.weight, DIAGRAMS, *axes, sizes).flatten({outer}).flatten(0, {inner})
        if self.bias is not None:
            bias = _expanded(self.bias[..., None], BIAS_DIAGRAMS, axes[0], (), sizes).flatten()
        y = torch.nn.functional.linear(x.flatten({start}), matrix, bias)
        y = y.unflatten(-1, ({shape}))"""

EXPAND_FIELDS = """\
        given = {given}
        sizes = {named}
        made = []
        for t, target in OUTPUTS.items():
            shape = (self.out_channels[t], *_shape(target, sizes))
            y, bias = 0, None
            if self.bias is not None:
                values = self.bias[t][..., None]
                bias = _expanded(values, BIAS_DIAGRAMS[t], target, (), sizes).flatten()
            for (s, source), x in zip(INPUTS.items(), given, strict=True):
                weight, diagrams = self.weight[f"{{t}}__{{s}}"], DIAGRAMS[t, s]
                matrix = _expanded(weight, diagrams, target, source, sizes)
                matrix = matrix.flatten(len(target) + 1).flatten(0, len(target))
                y = y + torch.nn.functional.linear(x.flatten(-len(source) - 1), matrix, bias)
                bias = None
            made.append(y.unflatten(-1, shape))
        {made} = made"""

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

DENSE_FIELDS = '''\
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

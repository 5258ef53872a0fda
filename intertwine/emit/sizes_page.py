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

"""The page of a network: templates with holes and no logic."""

from __future__ import annotations

NETWORK = '''\
class {class_name}(torch.nn.Module):
    """A network that commutes with {group}.

{facts}

    Stages, each with its shape after any batch axes:
{stages}
    """

    def __init__(
        self,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """Make the network with random weights."""
{init}

    def forward({arguments}) -> {result}:
        """{doing}"""
{forward}

{fused}

    @torch.no_grad()
    def check_equivariance(self, *given: torch.Tensor) -> float:
        """The largest entry of `self(g x) - g self(x)` over {elements}, in eval mode."""
        modes = [(module, module.training) for module in self.modules()]
        self.eval()
        y = {outputs}self(*given){end}
        worst = 0.0
{checking}
        for module, mode in modes:
            module.training = mode
        return worst

    def summary(self) -> str:
        """A line a stage: the shape of what it gives, and how many numbers it learns."""
        rows = [("stage", "gives", "parameters")]
        for stage, (modules, shapes) in STAGES.items():
            parts = [getattr(self, module) for module in modules]
            count = sum(p.numel() for part in parts for p in part.parameters())
            rows.append((stage, ", ".join(shapes), f"{{count:,}}"))
        rows.append(("all", "", f"{{sum(p.numel() for p in self.parameters()):,}}"))
        i, j, k = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\\n".join(f"{{a:<{{i}}}}  {{b:<{{j}}}}  {{c:>{{k}}}}" for a, b, c in rows)'''

FUSED = '''\
    @torch.no_grad()
    def fused(self{n}) -> torch.nn.Module:
        """A copy for deployment{at}, in eval mode, without gradients, its layers fused."""
{sizes}        number, items = next(self.parameters()), INPUTS.items()
        zeros = [number.new_zeros(CHANNELS[name], *{shape}) for name, shape in items]
        modes = [(module, module.training) for module in self.modules()]
        twin = _frozen(self.eval(), {class_name}(device="meta"), *zeros)
        for module, mode in modes:
            module.training = mode
{layers}
        return twin'''

EMPTY = """\
# Where no map commutes there is nothing to learn: FSDP cannot shard such a gradient.
for empty in (p for p in self.parameters() if p.numel() == 0):
    empty.requires_grad_(False)"""

BY_GENERATORS = """\
        for sources, targets in GENERATORS.values():
            moved = [
                _moved(x, {on_x}, len(shape))
                for x, g, shape in zip(given, sources, INPUTS.values(), strict=True)
            ]
            pairs = zip({outputs}self(*moved){end}, y, targets, OUTPUTS.values(), strict=True)
            for a, x, g, shape in pairs:
                gap = a - _moved(x, {on_x}, len(shape))
                worst = max(worst, float(gap.abs().max()))"""

BY_SIZES = """\
        sizes = {{}}
        for x, axes in zip(given, INPUTS.values(), strict=True):
            places = zip(axes, x.shape[x.ndim - len(axes) :], strict=True)
            sizes |= {{name: size for name, size in places if isinstance(name, str)}}
        random = torch.Generator().manual_seed(0)
        for _ in range(3):
            g = {{
                name: torch.randperm(size, generator=random, device="cpu")
                for name, size in sizes.items()
            }}
            g = {{name: order.to(given[0].device) for name, order in g.items()}}
            pairs = zip(given, INPUTS.values(), strict=True)
            moved = [_permuted(x, axes, g) for x, axes in pairs]
            pairs = zip({outputs}self(*moved){end}, y, OUTPUTS.values(), strict=True)
            for a, x, axes in pairs:
                worst = max(worst, float((a - _permuted(x, axes, g)).abs().max()))"""

CHECK = '''\
def equivariance_residual() -> float:
    """That of `check_equivariance` for random weights and random x."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        to = {{"device": "cpu", "dtype": torch.float64}}
        model = {class_name}(**to)
        for parameter in model.parameters():
            parameter += torch.randn_like(parameter) / 10
        sides = zip(CHANNELS.values(), INPUTS.values(), strict=True)
        x = [torch.randn(4, c, {shape}, **to) for c, shape in sides]
        worst = model.check_equivariance(*x)
    print({said})
    return worst'''

BY_LENGTH = '''\
class NormNonlinearity(torch.nn.Module):
    """The map from x to x sigmoid(a |x| + b), where |x| is its length over each point.

    It commutes with every orthogonal action.  Shape (batch..., channels, *axes), where the axes
    hold `points` points with as many coordinates each, one after another.
    """

    def __init__(
        self,
        channels: int,
        points: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """Make it with a = 1 and b = 0."""
        super().__init__()
        self.points = points
        self.scale = torch.nn.Parameter(torch.ones(channels, 1, 1, device=device, dtype=dtype))
        self.shift = torch.nn.Parameter(torch.zeros(channels, 1, 1, device=device, dtype=dtype))

    def forward(self, x: torch.Tensor, rank: int) -> torch.Tensor:
        """Scale each vector; `rank` counts the axes of channels and points."""
        vectors = x.flatten(1 - rank).unflatten(-1, (self.points, -1))
        length = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
        return (vectors * (self.scale * length + self.shift).sigmoid()).reshape(x.shape)'''

BY_SAMPLE = '''\
class SampleNorm(torch.nn.GroupNorm):
    """Normalization of each sample over channels and points; a single number becomes the bias."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalize (samples, channels, points), of which GroupNorm refuses a single number."""
        return torch.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)'''

EACH = '''\
def _each(module: torch.nn.Module, x: torch.Tensor, rank: int) -> torch.Tensor:
    """A module for (samples, channels, points) on channels and axes of x, its last `rank` axes."""
    points = x.shape[1 - rank :] if rank > 1 else (1,)
    return module(x.reshape(-1, x.shape[-rank], *points).flatten(2)).reshape(x.shape)'''

GATED = '''\
def _gated(x: torch.Tensor, gate: torch.Tensor, rank: int, gate_rank: int) -> torch.Tensor:
    """Each coordinate of x times the sigmoid of the gate of the point over which it stands."""
    gate = gate.flatten(1 - gate_rank).sigmoid()[..., None]
    vectors = x.flatten(1 - rank).unflatten(-1, (gate.shape[-2], -1))
    return (vectors * gate).reshape(x.shape)'''

PRODUCTS = '''\
def _products(x: torch.Tensor, y: torch.Tensor, axes: int) -> torch.Tensor:
    """All products of a coordinate of x and one of y, which their last `axes` axes number."""
    if axes == 0:
        return x * y
    shape = x.shape[-axes:]
    flat = x.flatten(-axes)[..., :, None] * y.flatten(-axes)[..., None, :]
    return flat.reshape(x.shape + shape)'''

KEPT = '''\
def _unpadded(
    x: torch.Tensor, rank: int, *masks: tuple[torch.Tensor | None, int]
) -> torch.Tensor | None:
    """Where x is no padding, along each axis that has a mask; of one channel; None if all is."""
    kept = None
    for mask, axis in masks:
        if mask is not None:
            between, behind = (1,) * (rank + axis), (1,) * (-axis - 1)
            along = mask.bool().view(*mask.shape[:-1], *between, mask.shape[-1], *behind)
            kept = along if kept is None else kept & along
    return kept if kept is None else kept.expand(*x.shape[:-rank], 1, *x.shape[1 - rank :])'''

BATCH_NORMED = '''\
def _batch_normed(
    norm: torch.nn.Module, x: torch.Tensor, rank: int, kept: torch.Tensor | None
) -> torch.Tensor:
    """Batch normalization over all that is no padding."""
    if kept is None:
        return _each(norm, x, rank)
    last = torch.zeros_like(x).movedim(-rank, -1)
    kept = kept.squeeze(-rank)
    last[kept] = norm(x.movedim(-rank, -1)[kept])
    return last.movedim(-1, -rank)'''

SAMPLE_NORMED = '''\
def _sample_normed(
    norm: torch.nn.Module, x: torch.Tensor, rank: int, kept: torch.Tensor | None
) -> torch.Tensor:
    """Normalization of each sample over its channels and points, without padding."""
    if kept is None:
        return _each(norm, x, rank)
    axes = tuple(range(-rank, 0))
    count = kept.sum(axes, keepdim=True).clamp(min=1) * x.shape[-rank]
    x = torch.where(kept, x, 0)
    centred = torch.where(kept, x - x.sum(axes, keepdim=True) / count, 0)
    variance = centred.square().sum(axes, keepdim=True) / count
    ones = (1,) * (rank - 1)
    scaled = centred * torch.rsqrt(variance + norm.eps) * norm.weight.view(-1, *ones)
    return scaled + norm.bias.view(-1, *ones)'''

SCALED = '''\
def _scaled(x: torch.Tensor, rank: int, kept: torch.Tensor | None) -> torch.Tensor:
    """Each sample divided by the root of its mean square, without padding."""
    if kept is None:
        return torch.nn.functional.rms_norm(x, x.shape[-rank:], eps=1e-5)
    axes = tuple(range(-rank, 0))
    count = kept.sum(axes, keepdim=True).clamp(min=1) * x.shape[-rank]
    x = torch.where(kept, x, 0)
    return x * torch.rsqrt(x.square().sum(axes, keepdim=True) / count + 1e-5)'''

MAXIMUM = '''\
def _maximum(x: torch.Tensor, axes: tuple[int, ...], kept: torch.Tensor | None) -> torch.Tensor:
    """The maximum over some axes, without padding."""
    return (x if kept is None else torch.where(kept, x, -torch.inf)).amax(axes)'''

TOTAL = '''\
def _total(x: torch.Tensor, axes: tuple[int, ...], kept: torch.Tensor | None) -> torch.Tensor:
    """The sum over some axes, without padding."""
    return (x if kept is None else torch.where(kept, x, 0)).sum(axes)'''

AVERAGE = '''\
def _average(x: torch.Tensor, axes: tuple[int, ...], kept: torch.Tensor | None) -> torch.Tensor:
    """The mean over some axes, without padding."""
    if kept is None:
        return x.mean(axes)
    return torch.where(kept, x, 0).sum(axes) / kept.sum(axes).clamp(min=1)'''

ONLY = '''\
def _only(
    mask: dict[str, torch.Tensor] | None, *factors: str
) -> dict[str, torch.Tensor] | None:
    """The masks of some factors alone."""
    return None if mask is None else {name: mask[name] for name in factors if name in mask}'''

HELPERS = (
    EACH, BATCH_NORMED, SAMPLE_NORMED, SCALED, GATED, PRODUCTS, KEPT, MAXIMUM, TOTAL,
    AVERAGE, ONLY,
)  # fmt: skip

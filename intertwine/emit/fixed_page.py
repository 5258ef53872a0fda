"""The parts of the page of a layer of one size: templates with holes and no logic."""

from __future__ import annotations

MATRIX = '''\
    def matrix(self) -> torch.Tensor:
        """The full matrix over channels and points."""
{entries}
        return entries.permute({order}).flatten(2).flatten(0, 1)'''

MATRIX_OF_BASIS = '''\
    def matrix(self) -> torch.Tensor:
        """The full matrix over channels and points."""
        entries = self.weight.flatten(1).T @ self.basis
        entries = entries.view(self.out_channels, self.in_channels, {rows}, {columns})
        return entries.transpose(1, 2).flatten(2).flatten(0, 1)'''

MATRIX_OF_BASIS_LAST = '''\
    def matrix(self) -> torch.Tensor:
        """The full matrix over points and channels."""
        entries = self.basis.T @ self.weight.flatten(1)
        entries = entries.view({rows}, {columns}, self.out_channels, self.in_channels)
        return entries.transpose(1, 2).flatten(2).flatten(0, 1)'''

MATRIX_FIELDS = '''\
    def entries(self, target: str, source: str) -> torch.Tensor:
        """One block point by point: (output points, input points, out, in channels)."""
        key, points = f"{{target}}__{{source}}", (_points(OUTPUTS[target]), _points(INPUTS[source]))
{entries}

    def matrix(self, targets: list[str], sources: list[str]) -> torch.Tensor:
        """The full matrix over the channels and points of these fields."""
        rows = [
            [self.entries(t, s).permute({order}).flatten(2).flatten(0, 1) for s in sources]
            for t in targets
        ]
        return torch.cat([torch.cat(row, 1) for row in rows])'''

ENTRIES_OF_CODES = """\
        table = _signed(self.weight[key])
        return table.index_select(0, getattr(self, f"index_{key}")).unflatten(0, points)"""

ENTRIES_OF_TERMS = """\
        weight = self.weight[key]
        if len(weight) == 0:
            return weight.sum(0).expand(*points, -1, -1)
        index, value = getattr(self, f"index_{key}"), getattr(self, f"value_{key}")
        weights = weight.index_select(0, index) * value[:, None, None]
        return weights.unflatten(0, (-1, *points)).sum(0)"""

ENTRIES_OF_BASES = """\
        weight = self.weight[key]
        entries = getattr(self, f"basis_{key}").T @ weight.flatten(1)
        return entries.view(*points, *weight.shape[1:])"""

DENSE_FIELDS = '''\
    def dense_weight(self) -> torch.Tensor:
        """The full matrix over the concatenated points: (out_channels, output, in_channels, input).

        It has this shape only where all fields of a side have as many channels.
        """
        for channels in (self.in_channels, self.out_channels):
            if len(set(channels.values())) > 1:
                raise ValueError(f"given channels {channels}, expected as many for every field")
        rows = [torch.cat([self.entries(t, s) for s in INPUTS], 1) for t in OUTPUTS]
        return torch.cat(rows).permute(2, 0, 3, 1)'''

KERNEL = '''\
    def {name}(self) -> torch.Tensor:
        """The kernel of the convolution: {said}."""
{lines}'''

BIAS_VECTOR = '''\
    def bias_vector(self) -> torch.Tensor | None:
        """The bias over channels and points."""
        if self.bias is None:
            return None
        return {whole}'''

BIAS_VECTOR_OF_FIELDS = '''\
    def bias_vector(self) -> torch.Tensor | None:
        """The bias over the channels and points of all fields."""
        if self.bias is None:
            return None
        {parts}
        return torch.cat(parts)'''

FUSED_KERNEL = '''\
    @torch.no_grad()
    def fused(self) -> torch.nn.Module:
        """A plain module for deployment: the kernel and bias of what is computed now."""
        self(self.weight.new_zeros({source}))  # hooks make the weights of today
        {made}'''

KEPT_KERNEL = '''\
class Fused{class_name}(torch.nn.Module):
    """A convolution by a kernel, with a bias: what a `{class_name}` computed when it was fused."""

    def __init__({given}) -> None:
        """Keep them."""
        super().__init__()
        self.register_buffer("kernel", kernel)
        self.register_buffer("bias", bias){buffers}

    def forward({arguments}) -> torch.Tensor:
        """{doing}"""
{body}'''

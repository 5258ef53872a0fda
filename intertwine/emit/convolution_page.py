"""The parts of a page whose layer is a convolution: templates with holes and no logic."""

from __future__ import annotations

BIAS = """\
        bias = None if self.bias is None else {bias}.T.flatten()"""

BIAS_SIGNED = """\
        bias = None
        if self.bias is not None:
            zero = self.bias.new_zeros(1, self.out_channels)
            table = torch.cat([zero, self.bias, -self.bias.flip(0)])
            bias = table.index_select(0, self.bias_index).T.flatten()"""

TAPS = '''\
class Fused{class_name}(torch.nn.Module):
    """A convolution by a kernel, with a bias: what a `{class_name}` computed when it was fused."""

    def __init__({given}) -> None:
        """Keep them."""
        super().__init__()
        self.out_channels, self.in_channels = len(kernel) // {rows}, kernel.shape[1] // {columns}
        self.register_buffer("kernel", kernel)
        self.register_buffer("bias", bias){buffers}

    def forward({arguments}) -> torch.Tensor:
        """{doing}"""
        {expected}
        if list(x.shape[-{rank}:]) != expected:
            raise ValueError(f"given shape {{list(x.shape)}}, expected (batch..., *{{expected}})")
{applied}'''

FUSED = '''\
    @torch.no_grad()
    def fused(self) -> torch.nn.Module:
        """A plain module for deployment: the kernel and bias of what is computed now."""
        source = {source}
        self(self.weight.new_zeros(source))  # so that hooks make the weights of today
{prepared}
        {made}'''

CORRELATED = '''\
def _correlated(kernel: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The circular correlation with a kernel (*periods, out, in) of x (samples, in, *periods)."""
    axes = kernel.ndim - 2
    first, last = tuple(range(axes)), tuple(range(-axes, 0))
    dtype = torch.promote_types(x.dtype, kernel.dtype)
    exact = torch.promote_types(dtype, torch.float32)
    kernel, x = kernel.to(exact), x.to(exact)
    if x.shape[0] == 0:  # which a transform refuses
        return x.new_zeros(0, kernel.shape[-2], *x.shape[2:])
    if exact.is_complex:
        kernel = torch.fft.ifftn(kernel, dim=first, norm="forward")
        waves = torch.fft.fftn(x, dim=last)
    else:
        kernel, waves = torch.fft.rfftn(kernel, dim=first).conj(), torch.fft.rfftn(x, dim=last)
    flat = kernel.contiguous().flatten(0, -3) @ waves.flatten(2).permute(2, 1, 0).contiguous()
    y = flat.permute(2, 1, 0).unflatten(-1, waves.shape[2:])
    if exact.is_complex:
        return torch.fft.ifftn(y, dim=last).to(dtype)
    return torch.fft.irfftn(y, s=x.shape[2:], dim=last).to(dtype)'''

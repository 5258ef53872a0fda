"""The parts of a page whose layer is a convolution: templates with holes and no logic."""

from __future__ import annotations

ENTRIES = """\
kernel = {kernel}.view({rows}, {columns}, {taps})
index = _unrolled(kernel, {periods}, {nothing}{reach})"""

EMPTY = """\
        batch = x.shape[:-{rank}]
        if x.numel() == 0 or self.out_channels == 0:
            return x.new_zeros({empty})"""

BIAS = """\
        bias = None if self.bias is None else {bias}.T.flatten()"""

BIAS_SIGNED = """\
        bias = None
        if self.bias is not None:
            zero = self.bias.new_zeros(1, self.out_channels)
            table = torch.cat([zero, self.bias, -self.bias.flip(0)])
            bias = table.index_select(0, self.bias_index).T.flatten()"""

DIRECT = """\
        y = torch.nn.functional.conv{axes}d(x, kernel, bias{stride}{padding})"""

SPECTRAL = """\
        exact = torch.promote_types(x.dtype, torch.float32)
        x = torch.fft.rfft{n}(x.to(exact){dims})
        kernel = torch.fft.rfft{n}(kernel.to(exact), {first}).conj()"""

PRODUCT = """\
        y = kernel.contiguous() @ x.permute(2, 1, 0).contiguous()
        y = y.permute(2, 1, 0)"""

PRODUCT_FLAT = """\
        waves = x.flatten({start}).permute(2, 1, 0).contiguous()
        y = kernel.contiguous().flatten(0, {last}) @ waves
        y = y.permute(2, 1, 0).unflatten(-1, x.shape[{start}:])"""

BACK = """\
        y = torch.fft.irfft{n}(y, {periods}{dims}).to(self.weight.dtype)
        if bias is not None:
            y = y + bias{ones}"""

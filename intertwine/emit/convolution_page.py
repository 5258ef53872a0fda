"""The parts of a page whose layer is a convolution: templates with holes and no logic."""

from __future__ import annotations

ENTRIES = """\
kernel = self.kernel.view({rows}, {columns}, {taps})
index = _unrolled(kernel, {periods}, {dimension}{reach})"""

FORWARD = """\
        batch = x.shape[:-{rank}]
        if x.numel() == 0 or self.out_channels == 0:
            return x.new_zeros({empty})
        table = {table}
        kernel = table.index_select(0, self.kernel)
        {kernel}
        kernel = kernel.permute({order})
        bias = self.bias
        if bias is not None:
            bias = bias.index_select(0, self.bias_index).T.flatten()"""

DIRECT = """\
        kernel = kernel.reshape(self.out_channels * {rows}, self.in_channels * {columns}, {taps})
        y = torch.nn.functional.conv{axes}d(x, kernel, bias{padding})"""

SPECTRAL = """\
        kernel = kernel.reshape({periods}, self.out_channels * {rows}, self.in_channels * {columns})
        exact = torch.promote_types(x.dtype, torch.float32)
        x = torch.fft.rfftn(x.to(exact), dim={dims})
        kernel = torch.fft.rfftn(kernel.to(exact), dim={first}).flatten(0, {last})
        y = kernel @ x.flatten({start}).permute(2, 1, 0)
        y = y.permute(2, 1, 0).unflatten(-1, x.shape[{start}:])
        y = torch.fft.irfftn(y, s={periods_of}, dim={dims}).to(self.weight.dtype)
        if bias is not None:
            y = y + bias{ones}"""

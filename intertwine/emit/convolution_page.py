"""The parts of a page whose layer is a convolution: templates with holes and no logic."""

from __future__ import annotations

INIT = """\
        self.in_channels, self.out_channels = in_channels, out_channels
        weight = torch.empty({dimension}, out_channels, in_channels, device=device, dtype=dtype)
        self.weight = torch.nn.Parameter(weight)
        self.bias = None
        if bias:
            values = torch.empty({bias_dimension}, out_channels, device=device, dtype=dtype)
            self.bias = torch.nn.Parameter(values)
        kernel = torch.empty({entries}, dtype=torch.long, device=device)
        self.register_buffer("kernel", kernel, persistent=False)
        bias_index = torch.empty({rows}, dtype=torch.long, device=device)
        self.register_buffer("bias_index", bias_index, persistent=False)"""

PLACES = """\
        {name} = torch.empty({points}, dtype=torch.long, device=device)
        self.register_buffer("{name}", {name}, persistent=False)"""

METHODS = '''\
    def entries(self) -> torch.Tensor:
        """The full matrix point by point: (output points, input points, out, in channels)."""
        zero = self.weight.new_zeros(1, self.out_channels, self.in_channels)
        table = torch.cat([self.weight, zero])
        kernel = self.kernel.view({rows}, {columns}, {taps})
        index = _unrolled(kernel, {periods}, {dimension}{reach})
{places}
        entries = table.index_select(0, index.flatten())
        return entries.unflatten(0, index.shape)

    def dense_weight(self) -> torch.Tensor:
        """The full matrix, of shape (out_channels, *output, in_channels, *input)."""
        {shape}
        return self.entries().permute(2, 0, 3, 1).reshape(shape)'''

FORWARD = """\
        {expected}
        if x.shape[-{rank}:] != expected:
            raise ValueError(f"given shape {{tuple(x.shape)}}, expected (..., *{{expected}})")
        batch = x.shape[:-{rank}]
        if x.numel() == 0 or self.out_channels == 0:
            return x.new_zeros({empty})
{table}
        kernel = table.index_select(0, self.kernel)
        {kernel}
        kernel = kernel.permute({order})
        bias = self.bias
        if bias is not None:
            bias = bias.index_select(0, self.bias_index).T.flatten()
{convolved}
        {result}"""

TABLE_PLAIN = """\
        table = self.weight"""

TABLE_ZEROS = """\
        zero = self.weight.new_zeros(1, self.out_channels, self.in_channels)
        table = torch.cat([self.weight, zero])"""

DIRECT = """\
        kernel = kernel.reshape(self.out_channels * {rows}, self.in_channels * {columns}, {taps})
        x = x.reshape(-1, self.in_channels * {columns}, {periods})
{pad}
        y = torch.nn.functional.conv{axes}d({x}, kernel, bias{padding})"""

SPECTRAL = """\
        kernel = kernel.reshape({periods}, self.out_channels * {rows}, self.in_channels * {columns})
        exact = torch.promote_types(x.dtype, torch.float32)
        x = x.reshape(-1, self.in_channels * {columns}, {periods}).to(exact)
        kernel = torch.fft.rfftn(kernel.to(exact), dim={first}).flatten(0, {last})
        x = torch.fft.rfftn(x, dim={dims})
        y = kernel @ x.flatten({start}).permute(2, 1, 0)
        y = y.permute(2, 1, 0).unflatten(-1, x.shape[{start}:])
        y = torch.fft.irfftn(y, s={sizes}, dim={dims}).to(self.weight.dtype)
        if bias is not None:
            y = y + bias{ones}"""

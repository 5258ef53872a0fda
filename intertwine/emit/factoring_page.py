"""The parts of a page whose layer factors through small sets: templates with holes and no logic."""

from __future__ import annotations

INIT = """\
        self.in_channels, self.out_channels = in_channels, out_channels
        weight = torch.empty({dimension}, out_channels, in_channels, device=device, dtype=dtype)
        self.weight = torch.nn.Parameter(weight)
        self.bias = None
        if bias:
            values = torch.empty({bias_dimension}, out_channels, device=device, dtype=dtype)
            self.bias = torch.nn.Parameter(values)
        bias_index = torch.empty({points}, dtype=torch.long, device=device)
        self.register_buffer("bias_index", bias_index, persistent=False)
        for name, shape in TABLES.items():
            whole = torch.long if name.startswith("places") else dtype
            table = torch.empty(shape, device=device, dtype=whole)
            self.register_buffer(name, table, persistent=False)"""

METHODS = '''\
    def index_table(self) -> torch.Tensor:
        """The number of the weight at every entry of the matrix, output by input points."""
{index}

    def entries(self) -> torch.Tensor:
        """The full matrix point by point: (output points, input points, out, in channels)."""
        index = self.index_table().to(self.weight.device)
        {entries}
        return entries.view({rows}, {columns}, self.out_channels, self.in_channels)

    def dense_weight(self) -> torch.Tensor:
        """The full matrix, of shape (out_channels, *output, in_channels, *input)."""
        {shape}
        return self.entries().permute(2, 0, 3, 1).reshape(shape)'''

FORWARD = """\
        {expected}
        if x.shape[-{rank}:] != expected:
            raise ValueError(f"given shape {{tuple(x.shape)}}, expected (..., *{{expected}})")
        {flat}
        cells = (self.change @ self.weight.flatten(1)).unflatten(1, self.weight.shape[1:])
{stages}
        if self.bias is not None:
            y = y + self.bias.index_select(0, self.bias_index).T
        {result}"""

CELLS = '''\
def _cells(cells: torch.Tensor, spreads: int) -> torch.Tensor:
    """Weights (spreads x pools, out, in) as one matrix, (out x spreads, in x pools)."""
    blocks = cells.unflatten(0, (spreads, -1))
    return blocks.permute(2, 0, 3, 1).flatten(2).flatten(0, 1)'''

GATHERED = '''\
def _gathered(x: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Sums of the points of x at each row of places; the number behind the last point is none."""
    padded = torch.cat([x, x.new_zeros(*x.shape[:-1], 1)], -1)
    return padded.index_select(-1, places.flatten()).unflatten(-1, places.shape).sum(-1)'''

SHOWN = '''\
def _shown(codes: torch.Tensor, count: int, columns: int) -> torch.Tensor:
    """For each of the codes from 1 on, the matrix of ones where it stands; stacked along rows."""
    table = codes.view(-1, columns)
    return torch.cat([(table == number + 1).double() for number in range(count)])'''

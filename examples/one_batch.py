"""Import a generated layer and run a batch of random graphs through it: `make demo` ends here."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from generated.maron_2_2 import Maron22

layer = Maron22(in_channels=3, out_channels=8)
graphs = torch.randn(32, 3, 5, 5)
features = layer(graphs)
nodes = torch.randperm(5)
permuted = layer(graphs[:, :, nodes][:, :, :, nodes])
print(layer)
print(f"{tuple(graphs.shape)} -> {tuple(features.shape)}")
residual = (permuted - features[:, :, nodes][:, :, :, nodes]).abs().max().item()
print(f"permuting the nodes first or last differs by {residual:.0e}")

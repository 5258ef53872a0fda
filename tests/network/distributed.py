"""What two processes compute, against what one does: run by torchrun, in test_distributed.py.

Every rank makes the same network and the same batch; the gradients of the mean over the batch must
be those of one process, whether DistributedDataParallel averages them or FSDP2 shards them.
"""

import copy
import os
import sys
from functools import cache
from pathlib import Path

import torch
import torch.distributed as dist
from torch.distributed.checkpoint.state_dict import StateDictOptions, set_model_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

import intertwine

SPECS = Path(__file__).parents[2] / "specs" / "networks"


@cache
def space(name):
    return intertwine.solve(SPECS / f"{name}.yaml")


def sample(name, batch):
    torch.manual_seed(1)
    values = space(name).plan.inputs
    return [torch.randn(batch, v.channels, *v.shape, dtype=torch.float64) for v in values]


def loss(model, x):
    y = model(*x)
    parts = y if isinstance(y, tuple) else (y,)
    return sum(part.square().flatten(1).sum(1).mean() for part in parts)


def assert_same(name, rank, ranks):
    torch.manual_seed(0)
    alone = space(name).model(dtype=torch.float64).eval()
    x = sample(name, 2 * ranks)
    loss(alone, x).backward()
    expected = {key: p.grad for key, p in alone.named_parameters() if p.requires_grad}
    mine = [part.chunk(ranks)[rank] for part in x]

    state = copy.deepcopy(alone.state_dict())
    wrapped = DistributedDataParallel(space(name).model(dtype=torch.float64).eval())
    wrapped.module.load_state_dict(state)
    loss(wrapped, mine).backward()
    learnt = dict(wrapped.module.named_parameters())
    for key in expected:
        torch.testing.assert_close(learnt[key].grad, expected[key], rtol=1e-9, atol=1e-12)

    sharded = space(name).model(dtype=torch.float64).eval()
    mesh = init_device_mesh("cpu", (ranks,))
    for child in sharded.children():
        if list(child.parameters()):
            fully_shard(child, mesh=mesh)
    fully_shard(sharded, mesh=mesh)
    whole = StateDictOptions(full_state_dict=True)
    set_model_state_dict(sharded, dict(state), options=whole)
    loss(sharded, mine).backward()
    for key, p in sharded.named_parameters():
        torch.testing.assert_close(p.full_tensor(), state[key], rtol=0, atol=0)
        if key in expected:
            found = p.grad.full_tensor()
            torch.testing.assert_close(found, expected[key], rtol=1e-9, atol=1e-12)


if __name__ == "__main__":
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    for name in sys.argv[1:]:
        assert_same(name, dist.get_rank(), dist.get_world_size())
        dist.barrier()
        if dist.get_rank() == 0:
            print(f"{name}: same", flush=True)
    dist.barrier()
    # Threads of gloo may outlive the interpreter's end, which then aborts.
    os._exit(0)

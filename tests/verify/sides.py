"""Two pages side by side: whether they compute, draw and say the same, whatever `verify` thinks."""

import importlib.util
import itertools
import sys

import torch

_SAME = 1e-7
_DRAWN = 2e-6
BATCHES = ((), (1,), (3,), (2, 2))


def loaded(path):
    """A page as a module of its own."""
    spec = importlib.util.spec_from_file_location("one_side", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["one_side"] = module
    spec.loader.exec_module(module)
    return module


def behaviour(path):
    """All that a page says, draws and computes on fixed inputs: a list of values by name."""
    module = loaded(path)
    classes = [
        c for c in vars(module).values()
        if isinstance(c, type) and issubclass(c, torch.nn.Module) and c.__module__ == "one_side"
    ]  # fmt: skip
    values = {f"{c.__name__} doc": " ".join((c.__doc__ or "").split()) for c in classes}
    layers = [c for c in classes if hasattr(c, "dense_weight")]
    network = hasattr(module, "STAGES")
    for number, layer in enumerate(layers, 1):
        end = f"_{number}" if network else ""
        fields = [getattr(module, side + end) for side in ("INPUTS", "OUTPUTS")]
        sizes = getattr(module, "SIZES" + end, {})
        for name, value in _of_layer(layer, fields, sizes):
            values[f"{layer.__name__} {name}"] = value
    if network:
        for name, value in _of_network(module, classes[0]):
            values[f"network {name}"] = value
    return values


def _shape(axes, sizes):
    return [sizes.get(a, a) for a in axes]


def _random(seed):
    return torch.Generator().manual_seed(seed)


def _sizes_of(sizes):
    if not sizes:
        return [{}]
    other = {name: size + 1 + k for k, (name, size) in enumerate(sizes.items())}
    return [dict(sizes), other, {name: 2 + k for k, name in enumerate(sizes)}]


def _of_layer(layer, fields, sizes):
    inputs, outputs = fields
    last = "channels come last" in " ".join((layer.__doc__ or "").split())
    wide = (
        {s: 2 + k % 2 for k, s in enumerate(inputs)},
        {t: 3 - k % 2 for k, t in enumerate(outputs)},
    )
    narrow = (dict.fromkeys(inputs, 1), dict.fromkeys(outputs, 1))
    for (ins, outs), bias in itertools.product((wide, narrow), (True, False)):
        torch.manual_seed(0)
        given = [c if len(c) > 1 else next(iter(c.values())) for c in (ins, outs)]
        made = layer(*given, bias=bias, dtype=torch.float64)
        head = f"{given} {bias}"
        for name, p in made.named_parameters():
            yield f"{head} drawn {name}", p.detach().clone()
        random = _random(1)
        for p in made.parameters():
            p.data.normal_(generator=random)
        for at in _sizes_of(sizes):
            for batch in BATCHES:
                x = []
                for s, axes in inputs.items():
                    shape = _shape(axes, at)
                    shape = [*shape, ins[s]] if last else [ins[s], *shape]
                    x.append(torch.randn(*batch, *shape, generator=random, dtype=torch.float64))
                masks = [None]
                if sizes and len(batch) == 1:
                    marks = {
                        n: torch.rand(batch[0], m, generator=random) < 0.7 for n, m in at.items()
                    }
                    masks.append(marks if len(marks) > 1 else next(iter(marks.values())))
                for training, mask in itertools.product((True, False), masks):
                    made.train(training)
                    with torch.set_grad_enabled(training):
                        for _ in range(2):
                            y = made(*x, **({} if mask is None else {"mask": mask}))
                    name = f"{head} {at} {batch} {training} {mask is not None}"
                    yield name, [a.detach() for a in (y if isinstance(y, tuple) else (y,))]
        if len(set(ins.values())) == len(set(outs.values())) == 1 and bias:
            for at in _sizes_of(sizes)[: 2 if sizes else 1]:
                options = [at if len(at) > 1 else next(iter(at.values()))] if at else []
                matrix = made.dense_weight(*options).detach()
                yield f"dense {at}", matrix.clone()


def _of_network(module, network):
    torch.manual_seed(0)
    model = network(dtype=torch.float64)
    for name, p in model.named_parameters():
        yield f"drawn {name}", p.detach().clone()
    random = _random(2)
    for p in model.parameters():
        p.data += torch.randn(p.shape, generator=random, dtype=torch.float64) / 8
    sizes = getattr(module, "SIZES", {})
    for at in _sizes_of(sizes)[:2]:
        x = [
            torch.randn(3, module.CHANNELS[n], *_shape(axes, at), generator=random,
                        dtype=torch.float64)
            for n, axes in module.INPUTS.items()
        ]  # fmt: skip
        for training in (False, True):
            torch.manual_seed(3)
            y = model.train(training)(*x)
            yield f"{at} {training}", [a.detach() for a in (y if isinstance(y, tuple) else (y,))]


def difference(one, other):
    """Where two behaviours differ first: in what, or empty."""
    for name, value in one.items():
        if name not in other:
            return name
        there = other[name]
        if isinstance(value, str):
            if value != there:
                return name
            continue
        both = (value if isinstance(value, list) else [value],
                there if isinstance(there, list) else [there])  # fmt: skip
        if len(both[0]) != len(both[1]):
            return name
        for a, b in zip(*both, strict=True):
            if a.shape != b.shape or a.dtype != b.dtype:
                return name
            scale = float(a.abs().max()) if a.numel() else 0.0
            most = _DRAWN * scale if "drawn" in name else _SAME * (1 + scale)
            gap = float((a - b).abs().max()) if a.numel() else 0.0
            if not gap <= most:
                return name
    return "" if set(one) == set(other) else "more"

"""Modules to be audited, written by hand."""

import torch


class Sets(torch.nn.Module):
    """DeepSets with the mean and the sum besides: of three parameters one is redundant."""

    def __init__(self, *, spare=True):
        super().__init__()
        self.each = torch.nn.Parameter(torch.tensor(1.5))
        self.mean = torch.nn.Parameter(torch.tensor(-0.5))
        self.total = torch.nn.Parameter(torch.tensor(0.25)) if spare else None
        self.shift = torch.nn.Parameter(torch.zeros(2))

    def forward(self, x):
        y = self.each * x + self.mean * x.mean(-1, keepdim=True) + self.shift.sum()
        return y if self.total is None else y + self.total * x.sum(-1, keepdim=True)


class Squared(torch.nn.Module):
    """Affine in its input, and not in its parameter."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(2.0))

    def forward(self, x):
        return self.scale**2 * x


class Scaled(torch.nn.Module):
    """Two maps in one parameter, in no rational proportion."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(2.0))

    def forward(self, x):
        return self.scale * (x + 2**0.5 * x.mean(-1, keepdim=True))


class Tied(torch.nn.Module):
    """Two names of one parameter."""

    def __init__(self):
        super().__init__()
        self.each = torch.nn.Parameter(torch.tensor(1.5))
        self.mean = self.each

    def forward(self, x):
        return self.each * x + self.mean * x.mean(-1, keepdim=True)


class Gated(torch.nn.Module):
    """The identity, until its gate is trained open."""

    def __init__(self):
        super().__init__()
        self.gate = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return x + self.gate * x.relu()


class Residual(torch.nn.Module):
    """A fixed identity beside a parameter, and one that changes nothing."""

    def __init__(self):
        super().__init__()
        self.mean = torch.nn.Parameter(torch.tensor(2.0))
        self.idle = torch.nn.Parameter(torch.zeros(3))
        self.frozen = torch.nn.Parameter(torch.tensor(3.0), requires_grad=False)

    def forward(self, x):
        return x + self.frozen * self.mean * x.mean(-1, keepdim=True)


class Rectified(torch.nn.Module):
    """Equivariant and not affine."""

    def __init__(self):
        super().__init__()
        self.sets = Sets()

    def forward(self, x):
        return self.sets(x).relu()


class Function(torch.nn.Module):
    """Any function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *given):
        return self.function(*given)


def linear():
    """Any map of ten points."""
    return torch.nn.Linear(10, 10)


INSTANCE = Sets()
NUMBER = 3


def needs_width(width):
    """A factory with an argument."""
    return torch.nn.Linear(width, width)


def broken():
    """A factory that raises."""
    raise RuntimeError("no such width\nat all")


def gives_number():
    """A factory of no module."""
    return 3


def talkative():
    """A factory that prints."""
    print("I am made")
    return Sets()

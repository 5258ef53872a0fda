"""Layers whose families are known: orbits of random kernels, by NumPy's own turns and flips."""

import numpy as np

TURNS = {
    "1": lambda w: w,
    "turn 90°": lambda w: np.rot90(w, 1, (-2, -1)),
    "turn 180°": lambda w: np.rot90(w, 2, (-2, -1)),
    "turn 270°": lambda w: np.rot90(w, 3, (-2, -1)),
    "mirror |": lambda w: np.flip(w, -1),
    "mirror \\": lambda w: np.swapaxes(w, -1, -2),
    "mirror -": lambda w: np.flip(w, -2),
    "mirror /": lambda w: np.rot90(np.swapaxes(w, -1, -2), 2, (-2, -1)),
}
REVERSAL = {"1": lambda w: w, "reversal": lambda w: np.flip(w, -1)}
# Which elements fix a kernel, averaged over them.
SUBGROUPS = (
    ("1",),
    ("1", "turn 180°"),
    ("1", "mirror |"),
    ("1", "mirror /"),
    ("1", "turn 180°", "mirror |", "mirror -"),
    ("1", "turn 90°", "turn 180°", "turn 270°"),
    tuple(TURNS),
)


class Planted:
    """Channels that are noisy copies of the kernels `clean`, some left out of whole orbits.

    Args:
        random: the generator of everything.
        fixed: for each family the elements that fix its kernel.
        shape: of a kernel, (in, height, width) or (in, length).
        missing: how many members are left out.
        noise: the norm of the noise, where kernels have norm 1.
        signs: whether every channel has a random sign.
    """

    def __init__(self, random, fixed, shape, missing=0, noise=0.0, signs=False, moves=TURNS):
        self.moves = moves
        orbits = [self.orbit(random.standard_normal(shape), names, signs) for names in fixed]
        everything = [kernel for orbit in orbits for kernel in orbit]
        order = random.permutation(len(everything))
        kept, left = np.sort(order[missing:]), np.sort(order[:missing])
        shuffled = random.permutation(kept)
        self.clean = np.stack([everything[k] for k in shuffled])
        self.missing = [everything[k] for k in left]
        family = np.repeat(np.arange(len(orbits)), [len(orbit) for orbit in orbits])
        self.family, self.sizes = family[shuffled], [len(orbit) for orbit in orbits]
        self.turned = random.choice([-1, 1], len(kept)) if signs else np.ones(len(kept))
        spread = noise / np.sqrt(np.prod(shape))
        axes = (-1, *(1,) * len(shape))
        self.weight = self.clean * self.turned.reshape(axes)
        self.weight = self.weight + spread * random.standard_normal(self.clean.shape)

    def orbit(self, kernel, names, signs):
        """The distinct kernels, up to sign where asked."""
        kernel = sum(self.moves[name](kernel) for name in names)
        kernel = kernel / np.linalg.norm(kernel)
        found = []
        for move in self.moves.values():
            if not any(same(move(kernel), other, signs) for other in found):
                found.append(move(kernel))
        return found

    def partner(self, name, channel, signs=False):
        """The channel that holds a moved kernel, and its sign; None where it was left out."""
        moved = self.moves[name](self.clean[channel])
        for other, kernel in enumerate(self.clean):
            if sign := same(moved, kernel, signs):
                return other, int(sign * self.turned[channel] * self.turned[other])
        return None


def same(first, second, signs=False):
    """1 where they are equal, -1 where opposite and signs are allowed, else 0."""
    if np.allclose(first, second, atol=1e-9):
        return 1
    return -1 if signs and np.allclose(first, -second, atol=1e-9) else 0

"""Networks: stages that fit, what follows each of them, and the symmetry that is left."""

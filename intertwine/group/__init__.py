"""Finite groups by generators: permutations, orbits, stabilizer chains, and the named ones."""

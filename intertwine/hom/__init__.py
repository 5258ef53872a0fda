"""Spaces of intertwiners: the solver's rules, the counts and the certificates."""

"""Exact numbers and matrices: real abelian fields, texts that name their elements, primes."""

"""Layers as frozen data with a NumPy meaning."""

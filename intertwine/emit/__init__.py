"""PyTorch modules as text."""

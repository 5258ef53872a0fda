"""What README's figures come from: `python -m benchmarks [--quick] [TABLE ...]`."""

"""The version, as the distribution and every emitted page have it."""

VERSION = "0.1.0"

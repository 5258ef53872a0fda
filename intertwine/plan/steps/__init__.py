"""The language of plans: a layer is a program of these steps, whatever its strategy."""

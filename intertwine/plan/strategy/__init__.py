"""Ways to compute a layer, one a file: each writes the maps as a program of steps."""

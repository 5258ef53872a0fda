"""Pictures as PNG and SVG."""

"""Is a weight, or a module, equivariant; how far is it; and can it reach every map?"""

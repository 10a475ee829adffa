"""What may be tried: the space language, its loader and the spaces shipped with the package."""

"""The package from Python: what `import study` offers, by the workflows that the commands call."""

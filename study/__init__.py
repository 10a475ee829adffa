"""Trying it: data, model, engine, coordinator, workers, confirmation, export, commands."""

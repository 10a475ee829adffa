"""Figures drawn from views, as plotly.js data and layout in plain dicts."""

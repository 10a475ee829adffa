"""Small pictures of a study as SVG text, for where the report's script would be too large."""

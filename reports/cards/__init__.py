"""The cards of the page: each answers one question."""

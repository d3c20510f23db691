"""Characters and lines: what extraction did to a printed page, undone; `str -> str` and `Line -> Line`."""

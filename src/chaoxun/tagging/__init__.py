"""Articles to tags: `Article -> Window -> Scores -> Tag`, by any backend of the table in `backends.py`."""

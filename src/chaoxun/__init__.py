"""chaoxun (潮汛): tags the articles of Chinese trade-union and local newspapers by the activities they report."""

__version__ = "0.1.0"

"""Stored and fresh results to lines, tables and files that people and programs read."""

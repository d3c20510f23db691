"""Folders of newspaper pages to a store of tagged articles, resumable at any moment."""

"""A path to an `Issue`: listing, bytes, format, encoding, pages, and what path and masthead say of them."""

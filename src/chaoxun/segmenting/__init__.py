"""A page into its articles: `Page -> tuple[Article, ...]`, every character of the page in exactly one of them."""

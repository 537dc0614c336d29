"""A report that is kept up to date while its files change: what `watch` does."""

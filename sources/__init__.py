"""One module per kind of source, and the catalogue of all sources."""

"""The store: TinyDB on a delta journal."""

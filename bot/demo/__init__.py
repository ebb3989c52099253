"""The demo: a sample wire of real events in our own words, served on loopback, without network."""

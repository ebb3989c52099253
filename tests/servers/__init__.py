"""Loopback servers that stand in for the chat services."""

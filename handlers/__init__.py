"""One module per chat command, platform-neutral."""

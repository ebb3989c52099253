"""The bot watched from inside and outside: its loop, its disk, its probes and its heartbeat."""

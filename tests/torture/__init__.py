"""Long runs that try to break things: real processes, real kills, every combination."""

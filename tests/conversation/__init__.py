"""One scripted conversation with the whole bot, on every platform."""

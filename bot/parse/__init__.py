"""Reading strangers' documents off the event loop: `parser.py` asks, `worker.py` answers.

Nothing is imported here: a worker's start pays for each module that it loads.
"""

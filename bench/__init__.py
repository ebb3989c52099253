"""What the bot costs and how well it does, beside others: see `python -m bench --help`."""

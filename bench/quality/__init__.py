"""How well the bot understands a labelled corpus: scores, baselines, and the training."""

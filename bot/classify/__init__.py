"""What an item says: relevance, topics, facts, gist and summary. Pure."""

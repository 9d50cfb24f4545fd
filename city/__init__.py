"""What the city knows: nouns and rules. Imports nothing of ours."""

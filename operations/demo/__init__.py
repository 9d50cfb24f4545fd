"""The demo city: central Helsinki's real streets, with invented containers and history."""

"""Inbound connectors, one a file: from somebody's records to nouns, faults set aside."""

"""Weights with their cards and checksums."""

"""Tests, one file per behaviour; `worlds` holds the named miniature problems."""

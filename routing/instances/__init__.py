"""Public routing instances: one file format a module, and how its plans are judged."""

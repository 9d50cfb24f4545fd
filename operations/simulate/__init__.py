"""A city whose truth is known: several policies collect the same waste with the same trucks."""

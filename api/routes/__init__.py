"""One file of routes a noun; each route is parse, call, return."""

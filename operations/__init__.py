"""One verb a file, callable from the command line and from the API."""

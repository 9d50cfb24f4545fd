"""What people see: the words, views and templates of the pages."""

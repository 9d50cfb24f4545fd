"""HTTP only: app factory, routes, errors and pages."""

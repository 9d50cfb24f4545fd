"""The JSON documents that the API speaks: camelCase, described for OpenAPI."""

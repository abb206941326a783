"""The machinery of the course: what asks, grades, builds and releases. To learn, nothing here need be read."""

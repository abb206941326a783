"""Measurements that take a quiet machine, or hardware that the tests cannot count on."""

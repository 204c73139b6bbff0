"""Leaf rows of the indicators, from the domain apps' grouped queries."""

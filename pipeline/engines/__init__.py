"""Adapters to the engines, one a file, and the graph of routes over them."""

"""The rows of test/fixtures/functions.json, a file for each family."""

from . import creation, elementwise, layout, products, reductions, search, signal, transcendental  # noqa: F401

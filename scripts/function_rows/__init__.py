"""The rows of test/fixtures/functions.json, a file for each family."""

from . import creation, elementwise, layout, products, reductions, search, transcendental  # noqa: F401

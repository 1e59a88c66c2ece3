"""The rows of test/fixtures/functions.json, a file for each family."""

from . import bins, calculus, creation, elementwise, layout, products, reductions, search, sorting  # noqa: F401

"""The rows of test/fixtures/functions.json, a file for each family."""

from . import (  # noqa: F401
    bins,
    calculus,
    creation,
    elementwise,
    layout,
    products,
    reductions,
    search,
    signal,
    sorting,
    transcendental,
)

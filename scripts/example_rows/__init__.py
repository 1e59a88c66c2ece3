"""What examples/ compute, in JAX and optax, for test/fixtures/examples.json."""

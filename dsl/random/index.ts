/** Random numbers from keys, bit for bit those of `jax.random`'s default implementation. */
export { type BitsDType, bits } from "./bits.ts"
export {
  bernoulli,
  categorical,
  normal,
  permutation,
  randint,
  type UniformOptions,
  uniform
} from "./distributions.ts"
export { foldIn, type Key, key, split } from "./key.ts"

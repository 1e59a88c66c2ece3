/** Random numbers from keys, bit for bit those of `jax.random`'s default implementation. */
export { binomial } from "./binomial.ts"
export { type BitsDType, bits } from "./bits.ts"
export { cauchy, exponential, gumbel, laplace, logistic, lognormal, pareto, rayleigh } from "./continuous.ts"
export {
  ball,
  doubleSidedMaxwell,
  f,
  generalizedNormal,
  maxwell,
  triangular,
  wald,
  weibullMin
} from "./derived.ts"
export { bernoulli, type CategoricalOptions, categorical, geometric, rademacher } from "./discrete.ts"
export { beta, chisquare, dirichlet, gamma, loggamma, t } from "./gamma.ts"
export { randint } from "./integers.ts"
export { foldIn, type Key, key, split } from "./key.ts"
export { multinomial } from "./multinomial.ts"
export { multivariateNormal, normal, truncatedNormal } from "./normal.ts"
export { type ChoiceOptions, choice, permutation } from "./order.ts"
export { poisson } from "./poisson.ts"
export { type UniformOptions, uniform } from "./uniform.ts"

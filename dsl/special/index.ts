/** Special functions, as `jax.scipy.special` has them: the entry point "loopcarry/special". */
export { logSoftmax, logsumexp, softmax } from "../ops/reduce.ts"
export { i0, i0e, i1, i1e } from "./bessel.ts"
export { betainc } from "./betainc.ts"
export { entr, expit, klDiv, logit, relEntr, xlog1py, xlogy } from "./entropy.ts"
export { expi } from "./expint.ts"
export { exp1, expn } from "./expn.ts"
export type { Broadcasting, FloatOperand } from "./floats.ts"
export {
  beta,
  betaln,
  digamma,
  factorial,
  gamma,
  gammainc,
  gammaincc,
  gammaln,
  gammasgn,
  multigammaln,
  poch,
  polygamma
} from "./gamma.ts"
export { hyp1f1 } from "./hypergeometric.ts"
export { erf, erfc, erfinv, logNdtr, ndtr, ndtri } from "./normal.ts"
export { zeta } from "./zeta.ts"

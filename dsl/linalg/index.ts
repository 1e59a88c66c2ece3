/** Linear algebra: decompositions, equations, norms. The last two axes of a tensor are matrices. */
export { cholesky, type TriangularOptions, triangularSolve } from "../ops/linalg.ts"
export { det, slogdet } from "./determinants.ts"
export { eigh, eigvalsh } from "./eigh.ts"
export { type ExpmOptions, expm } from "./expm.ts"
export { lstsq, matrixRank, pinv, type ToleranceOptions } from "./least-squares.ts"
export { lu, luFactor } from "./lu.ts"
export { type LuSolveOptions, luSolve } from "./lu-solve.ts"
export { matrixTranspose } from "./matrix-transpose.ts"
export { cond, type NormOptions, type NormOrder, norm } from "./norm.ts"
export { type PolyfitOptions, polyfit } from "./polyfit.ts"
export {
  type CholeskySolveOptions,
  choleskySolve,
  matrixPower,
  multiDot,
  type TraceOptions,
  trace
} from "./products.ts"
export { type QrOptions, qr } from "./qr.ts"
export { inv, solve } from "./solve.ts"
export { type SvdOptions, svd, svdvals } from "./svd.ts"

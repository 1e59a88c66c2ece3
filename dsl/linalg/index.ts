/** Linear algebra: decompositions, equations, norms. The last two axes of a tensor are matrices. */
export { cholesky, type TriangularOptions, triangularSolve } from "../ops/linalg.ts"
export { det, slogdet } from "./determinants.ts"
export { eigh, eigvalsh } from "./eigh.ts"
export { lu, luFactor } from "./lu.ts"
export { type QrOptions, qr } from "./qr.ts"
export { inv, solve } from "./solve.ts"
export { type SvdOptions, svd, svdvals } from "./svd.ts"

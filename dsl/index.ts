/** The language: tensors, operations, control flow, programs. */
export { arange, Range, type RangeOptions } from "./control/arange.ts"
export { type AssociativeScanOptions, associativeScan } from "./control/associative-scan.ts"
export { cond, switchCase } from "./control/cond.ts"
export { type ForiOptions, fori, map } from "./control/loops.ts"
export { scan } from "./control/scan.ts"
export type { Ragged, ScanOptions } from "./control/scan-types.ts"
export { type WhileOptions, whileLoop } from "./control/while-loop.ts"
export type { ComplexDType, DType, FloatDType, IntegerDType, SignedDType, UnsignedDType } from "./dtype.ts"
export {
  DTypeError,
  ScopeError,
  ShapeError,
  type TraceError,
  TreeError,
  ValueError,
  VerifyError
} from "./errors.ts"
export { constant, full, ones, scalar, zeros } from "./ops/constant.ts"
export { dotGeneral, matmul } from "./ops/dot.ts"
export * from "./ops/elementwise.ts"
export { all, any, max, mean, min, prod, sum } from "./ops/reduce.ts"
export {
  broadcastTo,
  clamp,
  concatenate,
  convert,
  reshape,
  select,
  slice,
  transpose
} from "./ops/structure.ts"
export { print } from "./printer.ts"
export type { Checkpoint, Equation, Params, Primitive, Program, Var } from "./program.ts"
export type { Aval, Shape } from "./shape.ts"
export * from "./spec.ts"
export { emit } from "./stablehlo/emit.ts"
export type { Tensor } from "./tensor.ts"
export { type Traced, trace } from "./trace.ts"
export { type CustomVjp, customVjp } from "./transform/custom-vjp.ts"
export { jvp, linearize, vjp } from "./transform/differentiate.ts"
export { grad, valueAndGrad } from "./transform/grad.ts"
export { hessian, jacfwd, jacrev } from "./transform/jacobian.ts"
export { stopGradient } from "./transform/stop-gradient.ts"
export type { ArgNums, GivenTangents, GradOptions, Jacobian, Tangents } from "./transform/types.ts"
export { type Axes, type VmapOptions, vmap } from "./transform/vmap.ts"
export type { Tree, TreeOf } from "./tree.ts"
export { verify } from "./verifier.ts"

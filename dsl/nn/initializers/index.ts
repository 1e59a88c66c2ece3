/** Functions of a key and a shape that make weights: the numbers of `jax.nn.initializers`. */
export type { FanAxes } from "./fans.ts"
export type { Initializer, InitializerOptions } from "./initializer.ts"
export { deltaOrthogonal, type OrthogonalOptions, orthogonal } from "./orthogonal.ts"
export {
  type ConstantOptions,
  constant,
  type DeviationOptions,
  normal,
  ones,
  type ScaleOptions,
  type TruncatedOptions,
  truncatedNormal,
  uniform,
  zeros
} from "./plain.ts"
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type ScalingOptions,
  varianceScaling
} from "./variance-scaling.ts"

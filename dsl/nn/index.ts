/** Neural networks: functions of tensors, without layers that hold state. */
export { oneHot } from "../ops/indexing.ts"
export { logSoftmax, logsumexp, softmax } from "../ops/reduce.ts"
export { type AttentionOptions, scaledDotProductAttention } from "./attention.ts"
export { type CrossEntropyOptions, crossEntropy } from "./cross-entropy.ts"
export { dropout } from "./dropout.ts"
export * as initializers from "./initializers/index.ts"
export { log1mexp, logmeanexp } from "./logarithms.ts"
export { huber, mae, mse, sigmoidBinaryCrossEntropy } from "./losses.ts"
export {
  layerNorm,
  type NormalizeOptions,
  rmsNorm,
  type StandardizeOptions,
  standardize
} from "./normalization.ts"
export { type AveragePoolOptions, avgPool, maxPool, minPool, type PoolOptions } from "./pooling.ts"
export {
  celu,
  elu,
  hardSigmoid,
  hardSilu,
  hardSwish,
  hardTanh,
  leakyRelu,
  relu,
  relu6,
  selu,
  softSign,
  sparsePlus,
  sparseSigmoid
} from "./rectifiers.ts"
export {
  type GeluOptions,
  gelu,
  glu,
  identity,
  logSigmoid,
  mish,
  sigmoid,
  silu,
  softplus,
  squareplus,
  swish
} from "./sigmoids.ts"
export { cosineSimilarity, type SimilarityOptions } from "./similarity.ts"

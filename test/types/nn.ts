/** Shapes of `loopcarry/nn` as the editor sees them, and layers generic in their dimensions. This file compiles. */
import { expectTypeOf } from "vitest"
import * as nn from "../../dsl/nn/index.ts"
import { add, type F32, grad, matmul, random, sum, type Tensor, vmap, zeros } from "../../pjrt/loopcarry.ts"

const { initializers } = nn
const m = zeros([3, 4], "f32")
const v = zeros([4], "f32")
const key = random.key(0)

// Activations keep dtype and shape, passed whole too.
expectTypeOf(nn.relu(zeros([3, 4], "i32"))).toEqualTypeOf<Tensor<"i32", readonly [3, 4]>>()
expectTypeOf(nn.gelu(zeros([3], "bf16"), { approximate: false })).toEqualTypeOf<
  Tensor<"bf16", readonly [3]>
>()
expectTypeOf(nn.elu(m, v)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(vmap(nn.relu)(m)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(vmap(nn.gelu)(m)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(vmap(nn.elu)(m)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(vmap(nn.layerNorm)(m)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(grad(nn.softplus)(zeros([], "f64"))).toEqualTypeOf<Tensor<"f64", readonly []>>()
expectTypeOf(nn.glu(m)).toEqualTypeOf<F32<[3, 2]>>()
expectTypeOf(nn.glu(zeros([6, 4], "f32"), 0)).toEqualTypeOf<F32<[3, 4]>>()

expectTypeOf(nn.standardize(m, { axes: 0 })).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(nn.layerNorm(m, v, v)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(nn.rmsNorm(m, null, { axes: [0, 1] })).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(nn.dropout(key, m, 0.5)).toEqualTypeOf<F32<[3, 4]>>()

expectTypeOf(nn.crossEntropy(m, zeros([3], "i32"))).toEqualTypeOf<F32<[3]>>()
expectTypeOf(nn.crossEntropy(m, zeros([4], "u8"), { axis: 0, labelSmoothing: 0.1 })).toEqualTypeOf<F32<[4]>>()
expectTypeOf(nn.crossEntropy(m, m)).toEqualTypeOf<F32<[3]>>()
expectTypeOf(nn.mse(m, m)).toEqualTypeOf<F32>()
expectTypeOf(nn.huber(m, m, 2)).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(nn.cosineSimilarity(m, m)).toEqualTypeOf<F32<[3]>>()
expectTypeOf(nn.cosineSimilarity(m, m, { axis: 0 })).toEqualTypeOf<F32<[4]>>()

const q = zeros([2, 5, 4, 8], "f32")
const k = zeros([2, 7, 2, 8], "f32")
expectTypeOf(nn.scaledDotProductAttention(q, k, k)).toEqualTypeOf<F32<[2, 5, 4, 8]>>()

expectTypeOf(initializers.glorotUniform(key, [3, 4])).toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf(initializers.heNormal(key, [3, 4], { dtype: "bf16" })).toEqualTypeOf<
  Tensor<"bf16", readonly [3, 4]>
>()
// A default dtype survives in a record.
const made = { w: initializers.normal(key, [4, 3]), b: initializers.zeros(key, [3]) }
expectTypeOf(made.w).toEqualTypeOf<F32<[4, 3]>>()
const carry: { readonly w: F32<[4, 3]> } = { w: initializers.uniform(key, [4, 3]) }

// @ts-expect-error: integers
nn.gelu(zeros([3], "i32"))
// @ts-expect-error: another dtype
nn.elu(m, zeros([4], "f64"))
// @ts-expect-error: no such axis
nn.glu(m, 2)
// @ts-expect-error: no such axis
nn.crossEntropy(m, zeros([3], "i32"), { axis: 2 })
// @ts-expect-error: floats of another dtype
nn.crossEntropy(m, zeros([3, 4], "f64"))
// @ts-expect-error: another shape
nn.mse(m, v)
// @ts-expect-error: key and value differ
nn.scaledDotProductAttention(q, k, q)
// @ts-expect-error: no such mode
initializers.varianceScaling(key, [3, 4], { mode: "fan_in" })
// @ts-expect-error: an integer dtype
initializers.zeros(key, [3], { dtype: "i32" })

/** Layers generic in their dimensions. */
const block = <N extends number, I extends number, O extends number>(
  w: F32<readonly [I, O]>,
  scale: F32<readonly [O]>,
  x: F32<readonly [N, I]>
): F32<readonly [N, O]> => nn.relu(nn.layerNorm(matmul(x, w), scale))
expectTypeOf(block(zeros([3, 5], "f32"), zeros([5], "f32"), zeros([2, 3], "f32"))).toEqualTypeOf<
  F32<[2, 5]>
>()

const loss = <N extends number, C extends number>(
  logits: F32<readonly [N, C]>,
  labels: Tensor<"i32", readonly [N]>
): F32 => sum(nn.crossEntropy(logits, labels))

const dense = <I extends number, O extends number>(from: I, to: O) => ({
  w: initializers.glorotUniform(key, [from, to]),
  b: initializers.zeros(key, [to])
})
expectTypeOf(dense(3, 4).w).toEqualTypeOf<F32<readonly [3, 4]>>()

const residual = <D extends "f32" | "bf16", S extends ReadonlyArray<number>>(x: Tensor<D, S>): Tensor<D, S> =>
  add(x, nn.silu(nn.rmsNorm(x)))
expectTypeOf(residual(zeros([2, 3], "bf16"))).toEqualTypeOf<Tensor<"bf16", readonly [2, 3]>>()

const attend = <B extends number, T extends number, N extends number, H extends number>(
  x: F32<readonly [B, T, N, H]>
): F32<readonly [B, T, N, H]> => nn.scaledDotProductAttention(x, x, x, { causal: true })
expectTypeOf(attend(q)).toEqualTypeOf<F32<[2, 5, 4, 8]>>()

export { carry, loss }

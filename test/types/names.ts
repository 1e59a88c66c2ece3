/** Everything that a program holds across calls has a type with a name. This file compiles. */
import * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type {
  Arrays,
  DeviceArray,
  F32,
  HostValues,
  I32,
  Inputs,
  ResultOf,
  Tensor,
  Tensors
} from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, f32, grad, i32, jit, matmul, mul, read, scalar, square, sub, sum, tanh, zeros } = lc

expectTypeOf<F32<[5, 5]>>().toEqualTypeOf<Tensor<"f32", readonly [5, 5]>>()
expectTypeOf<I32>().toEqualTypeOf<Tensor<"i32", readonly []>>()
expectTypeOf<F32<readonly [2]>>().toEqualTypeOf<Tensor<"f32", readonly [2]>>()

const stateSpec = { params: { w: f32(3, 4), b: f32(4) }, count: i32(), moments: [f32(4), f32(4)] } as const
type State = Tensors<typeof stateSpec>
expectTypeOf<State["params"]["w"]>().toEqualTypeOf<F32<[3, 4]>>()
expectTypeOf<Arrays<typeof stateSpec>["count"]>().toEqualTypeOf<DeviceArray<"i32", readonly []>>()

const loss = ({ w, b }: State["params"], x: F32<[3]>): F32 => sum(square(tanh(add(matmul(x, w), b))))

const step = jit([stateSpec, f32(3)], ({ params, count, moments }, x) => {
  const slopes = grad(loss)(params, x)
  return {
    params: { w: sub(params.w, mul(slopes.w, 0.1)), b: sub(params.b, mul(slopes.b, 0.1)) },
    count: add(count, 1),
    moments: [moments[0], slopes.b] as const
  }
})
expectTypeOf<ResultOf<typeof step>>().toEqualTypeOf<Arrays<typeof stateSpec>>()
expectTypeOf<Parameters<typeof step>[0]>().toEqualTypeOf<Inputs<typeof stateSpec>>()

const init = jit([], () => ({
  params: { w: zeros([3, 4], "f32"), b: zeros([4], "f32") },
  count: scalar(0, "i32"),
  moments: [zeros([4], "f32"), zeros([4], "f32")]
}))

/** A training loop, whose state has a type. */
export const train = (batches: ReadonlyArray<Float32Array>) =>
  Effect.gen(function* () {
    let state: Arrays<typeof stateSpec> = yield* init()
    for (const batch of batches) state = yield* step(state, batch)
    const values: HostValues<Arrays<typeof stateSpec>> = yield* read(state)
    return values.params.w
  })

const key: lc.random.Key = lc.random.key(0)
export const keys: readonly [lc.random.Key, lc.random.Key] = lc.random.split(key)

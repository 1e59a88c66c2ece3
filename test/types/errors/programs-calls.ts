/** Programs with one mistake each, as users write them: jitted functions, their data, and devices. */
import * as Effect from "effect/Effect"
import * as lc from "loopcarry"
import { Device } from "loopcarry/pjrt"

const { add, bool, f32, i32, jit, mul, put, read, scan, sum, zeros } = lc

const double = jit([f32(3)], (x) => mul(x, 2))
const step = jit([{ mean: f32(), count: i32() }], ({ mean, count }) => ({ mean, count: add(count, 1) }))
const device = Device.layer("reference")

export const deviceIsMissing = () => Effect.runPromise(Effect.scoped(double([1, 2, 3])))

export const scopeIsMissing = () => Effect.runPromise(Effect.provide(double([1, 2, 3]), device))

export const argumentIsMissing = () => double()

export const argumentTooMany = () => double([1, 2, 3], [1, 2, 3])

export const argumentIsAText = () => double("1, 2, 3")

export const argumentIsATensor = () => double(zeros([3], "f32"))

export const argumentIsASpec = () => double(f32(3))

export const argumentOfAnotherArray = () => double(new Float64Array(3))

export const argumentOfIntegers = () => double(new Int32Array(3))

export const argumentHoldsATextInside = () => double([1, "2", 3])

export const argumentIsBoolean = () => jit([f32()], (x) => x)(true)

export const booleansAsNumbers = () => jit([bool()], (x) => x)(1)

export const bigintsForIntegers = () => jit([i32()], (x) => x)(1n)

export const recordOfAnotherKey = () => step({ mean: 0, counts: 1 })

export const recordWithoutAKey = () => step({ mean: 0 })

export const recordWithOneMore = () => step({ mean: 0, count: 1, sum: 2 })

export const recordAsArguments = () => step(0, 1)

export const arrayOfAnotherDtype = () =>
  Effect.gen(function* () {
    const x = yield* put(i32(3), [1, 2, 3])
    return yield* double(x)
  })

export const arrayOfAnotherShape = () =>
  Effect.gen(function* () {
    const x = yield* put(f32(4), [1, 2, 3, 4])
    return yield* double(x)
  })

export const yieldForgotten = () => double(double([1, 2, 3]))

export const readOfAnEffect = () => read(double([1, 2, 3]))

export const readTwice = () =>
  Effect.gen(function* () {
    const y = yield* double([1, 2, 3])
    const values = yield* y.read
    return yield* values.read
  })

export const resultIsComputedWith = () =>
  Effect.gen(function* () {
    const y = yield* double([1, 2, 3])
    return y + 1
  })

export const resultIsIndexed = () =>
  Effect.gen(function* () {
    const y = yield* double([1, 2, 3])
    return y[0]
  })

export const deviceArrayInAnOperation = () =>
  Effect.gen(function* () {
    const y = yield* double([1, 2, 3])
    return add(y, 1)
  })

export const deviceArrayClosedOver = () =>
  Effect.gen(function* () {
    const y = yield* double([1, 2, 3])
    return yield* jit([f32(3)], (x) => add(x, y))([1, 2, 3])
  })

export const putOfAText = () => put(f32(3), "1, 2, 3")

export const putOfAnotherArray = () => put(f32(3), new Int32Array(3))

export const putOfATree = () => put({ a: f32(3) }, { a: [1, 2, 3] })

export const putWithoutASpec = () => put([1, 2, 3], f32(3))

export const specsAreNoList = () => jit(f32(3), (x) => x)

export const specsAreShapes = () => jit([[3]], (x) => x)

export const specsAreNames = () => jit(["f32"], (x) => x)

export const specTakesAList = () => f32([3, 4])

export const functionIsMissing = () => jit([f32(3)])

export const functionIsATensor = () => jit([f32(3)], zeros([3], "f32"))

export const functionIsAsync = () => jit([f32(3)], async (x) => mul(x, 2))

export const functionGivesAnEffect = () => jit([f32(3)], () => double([1, 2, 3]))

export const functionGivesANumber = () => jit([f32(3)], () => ({ loss: 0.5 }))

export const functionForgetsReturn = () =>
  jit([f32(3)], (x) => {
    mul(x, 2)
  })

export const optionIsUnknown = () => jit([f32(3)], (x) => x, { optimise: false })

export const passIsUnknown = () => jit([f32(3)], (x) => x, { optimize: ["inlining"] })

export const deviceOptionIsUnknown = () =>
  Effect.provide(double([1, 2, 3]), Device.layer("reference", { memoryFraction: 0.5 }))

export const deviceIsANumber = () => Effect.provide(double([1, 2, 3]), Device.layer(0))

export const outputIsUsedAsAPair = () => {
  const last = scan(zeros([], "f32"), zeros([3], "f32"), (c, x) => [add(c, x), null])
  return sum(last)
}

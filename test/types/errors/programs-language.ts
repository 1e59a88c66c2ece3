/** Programs with one mistake each, as users write them: what JavaScript does with numbers and lists. */
import * as lc from "loopcarry"

const { abs, add, eq, f32, gt, jit, mul, neg, sum, zeros } = lc

export const plus = () => jit([f32(3), f32(3)], (x, y) => x + y)

export const times = () => jit([f32(3)], (x) => add(x, 2 * x))

export const minus = () => jit([f32(3)], (x) => -x)

export const power = () => jit([f32(3)], (x) => add(x, x ** 2))

export const plusAssigned = () =>
  jit([f32(3)], (x) => {
    let total = x
    total += x
    return total
  })

export const compared = () => jit([f32()], (x) => (x > 0 ? x : neg(x)))

export const equalToANumber = () => jit([f32()], (x) => (x === 0 ? x : neg(x)))

export const element = () => jit([f32(3)], (x) => x[0])

export const elementSet = () =>
  jit([f32(3)], (x) => {
    x[0] = 1
    return x
  })

export const sliced = () => jit([f32(3)], (x) => x.slice(0, 2))

export const length = () => jit([f32(3)], (x) => mul(x, x.length))

export const method = () => jit([f32(3)], (x) => x.add(1))

export const methodOfNumPy = () => jit([f32(3, 4)], (x) => x.T)

export const reshaped = () => jit([f32(3, 4)], (x) => x.reshape([12]))

export const iterated = () =>
  jit([f32(3, 4)], (x) => {
    let total = zeros([4], "f32")
    for (const row of x) total = add(total, row)
    return total
  })

export const spread = () => jit([f32(2)], (x) => [...x])

export const destructured = () =>
  jit([f32(2)], (x) => {
    const [a, b] = x
    return add(a, b)
  })

export const mathOfJavaScript = () => jit([f32()], (x) => mul(x, Math.sqrt(x)))

export const mathOfTwo = () => jit([f32(), f32()], (x, y) => mul(x, Math.max(x, y)))

export const negated = () => jit([f32(3)], (x) => lc.select(!gt(x, 0), x, neg(x)))

export const equalOfJavaScript = () => jit([f32(3), f32(3)], (x, y) => lc.select(x === y, x, y))

export const awaited = () => jit([f32(3)], async (x) => mul(await x, 2))

export const loopToATensor = () =>
  jit([lc.i32()], (n) => {
    let total = zeros([], "f32")
    for (let i = 0; i < n; i++) total = add(total, 1)
    return total
  })

export const lengthsByATensor = () => jit([lc.i32()], (n) => zeros([n], "f32"))

export const tensorAsANumber = () => jit([f32(3)], (x) => lc.full([3], sum(x), "f32"))

export const toFixed = () => jit([f32()], (x) => x.toFixed(2))

export const equalAsTest = () =>
  jit([f32(3)], (x) =>
    lc.cond(
      eq(x, 0),
      () => x,
      () => abs(x)
    )
  )

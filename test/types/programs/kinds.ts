/** Dtypes beside f32: halves, integers, booleans, complex numbers. */
import {
  add,
  all,
  and,
  any,
  arange,
  type BF16,
  type Bool,
  bf16,
  bitcast,
  bool,
  type C64,
  c64,
  cond,
  conj,
  convert,
  div,
  eq,
  type F16,
  type F32,
  f16,
  f32,
  fori,
  ge,
  grad,
  gt,
  type I32,
  type I64,
  i32,
  i64,
  jit,
  lt,
  matmul,
  max,
  mean,
  mul,
  not,
  or,
  popcount,
  real,
  rem,
  scalar,
  scan,
  select,
  shiftLeft,
  shiftRightLogical,
  square,
  sub,
  sum,
  type U8,
  type U32,
  u8,
  u32,
  where,
  whileLoop,
  xor,
  zeros
} from "loopcarry"

/** Weights in halves, sums in floats. */
export const mixedPrecision = jit([{ w: f32(8, 4) }, bf16(16, 8)], (p, x) => {
  const loss = (p: { w: F32<[8, 4]> }) => {
    const y: BF16<[16, 4]> = matmul(x, convert(p.w, "bf16"))
    return mean(square(convert(y, "f32")))
  }
  return grad(loss)(p)
})

/** A scale of the loss that is halved where something overflows. */
export const lossScale = jit([f16(10), f32()], (slopes, scale) => {
  const fine: Bool = all(lt(slopes, 60000))
  const next = cond(
    fine,
    () => mul(scale, 2),
    () => mul(scale, 0.5)
  )
  const wide: F16<[10]> = mul(slopes, 0.5)
  return { wide, next }
})

/** A hash by shifts. */
export const hashed = jit([u32(8)], (words) => {
  const [hash] = scan(scalar(5381, "u32"), words, (h, w) => [xor(add(shiftLeft(h, 5), h), w), null])
  const out: U32 = xor(hash, shiftRightLogical(hash, 16))
  return out
})

/** Bytes of an image as numbers from 0 to 1, and back. */
export const pixels = jit([u8(4, 4)], (image) => {
  const light: F32<[4, 4]> = div(convert(image, "f32"), 255)
  const dark: U8<[4, 4]> = convert(mul(light, 128), "u8")
  return { light, dark }
})

/** Primes up to fifty, by a table of booleans. */
export const primes = jit([], () => {
  const numbers = arange(50)
  const table: Bool<[50]> = fori(
    2,
    8,
    (i, table) => and(table, or(not(eq(rem(numbers, i), 0)), not(gt(numbers, i)))),
    ge(numbers, 2)
  )
  return table
})

/** Whether any and whether all, in a carry of booleans. */
export const watched = jit([f32(20)], (xs) => {
  const [{ any: some, every }] = scan(
    { any: scalar(false, "bool"), every: scalar(true, "bool") },
    xs,
    ({ any, every }, x) => [{ any: or(any, gt(x, 1)), every: and(every, gt(x, 0)) }, null]
  )
  return { some, every, again: any(gt(xs, 1)) }
})

/** Wide integers. */
export const factorial = jit([i32()], (n) => {
  const out: I64 = fori(0, n, (i, p) => mul(p, add(convert(i, "i64"), 1n)), scalar(1n, "i64"))
  return out
})

/** Powers modulo a prime. */
export const modularPower = jit([i64(), i64()], (base, exponent) => {
  const { result } = whileLoop(
    ({ e }) => gt(e, 0n),
    ({ result, b, e }) => ({
      result: select(eq(rem(e, 2n), 1n), rem(mul(result, b), 1000007n), result),
      b: rem(mul(b, b), 1000007n),
      e: div(e, 2n)
    }),
    { result: scalar(1n, "i64"), b: base, e: exponent }
  )
  return result
})

/** Points of the plane that stay near: the set of Mandelbrot. */
export const mandelbrot = jit([c64(20, 20)], (c) => {
  const start = { z: mul(c, 0), steps: zeros([20, 20], "i32") }
  const { steps } = fori(
    0,
    30,
    (_, { z, steps }) => {
      const next = add(mul(z, z), c)
      const near = lt(real(mul(next, conj(next))), 4)
      return { z: where(near, next, z), steps: add(steps, convert(near, "i32")) }
    },
    start
  )
  const counts: I32<[20, 20]> = steps
  return counts
})

/** A phase that turns. */
export const phases = jit([c64(), c64(10)], (turn, xs) => {
  const [, turned] = scan(turn, xs, (z, x) => [mul(z, turn), mul(z, x)])
  const out: C64<[10]> = turned
  return out
})

/** Bits of a float, and how many of them are ones. */
export const bits = jit([f32(4)], (x) => {
  const words: U32<[4]> = bitcast(x, "u32")
  const ones: U32<[4]> = popcount(words)
  return ones
})

/** A count of each kind. */
export const votes = jit([i32(30), bool(30)], (choice, valid) => {
  const tally = [0, 1, 2].map((k) => sum(convert(and(eq(choice, k), valid), "i32")))
  const most: I32 = tally.reduce((a, b) => select(gt(a, b), a, b))
  return { tally, most, greatest: max(choice), less: sub(max(choice), 1) }
})

/** Right programs beside those that a literal makes wrong: lengths, elements, axes and steps. */
import {
  add,
  arange,
  at,
  type Bool,
  cholesky,
  constant,
  conv,
  type DType,
  type F32,
  type F64,
  type FloatDType,
  f32,
  fullLike,
  type I32,
  type IntegerDType,
  i32,
  jit,
  map,
  matmul,
  mul,
  rfft,
  type ScanOptions,
  type Shape,
  scalar,
  scan,
  sum,
  type Tensor,
  take,
  takeAlong,
  triangularSolve,
  tril,
  vmap,
  zeros
} from "loopcarry"

const sizes: ReadonlyArray<number> = [2, 3]
const either = (): 1.5 | 2 => 2
const short = (): 3 | 4 => 3
const zero = scalar(0, "f32")

const filled = <I extends number, O extends number>(rows: I, columns: O): F32<readonly [I, O]> =>
  zeros([rows, columns], "f32")
export const filledOfGenericLengths = jit([], () => filled(2, 3))

const padded = <S extends Shape>(shape: S): Tensor<"f32", readonly [...S, 2]> => zeros([...shape, 2], "f32")
export const filledOfASpreadShape = jit([], () => padded([3, 4]))

const square = <N extends 3 | 4>(n: N): F32<readonly [N, N]> => zeros([n, n], "f32")
export const filledOfAFewLengths = jit([], () => square(4))

export const filledOfUnknownLengths = jit([f32(...sizes)], (x) => add(x, zeros(sizes, "f32")))

export const filledOfNothing = jit([], () => [zeros([0], "f32"), zeros([], "f32"), zeros([short()], "f32")])

export const constantOfExtremes = jit([], () => [
  constant([-128, 127], "i8"),
  constant([0, 255], "u8"),
  constant([18446744073709551615n, 0], "u64"),
  constant([1e300, -1.5], "f64"),
  constant([[true], [false]], "bool")
])

export const constantOfEither = jit([], () => constant([[either(), 1]], "i32"))

export const constantOfComputed = jit([], () =>
  constant(
    [1, 2, 3].map((each) => each * 2),
    "u8"
  )
)

const table = <D extends DType>(dtype: D): Tensor<D, readonly [2]> => constant([0, 1], dtype)
export const constantOfAGenericDType = jit([], () => table("u16"))

const halves = <D extends FloatDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> => fullLike(x, 0.5)
export const fullLikeOfAnyFloat = jit([f32(3)], (x) => halves(x))

export const rangeOfNothing = jit([], () => [
  arange(-5),
  arange(300, 5, "u8"),
  arange(2.5),
  arange(256, "u8")
])

const upTo = <D extends "i8" | "f32">(dtype: D) => arange(100, dtype)
export const rangeOfAGenericDType = jit([], () => upTo("i8"))

const rowsOf = <I extends IntegerDType, N extends number>(x: F32<[3, 4]>, i: Tensor<I, readonly [N]>) =>
  take(x, i)
export const takeAtAnyIntegers = jit([f32(3, 4), i32(2)], (x, i) => rowsOf(x, i))

export const indicesOfEachKind = jit([f32(3, 4), i32(3)], (x, i) => [
  at(x, i, 1).get(),
  at(x, i, i).get(),
  takeAlong(at(x, 0).get(), i)
])

const convolved = <C extends number, O extends number>(
  x: F32<readonly [1, C, 8]>,
  k: F32<readonly [O, C, 3]>
) => conv(x, k)
export const convOfGenericChannels = jit([f32(1, 2, 8), f32(4, 2, 3)], (x, k) => convolved(x, k))

export const convInGroups = jit([f32(1, 4, 8), f32(4, 2, 3)], (x, k) => conv(x, k, { groups: 2 }))

const solved = <N extends number>(a: F64<readonly [N, N]>, b: F64<readonly [N, 2]>) =>
  triangularSolve(cholesky(a), b)
export const choleskyOfGenericSize = jit([], () => solved(zeros([3, 3], "f64"), zeros([3, 2], "f64")))

export const solvedFromTheRight = jit([f32(2, 3, 3), f32(2, 4, 3)], (a, b) =>
  triangularSolve(a, b, { leftSide: false })
)

const lower = <S extends Shape>(x: Tensor<"f32", S>): Tensor<"f32", S> => tril(x)
export const triangleOfAnyRank = jit([f32(3, 3)], (x) => lower(x))

export const frequenciesOfEach = jit([f32(8)], (x) => rfft(x))

export const lengthAsXsSay = jit([f32(3)], (xs) => scan(zero, xs, (c, x) => [add(c, x), c], { length: 3 }))

const counted = <N extends number>(n: N, xs: F32<readonly [N]>) =>
  scan(zero, xs, (c, x) => [add(c, x), c], { length: n })
export const lengthOfAGenericScan = jit([f32(4)], (xs) => counted(4, xs))

const withOptions = (options: ScanOptions) => scan(zero, null, (c) => [add(c, 1), null], options)[0]
export const lengthInOptions = jit([], () => withOptions({ length: 4 }))

interface Batch {
  readonly x: F32<[3, 2]>
  readonly y: F32<[3]>
}

const total = (batch: Batch) => scan(zero, batch, (c, { x, y }) => [add(c, mul(sum(x), y)), y])
export const xsAreAnInterface = jit([f32(3, 2), f32(3)], (x, y) => total({ x, y }))

const both = <N extends number>(xs: F32<readonly [N]>, ys: F32<readonly [N, 2]>) =>
  scan(zero, [xs, { ys, none: null }], (c, [x, { ys: y }]) => [add(c, mul(sum(y), x)), null])
export const xsOfOneGenericLength = jit([f32(3), f32(3, 2)], (x, y) => both(x, y))

export const mapOverAnInterface = jit([f32(3, 2), f32(3)], (x, y) => {
  const batch: Batch = { x, y }
  return map((row) => mul(row.x, row.y), batch)
})

export const vmapOverLastAxes = jit([f32(3, 5), f32(3)], (x, y) =>
  vmap((a: F32<[3]>, b: F32<[3]>) => mul(a, b), { in: [-1, null], out: 1 })(x, y)
)

export const vmapOutOfEach = jit([f32(5, 3)], (x) => vmap((a: F32<[3]>) => [a, sum(a)], { out: [1, -1] })(x))

const withMask = (x: F32<[3]>, mask?: Bool<[3]>) => (mask === undefined ? x : mul(x, x))
export const vmapOfAnOptionalArgument = jit([f32(5, 3)], (x) => vmap(withMask, { in: [0] })(x))

const shared = <N extends number>(w: F32<readonly [N, 2]>, xs: F32<readonly [5, N]>, n: I32<[5]>) =>
  vmap((x: F32<readonly [N]>, k: I32) => [matmul(x, w), k], { in: [0, 0] })(xs, n)
export const vmapOfGenericLengths = jit([f32(3, 2), f32(5, 3), i32(5)], (w, xs, n) => shared(w, xs, n))

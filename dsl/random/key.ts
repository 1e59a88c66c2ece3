import { type IntegerDType, isInteger } from "../dtype.ts"
import { dtypeError, named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { requireDim, requireShape, requireTensor, shown } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, Value, valueOf } from "../tensor.ts"
import type { Repeated } from "../types/lengths.ts"
import { convert, filled, iota, partAt, reshape } from "../values.ts"

/** The state of a stream of random numbers: u32[2]. Use it once; `split` makes more. */
export type Key = Tensor<"u32", readonly [2]>

const word = (value: number): Value => filled({ dtype: "u32", shape: [] }, value)

const joined = (high: Value, low: Value): Key => {
  const parts = [high, low].map((each) => reshape(each, [1]))
  return tensorOf(apply1("concatenate", { axis: 0 }, ...parts))
}

/** The 64 bits of a whole number that has as many. */
const wholeBits = (op: string, what: string, value: number | bigint): bigint => {
  if (typeof value !== "bigint" && !Number.isInteger(value))
    throw valueError(op, `${op}: the ${what} is ${shown(value)}`, "give a whole number")
  const whole = BigInt(value)
  if (whole < -(2n ** 63n) || whole >= 2n ** 64n)
    throw valueError(
      op,
      `${op}: the ${what} is ${value}, which has more than 64 bits`,
      "give one from -2^63 to 2^64 - 1"
    )
  return BigInt.asUintN(64, whole)
}

const requireIntegerScalar = (op: string, given: Tensor): Value => {
  if (isInteger(given.dtype) && given.shape.length === 0) return valueOf(given)
  throw dtypeError(
    op,
    say("dtypeKind", { op, wanted: "an integer scalar", a: show(given) }),
    'convert(n, "u32") makes one'
  )
}

/** The two words of a seed, as JAX makes them: its upper and its lower 32 bits. */
const seedWords = (op: string, seed: number | bigint | Tensor): readonly [Value, Value] => {
  if (!isTensor(seed)) {
    const bits = wholeBits(op, "seed", seed)
    return [word(Number(bits >> 32n)), word(Number(bits & 0xffffffffn))]
  }
  const value = requireIntegerScalar(op, seed)
  if (seed.dtype !== "i64" && seed.dtype !== "u64") return [word(0), convert(value, "u32")]
  const high = apply1("shiftRightLogical", {}, value, filled(value, 32))
  return [convert(high, "u32"), convert(value, "u32")]
}

/**
 * Makes a key of a seed: a whole number, or an integer scalar of the program. The same seed gives the same numbers as
 * `jax.random.key`, by default Threefry-2x32 with `jax_threefry_partitionable`. A negative seed, or one beyond 32
 * bits, gives what JAX gives with `jax_enable_x64`. Fails with a `ValueError` for more than 64 bits, and a
 * `DTypeError` for a tensor that is no integer scalar.
 *
 * @example random.key(42) // u32[2]: [0, 42]
 */
export const key = named(
  "random.key",
  (seed: number | bigint | Tensor<IntegerDType, readonly []>): Key => joined(...seedWords("random.key", seed))
)

/** The key's two words as scalars. */
export const keyWords = (op: string, given: Key): readonly [Value, Value] => {
  const value = requireTensor(op, "the key", given)
  if (value.dtype !== "u32" || value.shape.length !== 1 || value.shape[0] !== 2) {
    throw shapeError(
      op,
      `${op}: ${show(value)} is no key`,
      "a key is u32[2]: random.key(seed); of several, vmap or take one"
    )
  }
  return [partAt(value, 0, 0), partAt(value, 0, 1)]
}

/** Two words of random bits for each place of a shape, counted in row-major order. */
export const blocks = (op: string, given: Key, dims: Shape): readonly [Value, Value] => {
  const shape = requireShape(op, dims)
  const size = sizeOf(shape)
  if (size >= 2 ** 32)
    throw shapeError(op, `${op}: ${size} numbers are too many for one key`, "split the key")
  const words = keyWords(op, given).map((each) => apply1("broadcast", { shape: [size], axes: [] }, each))
  const low = iota([size], 0, "u32")
  const bits = apply("threefry", {}, [...words, filled(low, 0), low])
  return [reshape(bits[0]!, shape), reshape(bits[1]!, shape)]
}

/** An array u32[N,2] with a key in each row. It also destructures into them. */
export type Keys<N extends number> = Tensor<"u32", readonly [N, 2]> & KeyList<N>

type KeyList<N extends number> = number extends N ? Iterable<Key> : Repeated<Key, N>

/** What an array of keys has beside a tensor: its rows, one by one. */
const keyRows = Object.create(Value.prototype, {
  [Symbol.iterator]: {
    value: function* (this: Value) {
      for (let i = 0; i < this.shape[0]!; i++) yield tensorOf(partAt(this, 0, i))
    }
  },
  length: {
    get(this: Value) {
      return this.shape[0]
    }
  }
})

/** Tuples of keys that are longer count as lists of any length. */
for (let i = 0; i < 64; i++)
  Object.defineProperty(keyRows, i, {
    get(this: Value) {
      return i < this.shape[0]! ? tensorOf(partAt(this, 0, i)) : undefined
    }
  })

interface Split {
  (key: Key): [Key, Key]
  <const N extends number>(key: Key, count: N): Keys<N>
}

/**
 * Makes new keys of one, which must not be used again: a pair, or with a count an array u32[count,2] with a key in each
 * row. That array goes into `vmap`, `scan` or `map`, and also destructures. What has gone through one of these is a plain
 * array. Fails with a `ShapeError` for what is no key or no count.
 *
 * @example
 * const [next, now] = random.split(random.key(0))
 * random.uniform(now, [3]) // f32[3]
 * const [a, b, c] = random.split(next, 3)
 * vmap((key: random.Key) => random.normal(key, [2]))(random.split(a, 4)) // f32[4,2]
 */
export const split: Split = named("random.split", ((given: Key, count?: number) => {
  if (count !== undefined) requireDim("random.split", "the count", count)
  const [first, second] = blocks("random.split", given, [count ?? 2])
  const rows = [first, second].map((each) => reshape(each, [count ?? 2, 1]))
  const all = apply1("concatenate", { axis: 1 }, ...rows)
  if (count !== undefined) return Object.setPrototypeOf(all, keyRows)
  return [0, 1].map((i) => tensorOf(partAt(all, 0, i)))
}) as Split)

/**
 * Makes a key that differs by a number, such as a step's index: a whole number, or an integer scalar of the program.
 * Fails with a `ShapeError` for what is no key, a `ValueError` for a number that is not whole, and a `DTypeError` for a
 * tensor that is no integer scalar.
 *
 * @example random.foldIn(random.key(0), 7) // u32[2]
 */
export const foldIn = named(
  "random.foldIn",
  (given: Key, data: number | bigint | Tensor<IntegerDType, readonly []>): Key => {
    const op = "random.foldIn"
    const word = isTensor(data)
      ? tensorOf<"u32", readonly []>(convert(requireIntegerScalar(op, data), "u32"))
      : wholeBits(op, "number", data) & 0xffffffffn
    const [first, second] = apply("threefry", {}, [...keyWords(op, given), ...seedWords(op, word)])
    return joined(first!, second!)
  }
)

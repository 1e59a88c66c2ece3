import { isFloat, isInteger } from "../../dsl/dtype.ts"
import { type LoopShape, type LoopSource, rowsOf, runLoop } from "../../dsl/loops/loop.ts"
import { apply1 } from "../../dsl/primitives/index.ts"
import type { Program } from "../../dsl/program.ts"
import { arrayOf, type Element, type NdArray } from "../../dsl/reference/array.ts"
import { type Aval, sameAval, sizeOf } from "../../dsl/shape.ts"
import type { Value } from "../../dsl/tensor.ts"
import { programOf } from "../../dsl/trace.ts"
import {
  binary,
  broadcast,
  compare,
  convert,
  filled,
  reshape,
  select,
  sliceAxis,
  sum,
  unary
} from "../../dsl/values.ts"

/** A source of random numbers: the same for the same seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 12345) >>> 0
  }

  below(count: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2246822519) + 3266489917) >>> 0
    return Math.floor((((this.#state ^ (this.#state >>> 13)) >>> 0) / 2 ** 32) * count)
  }

  chance(of: number): boolean {
    return this.below(1000) < of * 1000
  }

  pick<T>(items: ReadonlyArray<T>): T {
    return items[this.below(items.length)]!
  }
}

const f32 = (...shape: ReadonlyArray<number>): Aval => ({ dtype: "f32", shape })
const i32 = (...shape: ReadonlyArray<number>): Aval => ({ dtype: "i32", shape })
const bool = (...shape: ReadonlyArray<number>): Aval => ({ dtype: "bool", shape })

const avals: ReadonlyArray<Aval> = [
  f32(),
  f32(3),
  i32(),
  i32(2),
  bool(),
  f32(2, 3),
  { dtype: "u8", shape: [] }
]

/** Which operations a random step may have. */
export interface Taste {
  /** Rounding functions and products, whose last bits compilers may choose. */
  readonly inexact: boolean
}

/** Adds random operations to the values of a step. */
const grow = (random: Random, pool: Array<Value>, count: number, { inexact }: Taste): void => {
  const like = (aval: Aval): Value => random.pick(pool.filter((value) => sameAval(value, aval)))
  for (let i = 0; i < count; i++) {
    const a = random.pick(pool)
    const b = like(a)
    const numbers = isFloat(a.dtype) || isInteger(a.dtype)
    const made = ((): Value | undefined => {
      switch (random.below(13)) {
        case 0:
          return numbers ? binary("add", a, b) : binary("xor", a, b)
        case 1:
          return numbers ? binary("sub", a, b) : binary("and", a, b)
        case 2:
          return binary(random.pick(["maximum", "minimum"]), a, b)
        case 3:
          return isInteger(a.dtype)
            ? binary(random.pick(["mul", "and", "or", "xor"]), a, b)
            : inexact && isFloat(a.dtype)
              ? binary("mul", a, b)
              : undefined
        case 4:
          return compare(random.pick(["lt", "ge", "eq"]), a, b)
        case 5: {
          const which = pool.filter((value) => sameAval(value, { dtype: "bool", shape: a.shape }))
          return which.length === 0 ? undefined : select(random.pick(which), a, b)
        }
        case 6:
          return isFloat(a.dtype)
            ? unary(
                inexact
                  ? random.pick(["tanh", "exp", "sin", "neg", "abs"])
                  : random.pick(["neg", "abs", "floor"]),
                a
              )
            : undefined
        case 7:
          return a.shape.length > 0 && numbers && (isInteger(a.dtype) || inexact)
            ? sum(a, [0])
            : a.shape.length > 0 && isFloat(a.dtype)
              ? apply1("max", { axes: [0] }, a)
              : undefined
        case 8:
          return a.shape.length === 0 ? broadcast(a, [random.pick([2, 3])], []) : undefined
        case 9:
          return a.shape.length === 2 && inexact && isFloat(a.dtype)
            ? apply1(
                "dot",
                { contracting: [[1], [0]], batch: [[], []] },
                a,
                apply1("transpose", { permutation: [1, 0] }, b)
              )
            : isInteger(a.dtype)
              ? convert(a, "f32")
              : undefined
        case 10: {
          const length = a.shape[0]
          if (length === undefined) return undefined
          const at = random.below(length)
          return reshape(sliceAxis(a, 0, at, at + 1), a.shape.slice(1))
        }
        case 11: {
          const length = a.shape[0]
          if (length === undefined) return undefined
          const at = 1 + random.below(length - 1)
          const parts = [sliceAxis(binary("maximum", a, b), 0, at, length), sliceAxis(a, 0, 0, at)]
          return apply1("concatenate", { axis: 0 }, ...parts)
        }
        default:
          return filled(a, a.dtype === "bool" ? random.chance(0.5) : random.below(4))
      }
    })()
    if (made !== undefined) pool.push(made)
  }
}

/** What a step has of which it makes a next value. */
interface Given {
  readonly state: ReadonlyArray<Value>
  readonly rows: ReadonlyArray<Value>
  /** What does not depend on the state. */
  readonly early: ReadonlyArray<Value>
  readonly pool: ReadonlyArray<Value>
}

/** What the next value of a leaf is: often one that a pass looks for. */
const nextOf = (random: Random, own: Value, { state, rows, early, pool }: Given): Value => {
  const likeOwn = (values: ReadonlyArray<Value>) => values.filter((value) => sameAval(value, own))
  const like = likeOwn(pool)
  const other = random.pick(like)
  const row = likeOwn(rows)
  const leaf = random.pick(likeOwn(state))
  const known = likeOwn(early)
  switch (random.below(11)) {
    case 0:
      return own
    case 1:
      return own.dtype === "bool"
        ? binary(random.pick(["and", "or", "xor"]), own, other)
        : binary("add", own, random.chance(0.5) ? filled(own, 1 + random.below(3)) : other)
    case 2:
      return binary(
        random.pick(["maximum", "minimum"]),
        ...((random.chance(0.5) ? [own, other] : [other, own]) as [Value, Value])
      )
    case 3:
      return row.length > 0 ? random.pick(row) : other
    case 4:
      return isInteger(own.dtype)
        ? binary("add", binary("mul", own, random.chance(0.5) ? filled(own, 3) : other), random.pick(like))
        : other
    case 5:
      return leaf
    case 6:
      return known.length > 0 ? random.pick(known) : other
    default:
      return other
  }
}

/** The next value of a leaf as a sum of leaves of its type and an early value, where that is exact; else an early value. */
const linearOf = (random: Random, own: Value, { state, early }: Given): Value => {
  const known = early.filter((value) => sameAval(value, own))
  const term = known.length > 0 ? random.pick(known) : filled(own, own.dtype === "bool" ? true : 1)
  if (own.dtype === "bool") return random.chance(0.5) ? binary("xor", own, term) : term
  if (!isInteger(own.dtype)) return random.chance(0.5) ? binary("maximum", term, own) : term
  const leaves = state.filter((value) => sameAval(value, own) && random.chance(0.7))
  return leaves.reduce((sum, leaf) => {
    const part = random.chance(0.5) ? leaf : binary("mul", random.chance(0.5) ? filled(own, 3) : term, leaf)
    return binary(random.pick(["add", "sub"]), sum, part)
  }, term)
}

/** How random scans are made. */
export interface ScanTaste extends Taste {
  readonly traced: boolean
  readonly reassociate?: boolean
}

/** A program of one scan with a random step. Its inputs are what the scan takes. */
export const randomScan = (seed: number, taste: ScanTaste): Program => {
  const random = new Random(seed)
  const length = random.pick([1, 2, 3, 5, 8, 17])
  const some = (most: number) => Array.from({ length: random.below(most + 1) }, () => random.pick(avals))
  const [consts, carry] = [some(2), some(3)]
  // Leaves of one type may need one another.
  while (carry.length > 0 && carry.length < 4 && random.chance(0.4)) carry.push(carry[0]!)
  const xs = some(3).map((aval): Aval => ({ dtype: aval.dtype, shape: [length, ...aval.shape] }))
  const traced = taste.traced ? [i32()] : []
  const reverse = random.chance(0.4)
  const ranges = random.below(3)
  return programOf([...traced, ...consts, ...carry, ...xs], (values) => {
    const [steps, rest] = taste.traced ? [values[0], values.slice(1)] : [undefined, values]
    const clamped =
      steps && binary("minimum", binary("maximum", steps, filled(steps, 0)), filled(steps, length))
    const shape: LoopShape = {
      length,
      traced: clamped,
      reverse,
      unroll: random.pick([1, 1, 1, 2]),
      checkpoint: "all",
      ...(taste.reassociate ? { reassociate: carry.map(() => true) } : {})
    }
    const range = (i: number): LoopSource => ({
      leaf: {
        kind: "arange",
        dtype: i === 0 ? "i32" : "f32",
        start: random.below(5),
        step: random.pick([1, 2, -1])
      },
      operand: undefined
    })
    const sources = [
      ...rest.slice(consts.length + carry.length).map(rowsOf),
      ...Array.from({ length: ranges }, (_, i) => range(i))
    ]
    const init = rest.slice(consts.length, consts.length + carry.length)
    const { carry: last, ys } = runLoop(
      shape,
      { consts: rest.slice(0, consts.length), carry: init, xs: sources },
      (own, state, rows) => {
        const early = [...own, ...rows, ...(own.length + rows.length === 0 ? [filled(f32(), 2)] : [])]
        grow(random, early, random.below(6), taste)
        const known = [...early]
        const pool = [...early, ...state]
        grow(random, pool, random.below(8), taste)
        const given = { state, rows, early: known, pool }
        const linear = random.pick([0, 0, 0.7, 1])
        const next = state.map((leaf) => (random.chance(linear) ? linearOf : nextOf)(random, leaf, given))
        const late = [...pool, ...next]
        grow(random, late, random.below(5), taste)
        const outputs = Array.from({ length: random.below(4) }, () =>
          random.pick(random.chance(0.5) ? late.slice(pool.length).concat(late[0]!) : late)
        )
        return { carry: next, ys: outputs }
      }
    )
    return [...last, ...ys]
  })
}

const specials = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2.5,
  -3,
  2 ** 100
]

/** Random elements, special ones among them. */
export const randomArray = (random: Random, aval: Aval, special: boolean): NdArray =>
  arrayOf(
    aval,
    Array.from({ length: sizeOf(aval.shape) }, (): Element => {
      if (aval.dtype === "bool") return random.chance(0.5)
      if (isInteger(aval.dtype)) {
        const value = random.chance(0.1) ? 200 : random.below(7) - (aval.dtype.startsWith("u") ? 0 : 3)
        return aval.dtype.endsWith("64") ? BigInt(value) : value
      }
      return special && random.chance(0.3)
        ? random.pick(specials)
        : Math.fround((random.below(1000) - 500) / 170)
    })
  )

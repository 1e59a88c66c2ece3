import * as language from "../../pjrt/loopcarry.ts"

// biome-ignore lint/suspicious/noExplicitAny: programs of several dtypes.
export type Any = any
const lc = language as Any

/** What an expression may use, by kind: vectors of three, and scalars. */
export interface Pool {
  readonly floats: Array<Any>
  readonly integers: Array<Any>
  readonly booleans: Array<Any>
  readonly numbers: Array<Any>
  readonly counts: Array<Any>
  /** Rows to scan over, four of them. */
  readonly rows: ReadonlyArray<Any>
}

/** Reads choices one after another; all are the first one at the end. */
export class Choices {
  readonly #tape: ReadonlyArray<number>
  #next = 0
  constructor(tape: ReadonlyArray<number>) {
    this.#tape = tape
  }
  get left(): boolean {
    return this.#next < this.#tape.length
  }
  below(count: number): number {
    return (this.#tape[this.#next++] ?? 0) % count
  }
  of<T>(items: ReadonlyArray<T>): T {
    return items[this.below(items.length)]!
  }
}

export const vector = (x: Any): Any => lc.broadcastTo(x, [3])

/** Their products are exact, so a compiler that rounds a product and a sum once gives the same bits. */
const factors = [1, -1, 0.5, 2, 0, -0]

const same = (x: Any): ReadonlyArray<Any> => [
  lc.reverse(lc.reverse(x, 0), 0),
  lc.reshape(lc.reshape(x, [3, 1]), [3]),
  lc.reshape(lc.transpose(lc.transpose(lc.reshape(x, [1, 3]))), [3]),
  lc.slice(lc.concatenate([x, x], 0), [0], [3])
]

/** Adds one more expression to a pool. */
export type Statement = (pool: Pool, choices: Choices, depth: number) => void

export const float: Statement = ({ floats, numbers, booleans }, c) => {
  const [a, b] = [c.of(floats), c.of(floats)]
  const made = [
    () => lc.add(a, b),
    () => lc.sub(a, b),
    () => lc.maximum(a, b),
    () => lc.minimum(a, b),
    () => lc.add(a, c.of([0, -0])),
    () => lc.sub(a, c.of([0, -0])),
    () => lc.mul(a, c.of(factors)),
    () => lc.div(a, c.of([1, 2, -4])),
    () => lc.div(1, a),
    () => lc.neg(a),
    () => lc.abs(a),
    () => lc.select(c.of(booleans), a, b),
    () =>
      lc.select(
        lc.constant(
          c.of([
            [true, true, true],
            [false, true, false]
          ]),
          "bool"
        ),
        a,
        b
      ),
    () => c.of(same(a)),
    () => vector(c.of(numbers)),
    () => lc.max(lc.broadcastTo(c.of(numbers), [2, 3]), 0),
    () => lc.max(lc.broadcastTo(lc.reshape(a, [3, 1]), [2, 3, 3]), [0, 2])
  ]
  floats.push(c.of(made)())
}

export const integer: Statement = ({ integers, counts, booleans, floats }, c) => {
  const [a, b] = [c.of(integers), c.of(integers)]
  const op = c.of(["add", "sub", "mul", "maximum", "minimum", "and", "or", "xor", "div", "rem"])
  const made = [
    () => lc[op](a, b),
    () => lc[op](b, a),
    () => lc[op](a, c.of([0, 1, -1, 7])),
    () => lc.shiftLeft(a, c.of([0, 1, 31])),
    () => lc.neg(a),
    () => lc.select(c.of(booleans), a, b),
    () => lc.convert(lc.clamp(-9, c.of(floats), 9), "i32"),
    () => c.of(same(a)),
    () => vector(c.of(counts)),
    () => lc.arange(3),
    () => lc.convert(lc.convert(a, "i64"), "i32")
  ]
  integers.push(c.of(made)())
}

export const boolean: Statement = ({ integers, floats, booleans }, c) => {
  const [a, b] = [c.of(booleans), c.of(booleans)]
  const numbers = c.of([integers, floats])
  const made = [
    () => lc[c.of(["lt", "le", "gt", "ge", "eq", "ne"])](c.of(numbers), c.of(numbers)),
    () => lc[c.of(["lt", "eq"])](c.of(numbers), c.of([0, 1])),
    () => lc.and(a, b),
    () => lc.or(a, lc.not(b)),
    () => lc.xor(a, a)
  ]
  booleans.push(c.of(made)())
}

export const scalar: Statement = ({ integers, floats, numbers, counts }, c) => {
  const made = [
    () => numbers.push(lc.scalar(c.of([0, -0, 1, 0.1, Number.POSITIVE_INFINITY, Number.NaN]), "f32")),
    () => numbers.push(lc.max(c.of(floats))),
    () => numbers.push(lc.add(c.of(numbers), c.of(numbers))),
    () => counts.push(lc.scalar(c.of([0, 1, 2, -3]), "i32")),
    () => counts.push(lc.sum(c.of(integers))),
    () => counts.push(lc.mul(c.of(counts), c.of(counts))),
    () =>
      integers.push(
        lc.constant(
          c.of([
            [1, 2, 3],
            [0, 0, 0],
            [-1, 5, 2 ** 31 - 1]
          ]),
          "i32"
        )
      ),
    () =>
      floats.push(
        lc.constant(
          c.of([
            [1, 2, 3],
            [0, -0, Number.NaN],
            [2.5, 2.5, 2.5]
          ]),
          "f32"
        )
      )
  ]
  c.of(made)()
}

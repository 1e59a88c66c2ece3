import * as fc from "fast-check"
import type { Program } from "../../dsl/program.ts"
import { type Traced, traceNow } from "../../dsl/trace.ts"
import * as language from "../../pjrt/loopcarry.ts"
import {
  type Any,
  boolean,
  Choices,
  float,
  integer,
  type Pool,
  type Statement,
  scalar,
  vector
} from "./random-expressions.ts"

const lc = language as Any

const copy = (pool: Pool): Pool => ({
  ...pool,
  floats: [...pool.floats],
  integers: [...pool.integers],
  booleans: [...pool.booleans],
  numbers: [...pool.numbers],
  counts: [...pool.counts]
})

/** A pool's latest of each kind, as a tree. */
const latest = ({ floats, integers, booleans }: Pool) => [floats.at(-1), integers.at(-1), booleans.at(-1)]

/** What a part gives, in any pool that has it. */
const part = (pool: Pool, choices: Choices, depth: number): Pool => {
  const own = copy(pool)
  const count = choices.below(6)
  for (let i = 0; i <= count; i++) statement(own, choices, depth + 1)
  return own
}

const steps: Statement = (pool, c, depth) => {
  const first = [c.of(pool.floats), c.of(pool.integers)]
  const init = c.of([first, [first[0], c.of(pool.integers)]])
  // Leaves of one beginning: some stay equal.
  const carry = [init[0], init[0], init[1], init[1], c.of(pool.floats)]
  const xs = c.of([
    [c.of(pool.rows), c.of(pool.rows), lc.arange(4)],
    [lc.broadcastTo(c.of(pool.floats), [4, 3]), c.of(pool.rows), lc.arange(3, -1, -1)]
  ])
  const alike = c.of([true, false])
  const step = (state: Any, [a, b, i]: Any) => {
    const own = copy(pool)
    // Made outside the loop.
    const [number, range] = [vector(c.of(pool.numbers)), lc.arange(3)]
    own.floats.push(state[0], state[1], a, b, number, lc.convert(range, "f32"))
    own.integers.push(state[2], state[3], range)
    own.counts.push(i)
    const inner = part(own, c, depth)
    const [f, n] = [c.of([c.of(inner.floats), number, lc.add(a, b)]), c.of([c.of(inner.integers), range])]
    const next = alike
      ? [lc.add(state[0], f), lc.add(state[1], f), lc.xor(state[2], n), lc.xor(state[3], n), f]
      : [f, c.of(inner.floats), n, c.of(inner.integers), state[4]]
    return [next, [f, c.of(inner.floats), n, c.of(inner.booleans)]]
  }
  const options = { reverse: c.of([false, true]), unroll: c.of([1, 2]) }
  const count = lc.clamp(0, c.of(pool.counts), 5)
  const counted = (s: Any, i: Any) => step(s, [vector(lc.convert(i, "f32")), s[4], i])
  const from = c.of(pool.counts)
  const loops = [
    () => lc.scan(carry, xs, step, options),
    () => lc.scan(carry, xs, step, options),
    () => lc.scan(carry, lc.arange(count, { max: 4 }), counted, options),
    () => lc.scan(carry, lc.arange(from, lc.add(from, count), { max: 3 }), counted, options),
    () => lc.scan(carry, lc.arange(c.of([0, 1, 3])), counted, options)
  ]
  const loop = c.below(loops.length)
  const [last, ys] = loops[loop]!()
  pool.floats.push(last[0], last[1], last[4])
  pool.integers.push(last[2], last[3])
  if (loop > 1) return
  for (const row of [ys[0], ys[1]]) pool.floats.push(lc.reshape(lc.slice(row, [1, 0], [2, 3]), [3]))
}

const repeat: Statement = (pool, c, depth) => {
  const state = [c.of(pool.floats), c.of(pool.floats), c.of(pool.integers), lc.scalar(0, "i32")]
  const limit = c.of(pool.counts)
  const most = c.of([0, 1, 4])
  const last = lc.whileLoop(
    (s: Any) => lc.lt(s[3], c.of([limit, 3, 0])),
    (s: Any) => {
      const own = copy(pool)
      own.floats.push(s[0], s[1])
      own.integers.push(s[2])
      const inner = part(own, c, depth)
      return [c.of(inner.floats), c.of(inner.floats), c.of(inner.integers), lc.add(s[3], 1)]
    },
    state,
    { max: most }
  )
  pool.floats.push(last[0], last[1])
  pool.integers.push(last[2])
}

const branch: Statement = (pool, c, depth) => {
  const index = c.of([c.of(pool.counts), lc.scalar(c.of([0, 1, 5, -1]), "i32")])
  const branches = [0, 1, 2].map(() => () => latest(part(pool, c, depth)))
  const [f, i, b] = lc.switchCase(index, branches)
  pool.floats.push(f)
  pool.integers.push(i)
  pool.booleans.push(b)
}

const simple: ReadonlyArray<Statement> = [float, float, integer, integer, boolean, scalar]
const holding: ReadonlyArray<Statement> = [steps, steps, repeat, branch]

const statement: Statement = (pool, choices, depth) => {
  const some = depth < 2 ? [...simple, ...holding] : simple
  choices.of(some)(pool, choices, depth)
}

/** A function of two vectors of floats, two of integers, a count, and rows of floats. */
const functionOf = (tape: ReadonlyArray<number>) => (x: Any, y: Any, i: Any, j: Any, n: Any, rows: Any) => {
  const pool: Pool = {
    floats: [x, y],
    integers: [i, j],
    booleans: [lc.lt(i, j)],
    numbers: [lc.max(x)],
    counts: [n],
    rows: [rows, rows, lc.neg(rows)]
  }
  const choices = new Choices(tape)
  while (choices.left) statement(pool, choices, 0)
  return [pool.floats.slice(-12), pool.integers.slice(-8), pool.booleans.slice(-4), pool.numbers.at(-1)]
}

const total = (tape: ReadonlyArray<number>) => {
  const fn = functionOf(tape)
  return (...args: ReadonlyArray<Any>) =>
    (fn as Any)(...args)[0]
      .map((each: Any) => lc.sum(each))
      .reduce((a: Any, b: Any) => lc.add(a, b))
}

/** What is traced of a function: itself, its derivatives, or it over a batch. */
const forms = {
  plain: functionOf,
  total,
  gradient: (tape) => lc.grad(total(tape)),
  second: (tape) => {
    const gradient = lc.grad(total(tape))
    return (x: Any, ...rest: ReadonlyArray<Any>) =>
      lc.jvp((t: Any) => gradient(t, ...rest), [x], [lc.ones([3], "f32")])
  },
  batch: (tape) => (x: Any, y: Any, i: Any, j: Any, n: Any, rows: Any) =>
    lc.vmap((...args: ReadonlyArray<Any>) => (functionOf(tape) as Any)(...args))(
      ...[x, y].map((each) => lc.stack([each, lc.neg(each)])),
      ...[i, j].map((each) => lc.stack([each, lc.add(each, 1)])),
      lc.stack([n, lc.add(n, 1)]),
      lc.stack([rows, rows])
    )
} satisfies Readonly<Record<string, (tape: ReadonlyArray<number>) => (...args: ReadonlyArray<Any>) => Any>>

export type Form = keyof typeof forms

export const tracedOf = (tape: ReadonlyArray<number>, form: Form = "plain"): Traced =>
  traceNow(
    [lc.f32(3), lc.f32(3), lc.i32(3), lc.i32(3), lc.i32(), lc.f32(4, 3)] as Any,
    forms[form](tape) as Any
  )

export const programOf = (tape: ReadonlyArray<number>, form: Form = "plain"): Program =>
  tracedOf(tape, form).program

/** Arguments of such a program, flat. */
export type RandomArguments = readonly [
  ReadonlyArray<number>,
  ReadonlyArray<number>,
  ReadonlyArray<number>,
  ReadonlyArray<number>,
  number,
  ReadonlyArray<number>
]

export interface RandomCase {
  /** The choices that make the program. */
  readonly tape: ReadonlyArray<number>
  readonly args: RandomArguments
}

const special = [0, -0, 1, -1, 0.1, 3, 1e6, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const floatOf = (more: ReadonlyArray<number>) => fc.constantFrom(...[...special, ...more].map(Math.fround))
const integerOf = fc.constantFrom(0, 1, -1, 2, 7, 2 ** 31 - 1, -(2 ** 31))
const list = (item: fc.Arbitrary<number>, length: number) =>
  fc.array(item, { minLength: length, maxLength: length })

/** Programs with loops and branches, which repeat themselves, and arguments with special values; `more` floats beside. */
export const randomCases = (more: ReadonlyArray<number> = []): fc.Arbitrary<RandomCase> =>
  fc.record({
    tape: fc.array(fc.nat(1000), { minLength: 100, maxLength: 300, size: "max" }),
    args: fc.tuple(
      list(floatOf(more), 3),
      list(floatOf(more), 3),
      list(integerOf, 3),
      list(integerOf, 3),
      fc.integer({ min: -1, max: 6 }),
      list(floatOf(more), 12)
    )
  })

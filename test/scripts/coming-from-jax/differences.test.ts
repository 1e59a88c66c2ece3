import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import {
  and,
  at,
  cholesky,
  constant,
  cumprod,
  cumsum,
  type DeviceArray,
  div,
  jit,
  not,
  roll,
  round,
  scalar,
  sort,
  split,
  type Tensor,
  take,
  transpose,
  tree,
  triangularSolve
} from "../../../pjrt/loopcarry.ts"
import { lineOf } from "../../../scripts/coming-from-jax/read.ts"
import fixture from "../../fixtures/differences.json" with { type: "json" }
import { onDevice } from "../../support/run.ts"

type Name = keyof typeof fixture.results

const row = () => constant([1, 2, 3, 4], "f32")
const matrix = () =>
  constant(
    [
      [1, 2],
      [3, 4]
    ],
    "f32"
  )
const triangles = () =>
  constant(
    [
      [2, 5],
      [1, 1]
    ],
    "f32"
  )
const column = () => constant([[4], [5]], "f32")
const array = (shape: ReadonlyArray<number>, ...values: ReadonlyArray<number>) => ({ shape, values })

/** What the same call gives here, and what differs. */
const here: {
  readonly [N in Name]: readonly [program: () => ReadonlyArray<Tensor>, ...gives: ReadonlyArray<unknown>]
} = {
  "jax.Array.at.get": [
    () => [at(row(), constant([5, -1, -5], "i32")).get()],
    array([3], Number.NaN, 4, Number.NaN)
  ],
  "jax.lax.linalg.triangular_solve": [
    () => [transpose(triangularSolve(triangles(), column()))],
    array([1, 2], 2, 3)
  ],
  "jax.lax.round": [() => [round(constant([0.5, 1.5, 2.5], "f32"))], array([3], 0, 2, 2)],
  "jax.numpy.cumprod": [() => [cumprod(matrix())], array([2, 2], 1, 2, 3, 8)],
  "jax.numpy.cumsum": [() => [cumsum(matrix())], array([2, 2], 1, 2, 4, 6)],
  "jax.numpy.divide": [() => [div(constant([7, -7], "i32"), 2)], array([2], 3, -3)],
  "jax.numpy.logical_and": [() => [and(constant([6], "i32"), 1)], array([1], 0)],
  "jax.numpy.logical_not": [() => [not(constant([0, 5], "i32"))], array([2], -1, -6)],
  "jax.numpy.roll": [() => [roll(matrix(), 1)], array([2, 2], 3, 4, 1, 2)],
  "jax.numpy.sort": [
    () => [div(1, sort(constant([0, -0], "f32"), -1, { descending: true }))],
    array([2], Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  ],
  "jax.numpy.split": [() => split(constant([0, 1, 2, 3], "i32"), [1, 3]), array([1], 0), array([3], 1, 2, 3)],
  "jax.numpy.take": [() => [take(matrix(), constant([1], "i32"))], array([1, 2], 3, 4)],
  "jax.scipy.linalg.cholesky": [
    () => [
      cholesky(
        constant(
          [
            [4, 2],
            [2, 5]
          ],
          "f32"
        )
      )
    ],
    array([2, 2], 2, 0, 1, 2)
  ],
  "jax.scipy.linalg.solve_triangular": [() => [triangularSolve(triangles(), column())], array([2, 1], 2, 3)],
  "jax.tree.leaves": [
    () => tree.leaves({ b: scalar(1, "i32"), a: scalar(2, "i32") }),
    array([], 1),
    array([], 2)
  ]
}

const names = Object.keys(here) as Array<Name>

describe("what the table of JAX's names says to differ", () => {
  const run = onDevice("reference")
  const given = Effect.gen(function* () {
    const arrays = (yield* jit([], () => names.map((name) => here[name][0]()))()) as ReadonlyArray<
      ReadonlyArray<DeviceArray>
    >
    return yield* Effect.forEach(arrays, (each) =>
      Effect.forEach(each, ({ shape, read }) =>
        Effect.map(read, (values) => ({
          shape,
          values: typeof values === "number" ? [values] : [...(values as Iterable<number>)]
        }))
      )
    )
  })

  it("differs from JAX as it says, and has a note", async () => {
    const results = await run(given)
    names.forEach((name, i) => {
      expect(results[i], name).toEqual(here[name].slice(1))
      const jax = fixture.results[name].map(({ shape, values }) => ({ shape, values: values.map(Number) }))
      expect(results[i], name).not.toEqual(jax)
      expect(lineOf(name)?.note, name).toMatch(/\S/)
    })
  })
})

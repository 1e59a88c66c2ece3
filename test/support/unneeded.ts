import {
  add,
  arange,
  cond,
  convert,
  cos,
  cumsum,
  f32,
  fori,
  grad,
  gt,
  i32,
  jacrev,
  jit,
  log,
  lt,
  mul,
  scalar,
  scan,
  select,
  sqrt,
  stopGradient,
  sub,
  type Tensor,
  take,
  vjp,
  vmap,
  whileLoop,
  zeros
} from "../../pjrt/loopcarry.ts"
import type { NumberCase } from "./number-cases.ts"

type Scalar = Tensor<"f32", readonly []>
type Policy = "all" | "sqrt" | "recompute" | { readonly every: number }

export const policies: ReadonlyArray<Policy> = ["all", "sqrt", "recompute", { every: 2 }, { every: 1 }]

const gradOf = (fn: (x: Scalar) => Scalar, at: number) => ({
  program: jit([f32()], (x) => grad(fn)(x)),
  inputs: [at]
})

/** The square root of zero, and so an infinite derivative. */
const edge = (x: Scalar): Scalar => sqrt(sub(x, x))

const loops = policies.flatMap((checkpoint): ReadonlyArray<NumberCase> => {
  const named = (what: string) => ({
    name: `${what}, checkpoint ${JSON.stringify(checkpoint)}`,
    variant: checkpoint !== "all"
  })
  const run = (fn: (c: Scalar, d: Scalar, x: Scalar) => readonly [Scalar, Scalar]) => (x: Scalar) =>
    scan(
      [x, x],
      arange(4),
      ([c, d]) => {
        const [next, other] = fn(c, d, x)
        return [[next, other], null]
      },
      { checkpoint }
    )[0][0]
  return [
    {
      ...named("a part of a carry that nothing uses"),
      ...gradOf(
        run((c, d) => [mul(c, 2), edge(d)]),
        1.5
      ),
      right: 16
    },
    {
      ...named("a part of a carry that only a comparison uses"),
      ...gradOf(
        run((c, d, x) => [select(gt(d, 0.5), mul(c, x), mul(c, 2)), edge(d)]),
        1.5
      ),
      right: 24
    },
    {
      ...named("a part of a carry that only a predicate uses"),
      ...gradOf(
        run((c, d, x) => [
          cond(
            gt(d, 0.5),
            () => mul(c, x),
            () => mul(c, 2)
          ),
          edge(d)
        ]),
        1.5
      ),
      right: 24
    },
    {
      ...named("a part of a carry that is only an index"),
      ...gradOf(
        run((c, d, x) => [
          mul(c, take(cumsum(convert(arange(3), "f32")), convert(d, "i32"))),
          edge(add(d, x))
        ]),
        1.5
      ),
      right: 0
    },
    {
      ...named("a part of a carry that only a loop's condition uses"),
      ...gradOf(
        run((c, d) => {
          const halved = whileLoop(
            ([, limit]) => gt(limit, 1),
            ([value, limit]) => [mul(value, 3), mul(limit, 0.5)] as const,
            [c, d] as const,
            { max: 3, checkpoint }
          )
          return [halved[0], edge(d)]
        }),
        1.5
      ),
      right: 3
    },
    {
      ...named("a part of an inner carry that nothing uses"),
      ...gradOf(
        run((c, d) => {
          const inner = scan([c, d], arange(2), ([a, b]) => [[mul(a, 2), edge(b)], null], { checkpoint })
          return [inner[0][0], edge(d)]
        }),
        1.5
      ),
      right: 256
    },
    {
      ...named("a bounded loop's unused part"),
      ...gradOf(
        (x) =>
          whileLoop(
            ([, , i]) => lt(i, 3),
            ([c, d, i]) => [mul(c, x), edge(d), add(i, 1)] as const,
            [x, x, scalar(0, "i32")] as const,
            { max: 5, checkpoint }
          )[0],
        1.5
      ),
      right: 13.5
    },
    {
      ...named("a second derivative beside an unused part"),
      program: jit([f32()], (x) => grad(grad(run((c, d, y) => [mul(c, y), edge(d)])))(x)),
      inputs: [1.5],
      right: 67.5
    },
    {
      ...named("a row that only a comparison uses"),
      ...gradOf(
        (x) =>
          scan(
            x,
            sqrt(mul(zeros([4], "f32"), x)),
            (c, row) => [select(gt(row, 1), mul(c, x), mul(c, 2)), null],
            {
              checkpoint
            }
          )[0],
        1.5
      ),
      right: 16
    }
  ]
})

/** Programs some parts of which no result needs, or whose derivative no result needs: what those are must not matter. */
export const unneeded: ReadonlyArray<NumberCase> = [
  ...loops,
  {
    name: "a step's part that is NaN and dropped",
    ...gradOf((x) => scan([x, x], null, ([a]) => [[a, mul(a, Number.NaN)], null], { length: 1 })[0][0], 3),
    right: 1
  },
  {
    name: "an unbounded loop whose result is a constant to the derivative",
    ...gradOf((x) => {
      const [t] = whileLoop(
        ([, i]) => lt(i, 5),
        ([value, i]) => [mul(value, x), add(i, 1)] as const,
        [x, scalar(0, "i32")] as const
      )
      return mul(x, stopGradient(t))
    }, 1.1),
    right: 1.7715611
  },
  {
    name: "an unbounded loop that hands on what is differentiated",
    ...gradOf((x) => {
      const [, y] = whileLoop(
        ([, , i]) => lt(i, 5),
        ([value, y, i]) => [mul(value, y), y, add(i, 1)] as const,
        [x, x, scalar(0, "i32")] as const
      )
      return mul(y, 6)
    }, 1.1),
    right: 6
  },
  {
    name: "a scan of traced length without bound that hands on what is differentiated",
    program: jit([f32(), i32()], (x, n) =>
      grad((y: Scalar) => fori(0, n, (_, [a, b]) => [a, mul(b, 2)] as const, [y, y] as const)[0])(x)
    ),
    inputs: [1.5, 3],
    right: 1
  },
  {
    name: "a branch's result that nothing uses",
    ...gradOf(
      (x) =>
        cond(
          gt(x, 0),
          () => [mul(x, 3), edge(x)] as const,
          () => [x, edge(x)] as const
        )[0],
      1.5
    ),
    right: 3
  },
  {
    name: "one row of a Jacobian beside a result whose derivative is not finite",
    program: jit([f32()], (x) => jacrev((y: Scalar) => [mul(y, 2), edge(y)] as const)(x)[0]!),
    inputs: [1.5],
    right: 2
  },
  {
    name: "one row of a Jacobian of a scan beside a part whose derivative is not finite",
    program: jit(
      [f32()],
      (x) =>
        jacrev((y: Scalar) => scan([y, y], arange(3), ([a, b]) => [[mul(a, 2), edge(b)], null])[0])(x)[0]!
    ),
    inputs: [1.5],
    right: 8
  },
  {
    name: "a cotangent that is left out",
    program: jit([f32()], (x) => {
      const [, pull] = vjp(
        (y: Scalar) => scan([y, y], arange(3), ([a, b]) => [[mul(a, cos(y)), edge(b)], b]),
        x
      )
      return pull([[scalar(1, "f32"), null], null] as never)[0] as unknown as Scalar
    }),
    inputs: [0],
    right: 1
  },
  {
    name: "a mapped scan's part that nothing uses",
    program: jit([f32(2)], (xs) =>
      vmap(
        grad((x: Scalar) => scan([x, x], arange(3), ([a, b]) => [[mul(a, x), log(sub(b, b))], null])[0][0])
      )(xs)
    ),
    inputs: [[1, 2]],
    right: [4, 32]
  }
]

import {
  add,
  arange,
  cond,
  convert,
  customVjp,
  div,
  f32,
  grad,
  gt,
  hessian,
  i32,
  jacfwd,
  jit,
  jvp,
  linearize,
  log,
  lt,
  matmul,
  mul,
  ones,
  pow,
  record,
  reshape,
  scalar,
  scan,
  sqrt,
  stack,
  sub,
  sum,
  switchCase,
  type Tensor,
  take,
  tanh,
  vmap,
  whileLoop
} from "../../pjrt/loopcarry.ts"
import type { NumberCase } from "./number-cases.ts"

type Scalar = Tensor<"f32", readonly []>
type Vector = Tensor<"f32", readonly [3]>

/** The gradient of a batch's sum. */
export const batchGrad = (fn: (x: Scalar) => Scalar, at: ReadonlyArray<number>) => ({
  program: jit([f32(at.length)], (xs) => grad((all: typeof xs) => sum(vmap(fn)(all)))(xs)),
  inputs: [at]
})

const logOrZero = (x: Scalar): Scalar =>
  cond(
    gt(x, 0),
    () => log(x),
    () => mul(x, 0)
  )

const logTwice = (x: Scalar): Scalar =>
  scan(x, arange(2), (c) => [
    cond(
      gt(c, 0),
      () => log(c),
      () => c
    ),
    c
  ])[0]

/** 1 / x where x is positive; 0 else, where 1 / x may be infinite. */
const guardedBy = (x: Scalar, fn: (x: Scalar) => Scalar): Scalar =>
  cond(
    gt(x, 0),
    () => fn(x),
    () => mul(x, 0)
  )

const at = [2, 0, -1, 4]

/** The gradient of the batch's sum by what all members share. */
const sharedGrad = (fn: (w: Scalar, x: Scalar) => Scalar, w: number) => ({
  program: jit([f32(), f32(4)], (weight, xs) =>
    grad((shared: Scalar) => sum(vmap((x: Scalar) => guardedBy(x, (y) => fn(shared, y)))(xs)))(weight)
  ),
  inputs: [w, at]
})

const matrixGrad = (fn: (m: Tensor<"f32", readonly [2, 2]>, x: Scalar) => Scalar) => ({
  program: jit([f32(2, 2), f32(4)], (m, xs) =>
    grad((shared: typeof m) => sum(vmap((x: Scalar) => guardedBy(x, (y) => fn(shared, y)))(xs)))(m)
  ),
  inputs: [
    [
      [1, 2],
      [3, 4]
    ],
    at
  ]
})

const pair = (a: Scalar, b: Scalar) => stack([a, b])

export const untaken: ReadonlyArray<NumberCase> = [
  { name: "a branch of each member", ...batchGrad(logOrZero, [1, 0]), right: [1, 0] },
  {
    name: "forward mode",
    program: jit([f32(2)], (xs) => jvp(vmap(logOrZero), [xs], [ones([2], "f32")])[1]),
    inputs: [[1, 0]],
    right: [1, 0]
  },
  {
    name: "a Jacobian by forward mode",
    program: jit([f32(2)], (xs) => jacfwd((all: typeof xs) => vmap(logOrZero)(all))(xs)),
    inputs: [[2, 0]],
    right: [0.5, 0, 0, 0]
  },
  {
    name: "second derivatives",
    program: jit([f32(2)], (xs) => hessian((all: typeof xs) => sum(vmap(logOrZero)(all)))(xs)),
    inputs: [[2, 0]],
    right: [-0.25, 0, 0, 0]
  },
  {
    name: "third derivatives",
    program: jit([f32(2)], (xs) => {
      const total = (all: typeof xs) => sum(vmap(logOrZero)(all))
      const first = (all: typeof xs) => sum(grad(total)(all))
      const second = (all: typeof xs) => sum(grad(first)(all))
      return grad(second)(xs)
    }),
    inputs: [[2, 0]],
    right: [0.25, 0]
  },
  {
    name: "a derivative of forward mode",
    program: jit([f32(2)], (xs) =>
      grad((all: typeof xs) => sum(jvp(vmap(logOrZero), [all], [ones([2], "f32")])[1]))(xs)
    ),
    inputs: [[2, 0]],
    right: [-0.25, 0]
  },
  {
    name: "forward mode of a gradient",
    program: jit(
      [f32(2)],
      (xs) =>
        jvp(
          grad((all: typeof xs) => sum(vmap(logOrZero)(all))),
          [xs],
          [ones([2], "f32")]
        )[1]
    ),
    inputs: [[2, 0]],
    right: [-0.25, 0]
  },
  {
    name: "a derivative of a linear part",
    program: jit([f32(2)], (xs) =>
      grad((all: typeof xs) => {
        const [, push] = linearize((each: typeof xs) => vmap(logOrZero)(each), all)
        return sum(push(ones([2], "f32")) as typeof xs)
      })(xs)
    ),
    inputs: [[2, 0]],
    right: [-0.25, 0]
  },
  {
    name: "carries recorded beside",
    program: jit([f32(2)], (xs) =>
      grad((all: typeof xs) => sum(record((each: typeof xs) => vmap(logTwice)(each))(all)[0]))(xs)
    ),
    inputs: [[5, 0]],
    right: [0.124266982, 1]
  },
  {
    name: "a rule of one's own, by what all share",
    ...sharedGrad(
      customVjp((w: Scalar, x: Scalar) => mul(w, log(x)), {
        forward: (w, x) => [mul(w, log(x)), [w, x] as const],
        backward: ([w, x], ct) => [mul(ct, log(x)), div(mul(ct, w), x)]
      }),
      3
    ),
    right: 2.0794415416798357
  },
  {
    name: "one of three branches",
    program: jit([f32(4), i32(4)], (xs, which) =>
      grad((all: typeof xs) =>
        sum(
          vmap((x: Scalar, i: Tensor<"i32", readonly []>) =>
            switchCase(i, [() => log(x), () => sqrt(x), () => mul(x, 3)])
          )(all, which)
        )
      )(xs)
    ),
    inputs: [
      [2, 4, 0, -1],
      [0, 1, 2, 7]
    ],
    right: [0.5, 0.25, 3, 3]
  },
  {
    name: "a branch within a branch",
    ...batchGrad(
      (x) =>
        guardedBy(x, (y) =>
          cond(
            gt(y, 3),
            () => sqrt(sub(y, 3)),
            () => log(y)
          )
        ),
      [4, 2, 3, 0]
    ),
    right: [0.5, 0.5, 1 / 3, 0]
  },
  {
    name: "a batch of batches",
    program: jit([f32(2, 2)], (xs) => grad((all: typeof xs) => sum(vmap(vmap(logOrZero))(all)))(xs)),
    inputs: [
      [
        [1, 0],
        [-1, 2]
      ]
    ],
    right: [1, 0, 0, 0.5]
  },
  { name: "a shared divisor", ...sharedGrad((w, x) => log(div(x, w)), 2), right: -1 },
  { name: "a shared exponent", ...sharedGrad((w, x) => pow(x, w), 2), right: 24.953298500158 },
  { name: "a shared factor", ...sharedGrad((w, x) => log(mul(x, w)), 2), right: 1 },
  { name: "a shared factor of what is infinite", ...sharedGrad((w, x) => mul(div(1, x), w), 2), right: 0.75 },
  { name: "a shared term", ...sharedGrad((w, x) => log(add(log(x), w)), 2), right: 0.6666208469904528 },
  {
    name: "a shared matrix",
    ...matrixGrad((m, x) => sum(matmul(m, pair(log(x), div(1, x))))),
    right: [2.0794415416798357, 0.75, 2.0794415416798357, 0.75]
  },
  {
    name: "a shared matrix whose product is infinite",
    ...matrixGrad((m, x) => sum(log(matmul(m, pair(x, x))))),
    right: [2 / 3, 2 / 3, 2 / 7, 2 / 7]
  },
  {
    name: "a shared table",
    ...matrixGrad((m, x) => log(mul(take(reshape(m, [4]), convert(sub(x, 1), "i32")), x))),
    right: [0, 0.5, 0, 0.25]
  },
  {
    name: "a scan in a branch, with weights that all share",
    ...matrixGrad((m, x) =>
      sum(scan(mul(pair(log(x), log(x)), 0.1), arange(2), (h) => [tanh(matmul(m, h)), null])[0])
    ),
    right: [0.14761464, 0.26589027, 0.06388103, 0.07190805]
  },
  {
    name: "a branch in each step, with a weight that all share",
    program: jit([f32(), f32(2, 3)], (w, xs) =>
      grad((shared: Scalar) =>
        sum(
          vmap(
            (row: Vector) =>
              scan(scalar(1, "f32"), row, (c, x) => [
                cond(
                  gt(x, 0),
                  () => mul(c, mul(shared, sqrt(x))),
                  () => c
                ),
                null
              ])[0]
          )(xs)
        )
      )(w)
    ),
    inputs: [
      2,
      [
        [4, 0, 9],
        [0, -1, 1]
      ]
    ],
    right: 25
  },
  {
    name: "a loop in a branch that is not taken, which would not end",
    program: jit([f32(3)], (xs) =>
      vmap((x: Scalar) =>
        cond(
          gt(x, 0),
          () =>
            whileLoop(
              (y) => lt(y, 100),
              (y) => mul(y, 2),
              x
            ),
          () => x
        )
      )(xs)
    ),
    inputs: [[3, 0, -1]],
    right: [192, 0, -1]
  }
]

import {
  f32,
  fori,
  grad,
  gt,
  i32,
  jit,
  mul,
  sqrt,
  sub,
  sum,
  type Tensor,
  vmap,
  whileLoop
} from "../../pjrt/loopcarry.ts"
import type { NumberCase } from "./number-cases.ts"
import { policies } from "./unneeded.ts"
import { batchGrad } from "./untaken.ts"

type Scalar = Tensor<"f32", readonly []>

/** Loops whose members take different numbers of steps, under every checkpoint policy. */
export const untakenSteps: ReadonlyArray<NumberCase> = policies.flatMap(
  (checkpoint): ReadonlyArray<NumberCase> => {
    const named = (what: string) => ({
      name: `${what}, checkpoint ${JSON.stringify(checkpoint)}`,
      variant: checkpoint !== "all"
    })
    const root = (x: Scalar) =>
      whileLoop(
        (y) => gt(y, 1),
        (y) => sqrt(sub(y, 1)),
        x,
        { max: 20, checkpoint }
      )
    const halve = (x: Scalar, n: Tensor<"i32", readonly []>) =>
      fori(0, n, (_, c) => sqrt(sub(c, 1)), x, { max: 5, checkpoint })
    return [
      {
        ...named("loops that end at different steps"),
        ...batchGrad(root, [5, 2, 1, 10]),
        right: [0.125, 0.5, 1, 0.045778510984]
      },
      {
        ...named("second derivatives of loops that end at different steps"),
        program: jit([f32(4)], (xs) =>
          grad((all: typeof xs) => sum(grad((each: typeof xs) => sum(vmap(root)(each)))(all)))(xs)
        ),
        inputs: [[5, 2, 1, 10]],
        right: [-0.03125, -0.25, 0, -0.0077068868]
      },
      {
        ...named("loops of different lengths"),
        program: jit([f32(3), i32(3)], (xs, ns) => grad((all: typeof xs) => sum(vmap(halve)(all, ns)))(xs)),
        inputs: [
          [5, 2, 1],
          [2, 1, 0]
        ],
        right: [0.125, 0.5, 1]
      },
      {
        ...named("a weight that steps of different numbers share"),
        program: jit([f32(), f32(3), i32(3)], (w, xs, ns) =>
          grad((weight: typeof w) =>
            sum(
              vmap((x: Scalar, n: Tensor<"i32", readonly []>) =>
                fori(0, n, (_, c) => mul(weight, sqrt(sub(c, 1))), x, { max: 4, checkpoint })
              )(xs, ns)
            )
          )(w)
        ),
        inputs: [2, [10, 5, 1], [2, 1, 0]],
        right: 5.577708763999664
      }
    ]
  }
)

import {
  add,
  arange,
  bf16,
  convert,
  f32,
  grad,
  i32,
  jit,
  mul,
  scan,
  sum,
  type Tensor,
  vmap
} from "../../pjrt/loopcarry.ts"
import type { NumberCase } from "./number-cases.ts"
import { policies } from "./unneeded.ts"

type Scalar = Tensor<"f32", readonly []>
type Integer = Tensor<"i32", readonly []>

/** Ranges, and the sum of their numbers as the dtype holds them (JAX 0.10.2 for half floats). */
const ranges = [
  { name: "f16 with a fraction", range: () => arange(0.1, 0.75, 0.1, "f16"), total: 2.8001708984375 },
  { name: "bf16 with a fraction", range: () => arange(0.1, 0.75, 0.1, "bf16"), total: 2.80224609375 },
  { name: "f16", range: () => arange(1000, 1300, 7, "f16"), total: 49321 },
  { name: "bf16", range: () => arange(1000, 1300, 7, "bf16"), total: 49316 },
  { name: "u8 down", range: () => arange(250, 0, -50, "u8"), total: 750 },
  { name: "i8 by more than it holds", range: () => arange(-120, 127, 200, "i8"), total: -40 },
  { name: "i16 by more than it holds", range: () => arange(-30000, 20001, 50000, "i16"), total: -10000 }
] as const

/** The gradient by what a range's numbers are multiplied with is their sum, however they are worked out again. */
export const counted: ReadonlyArray<NumberCase> = policies.flatMap(
  (checkpoint): ReadonlyArray<NumberCase> => {
    const variant = checkpoint !== "all"
    const told = `checkpoint ${JSON.stringify(checkpoint)}`
    const weighted = (w: Scalar, xs: Tensor): Scalar =>
      scan(
        mul(w, 0),
        xs as Tensor<"f32", readonly [7]>,
        (c, x) => [add(c, mul(w, convert(x, "f32"))), null],
        {
          checkpoint
        }
      )[0]
    const bounded = (dtype: "f16" | "bf16") => (w: Scalar, start: Integer, stop: Integer) =>
      scan(
        mul(w, 0),
        arange(start, stop, 7, { max: 50, dtype }),
        (c, x) => [add(c, mul(w, convert(x, "f32"))), null],
        { checkpoint }
      )[0]
    const starts = (dtype: "f16" | "bf16", right: ReadonlyArray<number>): ReadonlyArray<NumberCase> => [
      {
        name: `${dtype} from a start of the program, ${told}`,
        variant,
        program: jit([f32(), i32(), i32()], (w, start, stop) =>
          grad((each: Scalar) => bounded(dtype)(each, start, stop))(w)
        ),
        inputs: [2, 1000, 1300],
        right: right[0]!
      },
      {
        name: `${dtype} from a start of each member, ${told}`,
        variant,
        program: jit([f32(2), i32(2), i32()], (w, start, stop) =>
          grad((each: typeof w) => sum(vmap(bounded(dtype), { in: [0, 0, null] })(each, start, stop)))(w)
        ),
        inputs: [[2, 3], [1000, 1203], 1300],
        right
      }
    ]
    return [
      ...ranges.map(({ name, range, total }) => ({
        name: `${name}, ${told}`,
        variant,
        program: jit([f32()], (w) => grad((each: Scalar) => weighted(each, range()))(w)),
        inputs: [2],
        right: total
      })),
      {
        name: `what a thousand steps give back to a half float that all share, ${told}`,
        variant,
        program: jit([bf16()], (w) =>
          grad(
            (each: typeof w) =>
              scan(mul(each, 0), arange(1000), (c) => [add(c, mul(each, 0.1)), null], { checkpoint })[0]
          )(w)
        ),
        inputs: [1],
        right: 100
      },
      ...starts("f16", [49321, 17479]),
      ...starts("bf16", [49316, 17440])
    ]
  }
)

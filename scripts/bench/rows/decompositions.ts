import { eigh, qr, solve } from "../../../dsl/linalg/index.ts"
import { add, cholesky, eye, f32, mul, square, sum, type Tensor } from "../../../pjrt/loopcarry.ts"
import { normal } from "../inputs.ts"
import { type Row, row } from "../row.ts"

/** Numbers of matrices, and their rows. */
const sizes: ReadonlyArray<readonly [label: string, shape: ReadonlyArray<number>]> = [
  ["32 x 32", [32, 32]],
  ["256 x 256", [256, 256]],
  ["256 of 8 x 8", [256, 8, 8]]
]

type Matrices = Tensor<"f32">

/** With a diagonal that makes the mean of a matrix and its transpose positive definite. */
const dominant = (x: Matrices): Matrices => add(x, mul(eye(x.shape.at(-1)!, "f32"), 4)) as Matrices

const tolerance = { relative: 1e-3, absolute: 1e-3 }

const rowsOf = ([label, shape]: (typeof sizes)[number], i: number): ReadonlyArray<Row> => {
  const n = shape.at(-1)!
  const matrices = normal(f32(...shape), 20 + i, n ** -0.5)
  const right = normal(f32(...shape.slice(0, -1), 1), 30 + i)
  return [
    row(`cholesky ${label}`, [matrices], (x) => cholesky(dominant(x)), tolerance),
    row(`qr ${label}`, [matrices], (x) => [...qr(dominant(x))], tolerance),
    row(
      `eigh ${label}`,
      [matrices],
      (x) => {
        const [values, vectors] = eigh(x as Matrices)
        // All vectors are made, whose signs are not JAX's.
        return [values, sum(square(vectors), -2)]
      },
      tolerance
    ),
    row(`solve ${label}`, [matrices, right], (x, b) => solve(dominant(x), b as Matrices), tolerance)
  ]
}

/** Linear algebra, for which JAX on a CPU calls LAPACK. */
export const decompositionRows: ReadonlyArray<Row> = sizes
  .flatMap(rowsOf)
  .map((plain) => ({ ...plain, kind: "operation" }))

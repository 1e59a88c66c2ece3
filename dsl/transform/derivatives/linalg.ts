import type { TriangularParams } from "../../params.ts"
import { apply1 } from "../../primitives/index.ts"
import type { Params } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import {
  compare,
  conjugate,
  flip,
  iota,
  neg,
  range,
  scale,
  select,
  sliceAxis,
  unary,
  zeros
} from "../../values.ts"
import { type Derivatives, factor } from "./derivative.ts"

const product = (a: Value, b: Value): Value => {
  const rank = a.shape.length
  const batch = range(rank - 2)
  return apply1("dot", { contracting: [[rank - 1], [rank - 2]], batch: [batch, batch] }, a, b)
}

/** Keeps a triangle of the last two axes; without the diagonal where `strict`. */
const triangle = (x: Value, lower: boolean, strict: boolean): Value => {
  const rank = x.shape.length
  const [row, column] = [iota(x.shape, rank - 2), iota(x.shape, rank - 1)]
  const [big, small] = lower ? [row, column] : [column, row]
  return select(compare(strict ? "gt" : "ge", big, small), x, zeros(x))
}

/** The lower triangle with half the diagonal. */
const halved = (x: Value): Value => {
  const rank = x.shape.length
  const diagonal = compare("eq", iota(x.shape, rank - 2), iota(x.shape, rank - 1))
  return triangle(select(diagonal, scale(x, 0.5), x), true, false)
}

const solve = (a: Value, b: Value, params: TriangularParams): Value => apply1("triangularSolve", params, a, b)

const lowerRight = (transposed: boolean): TriangularParams => ({
  leftSide: !transposed,
  lower: true,
  unitDiagonal: false,
  transpose: transposed ? "adjoint" : "none"
})

const turned = { none: "transpose", transpose: "none" } as const

/** The cotangent of the right-hand side: the same system, transposed. */
const solveTransposed = (a: Value, ct: Value, params: TriangularParams): Value =>
  params.transpose === "adjoint"
    ? solve(conjugate(a), ct, { ...params, transpose: "none" })
    : solve(a, ct, { ...params, transpose: turned[params.transpose] })

/** The transform of real numbers is the first half of the complex one. This is its transpose. */
const halfSpectrumTransposed = (ct: Value, x: Value, { lengths }: Params["fft"]): Value => {
  const last = x.shape.length - 1
  const none = x.shape.map(() => 0)
  const high = none.map((_, i) => (i === last ? x.shape[last]! - ct.shape[last]! : 0))
  const padded = apply1("pad", { low: none, high, interior: none }, ct, zeros({ dtype: ct.dtype, shape: [] }))
  return unary("real", apply1("fft", { kind: "fft", lengths }, padded))
}

/** The other half of a real array's spectrum: the conjugate of the first at the opposite frequencies. */
const wholeSpectrum = (x: Value, { lengths }: Params["fft"]): Value => {
  const last = x.shape.length - 1
  const length = lengths.at(-1)!
  const tail = conjugate(sliceAxis(x, last, 1, Math.ceil(length / 2)))
  let opposite = apply1("reverse", { axes: [last] }, tail)
  // On the other axes frequency k pairs with -k, which is n - k for all but 0.
  for (let axis = x.shape.length - lengths.length; axis < last; axis++) {
    const count = x.shape[axis]!
    const rest = apply1("reverse", { axes: [axis] }, sliceAxis(opposite, axis, 1, count))
    opposite = apply1("concatenate", { axis }, sliceAxis(opposite, axis, 0, 1), rest)
  }
  const whole = apply1("concatenate", { axis: last }, x, opposite)
  return unary("real", apply1("fft", { kind: "ifft", lengths }, whole))
}

export const linalgDerivatives: Derivatives<"fft" | "cholesky" | "triangularSolve"> = {
  fft: {
    each: ({ inputs: [x], params }) => {
      const same = (t: Value) => apply1("fft", params, t)
      switch (params.kind) {
        case "rfft":
          return [{ push: same, pull: (ct) => halfSpectrumTransposed(ct, x!, params) }]
        case "irfft":
          return [{ push: (t) => wholeSpectrum(t, params) }]
        default:
          return [factor(same)]
      }
    }
  },
  // Murray 2016, "Differentiation of the Cholesky decomposition": dL = L phi(L^-1 dA L^-H).
  cholesky: {
    each: ({ outputs: [l] }) => [
      {
        push: (t) => {
          const right = solve(l!, t, lowerRight(true))
          return product(l!, halved(solve(l!, right, lowerRight(false))))
        }
      }
    ]
  },
  triangularSolve: {
    each: ({ inputs: [a], outputs: [x], params }) => [
      {
        // a x = b: a dx = -da x
        push: (t) => {
          const moved = triangle(t, params.lower, params.unitDiagonal)
          const placed =
            params.transpose === "none"
              ? moved
              : params.transpose === "transpose"
                ? flip(moved)
                : conjugate(flip(moved))
          const change = params.leftSide ? product(placed, x!) : product(x!, placed)
          return neg(solve(a!, change, params))
        }
      },
      {
        push: (t) => solve(a!, t, params),
        pull: (ct) => solveTransposed(a!, ct, params)
      }
    ]
  }
}

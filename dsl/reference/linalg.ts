import { isComplex } from "../dtype.ts"
import type { TriangularParams } from "../params.ts"
import type { Params } from "../program.ts"
import { arrayOf, at, build, type Element, indicesOf, type NdArray, placeOf } from "./array.ts"
import { type Complex, complex } from "./complex.ts"
import { combine } from "./elementwise.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"
import { elementOf, rounded, zeroOf } from "./number.ts"

const asComplex = (value: Element): Complex => (typeof value === "object" ? value : complex(Number(value), 0))

/** The transform along one axis of complex data, by its definition. */
const alongAxis = (x: NdArray, axis: number, sign: 1 | -1): NdArray => {
  const length = x.shape[axis]!
  return build(x, (index) => {
    let [re, im] = [0, 0]
    for (let k = 0; k < length; k++) {
      const value = at(
        x,
        index.map((place, i) => (i === axis ? k : place))
      ) as Complex
      const angle = (sign * 2 * Math.PI * ((k * index[axis]!) % length)) / length
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      re += value.re * cos - value.im * sin
      im += value.re * sin + value.im * cos
    }
    return complex(re, im)
  })
}

/** The whole spectrum of a real array from its first half. */
const mirrored = (x: NdArray, lengths: ReadonlyArray<number>): NdArray => {
  const rank = x.shape.length
  const shape = [...x.shape.slice(0, rank - 1), lengths.at(-1)!]
  const first = rank - lengths.length
  return build({ dtype: x.dtype, shape }, (index) => {
    if (index[rank - 1]! < x.shape[rank - 1]!) return at(x, index)
    const opposite = index.map((place, axis) =>
      axis < first ? place : (shape[axis]! - place) % shape[axis]!
    )
    const { re, im } = at(x, opposite) as Complex
    return complex(re, -im)
  })
}

const fft: Evaluate<"fft"> = ({ params, inputs: [x], outputs: [output] }) => {
  const { kind, lengths } = params as Params["fft"]
  const inverse = kind === "ifft" || kind === "irfft"
  const whole = kind === "irfft" ? mirrored(x!, lengths) : x!
  let result: NdArray = arrayOf(whole, whole.data.map(asComplex))
  const rank = whole.shape.length
  for (let axis = rank - lengths.length; axis < rank; axis++)
    result = alongAxis(result, axis, inverse ? 1 : -1)
  const scale = inverse ? 1 / lengths.reduce((a, b) => a * b, 1) : 1
  return [
    build(output!, (index) => {
      const { re, im } = at(result, index) as Complex
      const [a, b] = [rounded(re * scale, output!.dtype), rounded(im * scale, output!.dtype)]
      return isComplex(output!.dtype) ? complex(a, b) : a
    })
  ]
}

const conjugate = (value: Element): Element =>
  typeof value === "object" ? complex(value.re, -value.im) : value

/** The square root of a real pivot; NaN where a matrix is not positive definite. */
const rootOf = (value: Element): Element =>
  typeof value === "object" ? complex(Math.sqrt(value.re), 0) : Math.sqrt(value as number)

const cholesky: Evaluate<"cholesky"> = ({ inputs: [a], outputs: [output] }) => {
  const { dtype, shape } = a!
  const n = shape.at(-1)!
  const data = a!.data.map(() => zeroOf(dtype))
  for (const outer of indicesOf(shape.slice(0, -2))) {
    const place = (i: number, j: number) => placeOf(shape, [...outer, i, j])
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let total = a!.data[place(i, j)]!
        for (let k = 0; k < j; k++)
          total = combine(
            "sub",
            total,
            combine("mul", data[place(i, k)]!, conjugate(data[place(j, k)]!), dtype),
            dtype
          )
        data[place(i, j)] =
          i === j ? round(rootOf(total), dtype) : combine("div", total, data[place(j, j)]!, dtype)
      }
    }
  }
  return [arrayOf(output!, data)]
}

const round = (value: Element, dtype: NdArray["dtype"]): Element =>
  typeof value === "object" ? value : rounded(value as number, dtype)

/** Element (i, j) of op(a), of which only one triangle is looked at. */
const triangle = (
  a: NdArray,
  { lower, unitDiagonal, transpose }: TriangularParams,
  outer: ReadonlyArray<number>
) => {
  return (i: number, j: number): Element => {
    const [row, column] = transpose === "none" ? [i, j] : [j, i]
    if (row === column && unitDiagonal) return elementOf(1, a.dtype)
    if (lower ? row < column : row > column) return zeroOf(a.dtype)
    const value = at(a, [...outer, row, column])
    return transpose === "adjoint" ? conjugate(value) : value
  }
}

const triangularSolve: Evaluate<"triangularSolve"> = ({ params, inputs: [a, b], outputs: [output] }) => {
  const { dtype, shape } = b!
  const n = a!.shape.at(-1)!
  const data = [...b!.data]
  const many = params.leftSide ? shape.at(-1)! : shape.at(-2)!
  // op(a) is lower triangular where one of the two holds; x op(a) = b runs through it the other way.
  const down = (params.lower === (params.transpose === "none")) === params.leftSide
  for (const outer of indicesOf(shape.slice(0, -2))) {
    const element = triangle(a!, params, outer)
    const coefficient = (i: number, j: number) => (params.leftSide ? element(i, j) : element(j, i))
    const place = (i: number, k: number) => placeOf(shape, [...outer, ...(params.leftSide ? [i, k] : [k, i])])
    for (let k = 0; k < many; k++) {
      for (let step = 0; step < n; step++) {
        const i = down ? step : n - 1 - step
        let total = data[place(i, k)]!
        for (let j = down ? 0 : i + 1; j < (down ? i : n); j++)
          total = combine("sub", total, combine("mul", coefficient(i, j), data[place(j, k)]!, dtype), dtype)
        data[place(i, k)] = combine("div", total, coefficient(i, i), dtype)
      }
    }
  }
  return [arrayOf(output!, data)]
}

export const linalgEvaluates: Evaluates<"fft" | "cholesky" | "triangularSolve"> = {
  fft,
  cholesky,
  triangularSolve
}

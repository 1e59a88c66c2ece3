import { isComplex } from "../../dtype.ts"
import { arrayOf, type Element, type NdArray } from "../../reference/array.ts"
import { add, type Complex, complex, mul } from "../../reference/complex.ts"
import { rounded, roundedComplex } from "../../reference/number.ts"
import { type Aval, sizeOf } from "../../shape.ts"

/** Rows of complex numbers in double precision, whatever the dtype is. */
export type Matrix = Array<Array<Complex>>

export const zero = complex(0, 0)
export const one = complex(1, 0)

export const conjugate = ({ re, im }: Complex): Complex => complex(re, -im)
export const scaled = ({ re, im }: Complex, by: number): Complex => complex(re * by, im * by)
export const squareOf = ({ re, im }: Complex): number => re * re + im * im

const asComplex = (value: Element): Complex => (typeof value === "object" ? value : complex(Number(value), 0))

export const identity = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? one : zero)))

export const adjointOf = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => conjugate(row[j]!)))

export const dot = (x: ReadonlyArray<Complex>, y: ReadonlyArray<Complex>): Complex =>
  x.reduce((total, value, i) => add(total, mul(value, y[i]!)), zero)

export const times = (a: Matrix, b: Matrix, columns = b[0]?.length ?? 0): Matrix =>
  a.map((row) =>
    Array.from({ length: columns }, (_, j) =>
      dot(
        row,
        b.map((other) => other[j]!)
      )
    )
  )

/** The matrices of a batch. */
export const matricesOf = (x: NdArray): ReadonlyArray<Matrix> => {
  const [m, n] = x.shape.slice(-2) as [number, number]
  return Array.from({ length: sizeOf(x.shape.slice(0, -2)) }, (_, i) =>
    Array.from({ length: m }, (_, row) =>
      x.data.slice((i * m + row) * n, (i * m + row + 1) * n).map(asComplex)
    )
  )
}

export const isFinite = (a: Matrix): boolean =>
  a.every((row) => row.every(({ re, im }) => Number.isFinite(re) && Number.isFinite(im)))

/** NaN for each of the elements of arrays: what decompositions give of a matrix that is not finite. */
export const lost = (count: number): Array<Complex> =>
  new Array<Complex>(count).fill(complex(Number.NaN, Number.NaN))

/** Numbers as an array of the dtype: rounded, and of real dtypes without what is imaginary. */
export const arrayFrom = (aval: Aval, numbers: ReadonlyArray<Complex>): NdArray =>
  arrayOf(
    aval,
    numbers.map((z) => (isComplex(aval.dtype) ? roundedComplex(z, aval.dtype) : rounded(z.re, aval.dtype)))
  )

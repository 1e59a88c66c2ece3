import type { Composite } from "../../composites.ts"
import { arrayOf, type Element, type NdArray } from "../../reference/array.ts"
import { combine } from "../../reference/elementwise.ts"
import { sizeOf } from "../../shape.ts"

const sizeOfPivot = (value: Element): number =>
  typeof value === "object" ? Math.abs(value.re) + Math.abs(value.im) : Math.abs(Number(value))

const isZero = (value: Element): boolean =>
  typeof value === "object" ? value.re === 0 && value.im === 0 : value === 0

/** The matrices of a batch, as rows of elements. */
export function* matricesOf(x: NdArray): Generator<Array<Array<Element>>> {
  const [m, n] = x.shape.slice(-2) as [number, number]
  const count = sizeOf(x.shape.slice(0, -2))
  for (let i = 0; i < count; i++)
    yield Array.from({ length: m }, (_, row) => x.data.slice((i * m + row) * n, (i * m + row + 1) * n))
}

/** The first greatest size from row k on; NaN is greater than all. */
const pivotOf = (rows: ReadonlyArray<ReadonlyArray<Element>>, k: number): number => {
  let best = k
  for (let i = k; i < rows.length; i++) {
    const [size, most] = [sizeOfPivot(rows[i]![k]!), sizeOfPivot(rows[best]![k]!)]
    if (Number.isNaN(most)) break
    if (size > most || Number.isNaN(size)) best = i
  }
  return best
}

/** LU with partial pivoting, column by column. */
export const evaluateLu: NonNullable<Composite["evaluate"]> = ([a], outputs) => {
  const { dtype } = a!
  const [packed, pivots, order]: [Array<Element>, Array<Element>, Array<Element>] = [[], [], []]
  for (const rows of matricesOf(a!)) {
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const places = rows.map((_, i) => i)
    for (let k = 0; k < Math.min(m, n); k++) {
      const i = pivotOf(rows, k)
      for (const list of [rows, places] as Array<Array<unknown>>) [list[k], list[i]] = [list[i], list[k]]
      pivots.push(i)
      const upper = rows[k]!
      if (isZero(upper[k]!)) continue
      for (const row of rows.slice(k + 1)) {
        row[k] = combine("div", row[k]!, upper[k]!, dtype)
        for (let j = k + 1; j < n; j++)
          row[j] = combine("sub", row[j]!, combine("mul", row[k]!, upper[j]!, dtype), dtype)
      }
    }
    packed.push(...rows.flat())
    order.push(...places)
  }
  return [packed, pivots, order].map((data, i) => arrayOf(outputs[i]!, data))
}

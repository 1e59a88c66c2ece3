import { expect } from "vitest"
import type { DType } from "../../dsl/dtype.ts"
import { show } from "../../dsl/shape.ts"
import { isTensor } from "../../dsl/tensor.ts"
import { isDeviceArray } from "../../pjrt/array/array.ts"
import type { Tensor } from "../../pjrt/loopcarry.ts"

/** A tensor that an example gave, with its elements in lists within lists. */
interface Found {
  readonly type: string
  readonly value: unknown
}

/** A tensor's place among the results of the function that was traced. */
class Hole {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

const mapDeep = (value: unknown, leaf: (value: unknown) => unknown): unknown => {
  const made = leaf(value)
  if (made !== undefined) return made
  if (Array.isArray(value)) return value.map((each) => mapDeep(each, leaf))
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapDeep(each, leaf)]))
  return value
}

/** Takes the tensors out of a value, for the traced function to return them. */
export const takeTensors = (value: unknown, tensors: Array<Tensor>): unknown =>
  mapDeep(value, (each) => {
    if (!isTensor(each)) return undefined
    tensors.push(each)
    return new Hole(tensors.length - 1)
  })

const nested = (dtype: DType, shape: ReadonlyArray<number>, read: unknown): unknown => {
  const flat = shape.length === 0 ? [read] : [...(read as Iterable<unknown>)]
  const complex = dtype === "c64" || dtype === "c128"
  let items =
    complex && shape.length > 0
      ? flat.flatMap((_, i) => (i % 2 === 0 ? [[flat[i], flat[i + 1]]] : []))
      : flat.map((each) => (dtype === "bool" ? Boolean(each) : each))
  for (const dim of shape.slice(1).reverse())
    items = Array.from({ length: items.length / Math.max(1, dim) }, (_, i) =>
      items.slice(i * dim, (i + 1) * dim)
    )
  return shape.length === 0 ? items[0] : items
}

/** Puts what was read in the places of the tensors. */
export const putValues = (
  value: unknown,
  types: ReadonlyArray<{ readonly dtype: DType; readonly shape: ReadonlyArray<number> }>,
  read: ReadonlyArray<unknown>
): unknown =>
  mapDeep(value, (each) => {
    if (!(each instanceof Hole)) return undefined
    const { dtype, shape } = types[each.index]!
    return { type: show({ dtype, shape }), value: nested(dtype, shape, read[each.index]) } satisfies Found
  })

const isFound = (value: unknown): value is Found =>
  typeof value === "object" && value !== null && "type" in value && "value" in value

/** Numbers are as close as their digits say. */
const requireClose = (found: unknown, wanted: unknown, text: string): void => {
  if (typeof wanted === "number" && typeof found === "number" && Number.isFinite(wanted)) {
    const digits = Math.max(0, ...[...text.matchAll(/\.(\d+)/g)].map(([, fraction]) => fraction!.length))
    const apart = digits === 0 ? 1e-6 * Math.max(1, Math.abs(wanted)) : 0.5001 * 10 ** -digits
    expect(Math.abs(found - wanted), `${found} for ${text}`).toBeLessThanOrEqual(apart)
  } else if (Array.isArray(wanted) && Array.isArray(found)) {
    expect(found.length, text).toBe(wanted.length)
    wanted.forEach((each, i) => {
      requireClose(found[i], each, text)
    })
  } else if (typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)) {
    expect(Object.keys(found as object), text).toEqual(Object.keys(wanted))
    for (const [key, each] of Object.entries(wanted))
      requireClose((found as Readonly<Record<string, unknown>>)[key], each, text)
  } else expect(found, text).toEqual(wanted)
}

/** Whether a value is the one that a comment says: `f32[3]`, `[1, 2]`, `Float32Array [1, 2]`, `{ a: 1 }`. */
export const requireValue = (found: unknown, comment: string): void => {
  const type = /^([a-z]+\d*\[[\d,]*\])(?:: (.*))?$/.exec(comment)
  if (type !== null) {
    expect(isDeviceArray(found) ? show(found) : isFound(found) ? found.type : found).toBe(type[1])
    if (type[2] === undefined) return
  }
  const array = /^(\w+Array) (.*)$/.exec(comment)
  if (array !== null) expect((found as object).constructor.name).toBe(array[1])
  const text = array?.[2] ?? type?.[2] ?? comment
  const plain = mapDeep(found, (each) =>
    isFound(each) ? each.value : ArrayBuffer.isView(each) ? [...(each as Float32Array)] : undefined
  )
  requireClose(plain, new Function(`return (${text})`)(), text)
}

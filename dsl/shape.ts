import { type DType, dtypes } from "./dtype.ts"

/** Dimensions, outermost first. A dimension is a literal where the editor knows it and `number` where it does not. */
export type Shape = ReadonlyArray<number>

/** A shape of as many axes, whose dimensions are known only while tracing. */
export type Resized<S extends Shape> = { readonly [K in keyof S]: number } extends infer N extends Shape
  ? N
  : never

/** Where each of several things is in a list, without a look through the list for each of them. */
export const placesOf = <T>(items: ReadonlyArray<T>): ReadonlyMap<T, number> =>
  new Map(items.map((item, i) => [item, i]))

/** The abstract value of a tensor while tracing: its element type and dimensions. */
export interface Aval {
  readonly dtype: DType
  readonly shape: Shape
}

/** The house notation: `f32[3,4]`, and `f32[]` for a scalar. */
export const show = (aval: Aval): string => `${aval.dtype}[${aval.shape.join(",")}]`

export const sizeOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1)

export const bytesOf = (aval: Aval): number => sizeOf(aval.shape) * dtypes[aval.dtype].bytes

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i])

export const sameAval = (a: Aval, b: Aval): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape)

/** NumPy broadcasting of two shapes; undefined where they do not broadcast. */
export const broadcastShapes = (a: Shape, b: Shape): Shape | undefined => {
  const rank = Math.max(a.length, b.length)
  const out: Array<number> = []
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) return undefined
    out.push(x === 1 ? y : x)
  }
  return out
}

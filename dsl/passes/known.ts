import { isComplex } from "../dtype.ts"
import type { Params, Scalar } from "../program.ts"
import { arrayOf, type Element, type NdArray } from "../reference/array.ts"
import { elementOf } from "../reference/number.ts"
import { type Aval, sizeOf } from "../shape.ts"

/** Arrays with more elements, which are not all the same, are left to the device. */
export const mostElements = 64

/** An array whose elements a pass knows: one that stands for all, or all of them in row-major order. */
export interface Known {
  readonly aval: Aval
  readonly uniform: boolean
  readonly data: ReadonlyArray<Element>
  /** The numbers as somebody wrote them, which the dtype may have rounded. */
  readonly written?: Params["constant"]["value"]
}

/** What is known of a constant; undefined where it is too large, or complex. */
export const knownConstant = (params: Params["constant"]): Known | undefined => {
  const { aval, value } = params
  if (isComplex(aval.dtype)) return undefined
  if (!Array.isArray(value))
    return { aval, uniform: true, data: [elementOf(value as Scalar, aval.dtype)], written: value }
  if (value.length > mostElements) return undefined
  const elements = value.map((each) => elementOf(each, aval.dtype))
  const known = knownArray(arrayOf(aval, elements))
  return known.uniform ? known : { ...known, written: value }
}

export const knownArray = ({ dtype, shape, data }: NdArray): Known => {
  const uniform = data.length > 0 && data.every((each) => Object.is(each, data[0]))
  return { aval: { dtype, shape }, uniform, data: uniform ? data.slice(0, 1) : data }
}

/** What is the same everywhere, in another shape. */
export const spread = (known: Known, aval: Aval): Known => ({ ...known, aval })

/** All elements; undefined where there are too many. */
export const elementsOf = ({ aval, uniform, data }: Known): NdArray | undefined => {
  const size = sizeOf(aval.shape)
  if (size > mostElements) return undefined
  return arrayOf(aval, uniform ? Array.from({ length: size }, () => data[0]!) : data)
}

/** The parameters of a constant of these elements. */
export const constantOf = ({ aval, uniform, data, written }: Known): Params["constant"] => ({
  aval,
  value: written ?? ((uniform ? data[0] : data) as Scalar | ReadonlyArray<Scalar>)
})

/** How many numbers a program holds for it beside one. */
export const weightOf = ({ uniform, data }: Known): number => (uniform ? 0 : data.length)

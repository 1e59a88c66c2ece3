import { realPart } from "../../dtype.ts"
import type { Aval } from "../../shape.ts"
import { tensorType } from "../text.ts"
import type { Site } from "./lowering.ts"

/**
 * Sines and cosines of complex numbers by real functions, as JAX writes them. XLA's own lose small imaginary parts.
 * They give NaN for an imaginary number whose exponential is infinite.
 */
const parts = ({ writer, operands, inputs }: Site) => {
  const z = inputs[0]!
  const aval: Aval = { dtype: realPart(z.dtype), shape: z.shape }
  const type = tensorType(aval)
  const unary = (op: string, a: string) => writer.assign(`stablehlo.${op} ${a} : ${type}`)
  const binary = (op: string, a: string, b: string) => writer.assign(`stablehlo.${op} ${a}, ${b} : ${type}`)
  const part = (op: string) => writer.assign(`stablehlo.${op} ${operands[0]} : (${tensorType(z)}) -> ${type}`)
  const [re, im] = [part("real"), part("imag")]
  const zero = writer.constant(0, aval)
  const half = writer.constant(0.5, aval)
  const [up, down] = [im, unary("negate", im)].map((x) => unary("exponential_minus_one", x)) as [
    string,
    string
  ]
  const sum = binary("add", binary("add", up, down), writer.constant(2, aval))
  const predicate = tensorType({ dtype: "bool", shape: z.shape })
  const isReal = writer.assign(
    `stablehlo.compare EQ, ${re}, ${zero}, FLOAT : (${type}, ${type}) -> ${predicate}`
  )
  return {
    sine: unary("sine", re),
    cosine: unary("cosine", re),
    sinh: binary("multiply", half, binary("subtract", up, down)),
    cosh: binary("multiply", half, sum),
    product: (a: string, b: string) => binary("multiply", a, b),
    negative: (a: string) => unary("negate", a),
    /** Zero where the real part is, whatever else the value would be. */
    orZero: (a: string) => writer.assign(`stablehlo.select ${isReal}, ${zero}, ${a} : ${predicate}, ${type}`),
    joined: (a: string, b: string) => [writer.assign(`stablehlo.complex ${a}, ${b} : ${tensorType(z)}`)]
  }
}

export const complexSine = (site: Site): ReadonlyArray<string> => {
  const { sine, cosine, sinh, cosh, product, orZero, joined } = parts(site)
  return joined(orZero(product(sine, cosh)), product(cosine, sinh))
}

export const complexCosine = (site: Site): ReadonlyArray<string> => {
  const { sine, cosine, sinh, cosh, product, negative, orZero, joined } = parts(site)
  return joined(product(cosine, cosh), orZero(product(negative(sine), sinh)))
}

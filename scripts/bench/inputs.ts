import { sizeOf } from "../../dsl/shape.ts"
import { f32, type Spec } from "../../pjrt/loopcarry.ts"

/** An argument of a row's program: what it is, and its elements, the same each time. */
export interface Input<out S extends Spec = Spec> {
  readonly spec: S
  readonly values: () => Float32Array | Int32Array
}

/** Numbers from 0 to 1 by a multiplicative generator (Park and Miller, "Random number generators", 1988). */
const uniformFrom = (seed: number): (() => number) => {
  let state = (seed * 48271) % 2147483647
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const filled =
  (make: (next: () => number) => number) =>
  <S extends Spec<"f32">>(spec: S, seed: number): Input<S> => ({
    spec,
    values: () => {
      const next = uniformFrom(seed)
      return Float32Array.from({ length: sizeOf(spec.shape) }, () => make(next))
    }
  })

/** Normal numbers, by the transform of Box and Muller. */
export const normal = <S extends Spec<"f32">>(spec: S, seed: number, scale = 1): Input<S> =>
  filled((next) => scale * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()))(spec, seed)

export const uniform = <S extends Spec<"f32">>(spec: S, seed: number, low: number, high: number): Input<S> =>
  filled((next) => low + (high - low) * next())(spec, seed)

/** Logarithms of probabilities, which add up to one in each run of `states` elements. */
export const logProbabilities = <S extends Spec<"f32">>(spec: S, seed: number, states: number): Input<S> => {
  const plain = uniform(spec, seed, 0.1, 1)
  return {
    spec,
    values: () => {
      const values = plain.values()
      for (let from = 0; from < values.length; from += states) {
        const row = values.subarray(from, from + states)
        let total = 0
        for (const each of row) total += each
        for (let i = 0; i < row.length; i++) row[i] = Math.log(row[i]! / total)
      }
      return values
    }
  }
}

/** Elements that are written out. */
export const given = <S extends Spec>(spec: S, values: ReadonlyArray<number>): Input<S> => ({
  spec,
  values: () => (spec.dtype === "i32" ? Int32Array.from(values) : Float32Array.from(values))
})

export const number = (value: number): Input<Spec<"f32", readonly []>> => given(f32(), [value])

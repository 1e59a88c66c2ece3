import { whileLoop } from "../control/while-loop.ts"
import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import {
  add,
  and,
  div,
  eq,
  exp,
  ge,
  le,
  log,
  maximum,
  mul,
  neg,
  or,
  pow,
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { type Floats, gammaSampleSlope, like } from "../ops/incomplete-gamma.ts"
import { softmax } from "../ops/reduce.ts"
import { select } from "../ops/structure.ts"
import { requireShape, requireTensor } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { customJvp } from "../transform/custom-jvp.ts"
import { vmap } from "../transform/vmap.ts"
import { convert, filled, reshape } from "../values.ts"
import { exponentialOf } from "./continuous.ts"
import { type Key, split } from "./key.ts"
import { normalOf } from "./normal.ts"
import { type OfTwo, type Parametrised, parameters, type Vectors } from "./parameters.ts"
import { bound, requireFloat, uniformValue } from "./uniform.ts"

type Scalar = Tensor<"f32", readonly []>

/** Numbers of any float dtype, written as those of one. */
const floats = (value: Value): Floats => tensorOf(value)
const number = (a: Scalar, value: number): Scalar => tensorOf(filled(a, value))

/** Marsaglia and Tsang's method ("A simple method for generating gamma variables", 2000), for one number. */
const one = (op: string, key: Key, a: Scalar, inLogs: boolean): Scalar => {
  const dtype = a.dtype as FloatDType
  const scalar = { dtype, shape: [] }
  const uniform = (from: Key): Scalar =>
    tensorOf(uniformValue(op, from, [], dtype, filled(scalar, 0), filled(scalar, 1)))
  const large = ge(a, 1)
  // Numbers of a below 1 are made of those of a + 1.
  const d = sub(select(large, a, add(a, 1)), 1 / 3)
  const c = div(1 / 3, sqrt(d))
  const [rest, boostKey] = split(key)
  const [, , v] = whileLoop(
    ([, square, cube, u]) =>
      and(
        ge(u, sub(1, mul(0.0331, mul(square, square)))),
        ge(log(u), add(mul(square, 0.5), mul(d, add(sub(1, cube), log(cube)))))
      ),
    ([state]) => {
      const [next, forX, forU] = split(state, 3)
      const [, x, root] = whileLoop(
        ([, , w]) => le(w, 0),
        ([now]) => {
          const [after, use] = split(now)
          const drawn: Scalar = tensorOf(normalOf(op, use, [], dtype))
          return [after, drawn, add(1, mul(drawn, c))] as const
        },
        [forX, number(a, 0), number(a, -1)] as const
      )
      return [next, mul(x, x), mul(mul(root, root), root), uniform(forU)] as const
    },
    // Values at which the loop goes on.
    [rest, number(a, 0), number(a, 1), number(a, 2)] as const
  )
  if (!inLogs) {
    const boost = pow(sub(1, uniform(boostKey)), div(1, a))
    return mul(mul(d, v), select(large, 1, boost))
  }
  const logs = neg(tensorOf<"f32", readonly []>(exponentialOf(op, boostKey, { dtype, shape: [] })))
  const boost = select(or(large, eq(logs, 0)), number(a, 0), mul(logs, div(1, a)))
  return add(add(log(d), log(v)), boost)
}

/** Numbers of the distribution, one for each element of a, or their logarithms. */
const drawn = (op: string, key: Key, a: Floats, inLogs: boolean): Floats => {
  const size = sizeOf(a.shape)
  const flat = tensorOf<"f32", readonly [number]>(reshape(valueOf(a), [size]))
  const each = vmap((k: Key, one1: Scalar) => one(op, k, one1, inLogs))
  return floats(reshape(valueOf(each(split(key, size) as never, flat as never) as never), a.shape))
}

/** The derivative of a sample by a: half floats as f32, as JAX has it. */
const slope = (a: Floats, sample: Floats): Floats => {
  const wide = a.dtype === ("f64" as string) ? "f64" : "f32"
  const [b, x] = [a, sample].map((each) => floats(convert(valueOf(each), wide))) as [Floats, Floats]
  return floats(convert(valueOf(gammaSampleSlope(b, x)), a.dtype))
}

const tiny = { f16: 2 ** -14, bf16: 2 ** -126, f32: 2 ** -126, f64: 2 ** -1022 } as const

const sampled = (op: string, key: Key, a: Value, inLogs: boolean): Floats =>
  customJvp(
    (k: Key, shape: Floats) => drawn(op, k, shape, inLogs),
    ([k, shape], [, moves]) => {
      const sample = drawn(op, k, shape, inLogs)
      if (!inLogs) return [sample, mul(moves as Floats, slope(shape, sample))]
      const power = exp(sample)
      const least = like(power, tiny[power.dtype as FloatDType])
      const above = select(eq(power, 0), least, power)
      return [sample, mul(moves as Floats, div(slope(shape, above), above))]
    }
  )(key, floats(a))

const single = (op: string, make: (key: Key, a: Value) => Floats) =>
  named(op, (key: Key, a: number | Tensor, given?: Shape, of?: FloatDType) =>
    make(key, parameters(op, [a], given, of).values[0]!)
  ) as unknown as Parametrised

/**
 * Draws floats of the gamma distribution with scale 1 and a shape parameter: a number, or floats that broadcast to the
 * shape. Without a shape it is theirs. Derivatives by the parameter hold the random bits, as JAX's do. Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.gamma(random.key(0), 2, [3]) // f32[3]
 */
export const gamma = single("random.gamma", (key, a) => sampled("random.gamma", key, a, false))

/**
 * Draws logarithms of what `random.gamma` draws, which do not underflow for small parameters. Fails with a `ShapeError`
 * for what is no key or no shape, and a `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.loggamma(random.key(0), 1e-3, [3]) // f32[3]
 */
export const loggamma = single("random.loggamma", (key, a) => sampled("random.loggamma", key, a, true))

/**
 * Draws floats of the chi-square distribution with degrees of freedom: a number, or floats that broadcast to the shape.
 * Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes
 * differ or are no floats.
 *
 * @example random.chisquare(random.key(0), 3, [2]) // f32[2]
 */
export const chisquare = single("random.chisquare", (key, df) =>
  mul(exp(sampled("random.chisquare", key, valueOf(div(floats(df), 2)), true)), 2)
)

/**
 * Draws floats of Student's t distribution with degrees of freedom: a number, or floats that broadcast to the shape.
 * Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes
 * differ or are no floats.
 *
 * @example random.t(random.key(0), 3, [2]) // f32[2]
 */
export const t = single("random.t", (key, df) => {
  const [forNormal, forGamma] = split(key)
  const half = div(floats(df), 2)
  const normal = floats(normalOf("random.t", forNormal, df.shape, df.dtype as FloatDType))
  return mul(normal, sqrt(div(half, sampled("random.t", forGamma, valueOf(half), false))))
})

/**
 * Draws floats of the beta distribution with two parameters: numbers, or floats that broadcast to the shape. Without a
 * shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or
 * are no floats.
 *
 * @example random.beta(random.key(0), 2, 3, [4]) // f32[4]
 */
export const beta: OfTwo = named(
  "random.beta",
  (key: Key, a: number | Tensor, b: number | Tensor, given?: Shape, of?: FloatDType) => {
    const op = "random.beta"
    const { values } = parameters(op, [a, b], given, of)
    const keys = split(key)
    const [first, second] = values.map((each, i) => sampled(op, keys[i]!, each, true)) as [Floats, Floats]
    const most = maximum(first, second)
    const [x, y] = [exp(sub(first, most)), exp(sub(second, most))]
    return div(x, add(x, y)) as never
  }
)

interface Dirichlet {
  <D extends FloatDType, A extends Shape>(key: Key, alpha: Tensor<D, A>): Tensor<D, A>
  <D extends FloatDType, A extends Shape, const S extends Shape>(
    key: Key,
    alpha: Tensor<D, A>,
    shape: S
  ): Tensor<D, Vectors<S, A>>
}

/**
 * Draws vectors of Dirichlet's distribution, which sum to 1. `alpha` is [..., n]; the result is the shape and n. Without
 * a shape it is that of `alpha`. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where
 * `alpha` is no float.
 *
 * @example sum(random.dirichlet(random.key(0), ones([3], "f32"))) // 1
 */
export const dirichlet: Dirichlet = named(
  "random.dirichlet",
  (key: Key, alpha: Tensor<FloatDType>, given?: Shape) => {
    const op = "random.dirichlet"
    const value = requireTensor(op, "alpha", alpha)
    requireFloat(op, value.dtype)
    const [n] = value.shape.slice(-1)
    if (n === undefined)
      throw shapeError(op, `${op}: alpha is ${show(value)}`, "give a parameter for each part: f32[n]")
    const shape = given === undefined ? value.shape : [...requireShape(op, given), n]
    return softmax(sampled(op, key, bound(op, alpha, value.dtype, shape), true), -1) as never
  }
)

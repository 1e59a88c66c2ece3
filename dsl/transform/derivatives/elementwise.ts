import { isComplex, isFloat } from "../../dtype.ts"
import { scopeError } from "../../errors.ts"
import { apply1 } from "../../primitives/index.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import {
  add,
  binary,
  compare,
  convert,
  div,
  filled,
  mul,
  neg,
  plus,
  scale,
  select,
  sub,
  unary,
  zeros
} from "../../values.ts"
import { type Derivative, type Derivatives, factor, type Linear } from "./derivative.ts"

/** The derivative of a function of one number, from its operand and its result. */
const by = (partial: (x: Value, y: Value) => Value): Derivative<UnaryPrimitive> => ({
  each: ({ inputs, outputs }) => [factor((t) => mul(t, partial(inputs[0]!, outputs[0]!)))]
})

const square = (x: Value): Value => mul(x, x)
const one = (x: Value): Value => filled(x, 1)
const gauss = (x: Value): Value => scale(unary("exp", neg(square(x))), 2 / Math.sqrt(Math.PI))

const pair = (
  left: (a: Value, b: Value, y: Value) => (t: Value) => Value,
  right: (a: Value, b: Value, y: Value) => (t: Value) => Value
): Derivative<BinaryPrimitive> => ({
  each: ({ inputs: [a, b], outputs: [y] }) => [
    factor((t) => left(a!, b!, y!)(t)),
    factor((t) => right(a!, b!, y!)(t))
  ]
})

/** Half where both operands are the result, as JAX shares the derivative of equal ones. */
const chosen = (x: Value, other: Value, y: Value): Value => {
  const shared = select(compare("eq", other, y), filled(y, 0.5), one(y))
  return select(compare("eq", x, y), shared, zeros(y))
}

const extremum = pair(
  (a, b, y) => (t) => mul(t, chosen(a, b, y)),
  (a, b, y) => (t) => mul(t, chosen(b, a, y))
)

const nonZero = (x: Value): Value => select(compare("eq", x, zeros(x)), one(x), x)

const inside = (holds: Value) => factor((t) => select(holds, t, zeros(t)))

const complexOf = (re: Value, im: Value): Value => binary("complex", re, im)

const absolute: Derivative<"abs"> = {
  each: ({ inputs: [x], outputs: [y] }) => {
    if (!isComplex(x!.dtype)) return [factor((t) => mul(t, unary("sign", x!)))]
    // |z| changes along z / |z|: by re * dre + im * dim, over the modulus.
    const size = nonZero(y!)
    const [re, im] = [div(unary("real", x!), size), div(unary("imag", x!), size)]
    return [{ push: (t) => add(mul(unary("real", t), re), mul(unary("imag", t), im)) }]
  }
}

const withoutOrder: Linear = {
  push: () => {
    throw scopeError(
      "polygamma",
      "polygamma: has no derivative with respect to its order",
      "stopGradient(order) says that the order is a constant"
    )
  }
}

export const elementwiseDerivatives: Derivatives<
  UnaryPrimitive | BinaryPrimitive | Comparison | "select" | "clamp" | "convert" | "bitcast" | "threefry"
> = {
  neg: { each: () => [factor(neg)] },
  abs: absolute,
  exp: by((_, y) => y),
  expm1: by((_, y) => plus(y, 1)),
  log: { each: ({ inputs: [x] }) => [factor((t) => div(t, x!))] },
  log1p: { each: ({ inputs: [x] }) => [factor((t) => div(t, plus(x!, 1)))] },
  sqrt: { each: ({ outputs: [y] }) => [factor((t) => mul(t, div(filled(y!, 0.5), y!)))] },
  rsqrt: by((x, y) => scale(div(y, x), -0.5)),
  // Not y / 3x, which is NaN at 0 and at infinity.
  cbrt: by((_, y) => scale(square(div(one(y), y)), 1 / 3)),
  sin: by((x) => unary("cos", x)),
  cos: by((x) => neg(unary("sin", x))),
  tan: by((_, y) => plus(square(y), 1)),
  tanh: by((_, y) => mul(sub(one(y), y), plus(y, 1))),
  logistic: by((_, y) => mul(y, sub(one(y), y))),
  asin: by((x) => unary("rsqrt", sub(one(x), square(x)))),
  acos: by((x) => neg(unary("rsqrt", sub(one(x), square(x))))),
  atan: by((x) => div(one(x), plus(square(x), 1))),
  sinh: by((x) => unary("cosh", x)),
  cosh: by((x) => unary("sinh", x)),
  asinh: by((x) => unary("rsqrt", plus(square(x), 1))),
  acosh: by((x) => unary("rsqrt", sub(square(x), one(x)))),
  atanh: by((x) => div(one(x), mul(sub(one(x), x), plus(x, 1)))),
  erf: by(gauss),
  erfc: by((x) => neg(gauss(x))),
  erfInv: by((_, y) => scale(unary("exp", square(y)), Math.sqrt(Math.PI) / 2)),
  lgamma: by((x) => unary("digamma", x)),
  digamma: by((x) => binary("polygamma", one(x), x)),
  real: { each: () => [{ push: (t) => unary("real", t), pull: (ct) => complexOf(ct, zeros(ct)) }] },
  imag: { each: () => [{ push: (t) => unary("imag", t), pull: (ct) => complexOf(zeros(ct), neg(ct)) }] },
  add: { each: () => [factor((t) => t), factor((t) => t)] },
  sub: { each: () => [factor((t) => t), factor(neg)] },
  mul: { each: ({ inputs: [a, b] }) => [factor((t) => mul(t, b!)), factor((t) => mul(a!, t))] },
  div: pair(
    (_, b) => (t) => div(t, b),
    (_, b, y) => (t) => mul(t, neg(div(y, b)))
  ),
  rem: pair(
    () => (t) => t,
    (a, b) => (t) => mul(neg(t), mul(unary("sign", div(a, b)), unary("floor", unary("abs", div(a, b)))))
  ),
  pow: pair(
    (a, b) => (t) => {
      // 0^0 is 1 whatever 0 comes near, so the derivative is 0 rather than 0 / 0.
      const partial = mul(b, binary("pow", a, sub(b, one(b))))
      const still = binary("and", compare("eq", a, zeros(a)), compare("eq", b, zeros(b)))
      return mul(t, select(still, zeros(b), partial))
    },
    (a, _, y) => (t) => mul(t, mul(unary("log", nonZero(a)), y))
  ),
  atan2: pair(
    (a, b) => (t) => mul(t, div(b, add(square(a), square(b)))),
    (a, b) => (t) => mul(t, div(neg(a), add(square(a), square(b))))
  ),
  maximum: extremum,
  minimum: extremum,
  nextAfter: { each: () => [factor((t) => t), null] },
  polygamma: {
    each: ({ inputs: [n, x] }) => [withoutOrder, factor((t) => mul(t, binary("polygamma", plus(n!, 1), x!)))]
  },
  complex: {
    each: () => [
      { push: (t) => complexOf(t, zeros(t)), pull: (ct) => unary("real", ct) },
      { push: (t) => complexOf(zeros(t), t), pull: (ct) => neg(unary("imag", ct)) }
    ]
  },
  select: {
    joint: () => [1, 2],
    pull: (ct, { inputs: [predicate] }) => [
      undefined,
      select(predicate!, ct, zeros(ct)),
      select(predicate!, zeros(ct), ct)
    ]
  },
  clamp: {
    each: ({ inputs: [least, x, most] }) => {
      const both = (a: Value, b: Value) => binary("and", a, b)
      return [
        inside(both(compare("gt", least!, x!), compare("lt", least!, most!))),
        inside(both(compare("gt", x!, least!), compare("lt", x!, most!))),
        inside(compare("lt", most!, x!))
      ]
    }
  },
  convert: {
    each: ({ inputs: [x], params: { dtype } }) => [
      {
        push: (t) => apply1("convert", { dtype }, t),
        pull: (ct) => convert(isFloat(x!.dtype) && isComplex(dtype) ? unary("real", ct) : ct, x!.dtype)
      }
    ]
  }
}

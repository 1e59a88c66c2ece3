/** Complex arithmetic, for c64 and c128. */
export interface Complex {
  readonly re: number
  readonly im: number
}

export const complex = (re: number, im: number): Complex => ({ re, im })

export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im)
export const sub = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im)
export const mul = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)

/** Smith's division, which does not overflow before its result does. */
export const div = (a: Complex, b: Complex): Complex => {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re
    const scale = b.re + b.im * ratio
    return complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale)
  }
  const ratio = b.re / b.im
  const scale = b.re * ratio + b.im
  return complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale)
}

export const modulus = (z: Complex): number => Math.hypot(z.re, z.im)
export const exp = (z: Complex): Complex => {
  const size = Math.exp(z.re)
  return complex(size * Math.cos(z.im), size * Math.sin(z.im))
}
export const log = (z: Complex): Complex => complex(Math.log(modulus(z)), Math.atan2(z.im, z.re))

export const sqrt = (z: Complex): Complex => {
  const size = modulus(z)
  if (size === 0) return complex(0, z.im)
  const re = Math.sqrt((size + Math.abs(z.re)) / 2)
  const im = Math.abs(z.im) / (2 * re)
  const [a, b] = z.re >= 0 ? [re, im] : [im, re]
  return complex(a, z.im < 0 || Object.is(z.im, -0) ? -b : b)
}

const one = complex(1, 0)

export const sin = (z: Complex): Complex =>
  complex(Math.sin(z.re) * Math.cosh(z.im), Math.cos(z.re) * Math.sinh(z.im))
export const cos = (z: Complex): Complex =>
  complex(Math.cos(z.re) * Math.cosh(z.im), -Math.sin(z.re) * Math.sinh(z.im))
export const tan = (z: Complex): Complex => div(sin(z), cos(z))
export const tanh = (z: Complex): Complex => {
  const turned = tan(complex(-z.im, z.re))
  return complex(turned.im, -turned.re)
}
export const logistic = (z: Complex): Complex => div(one, add(one, exp(complex(-z.re, -z.im))))
export const expm1 = (z: Complex): Complex => sub(exp(z), one)
export const log1p = (z: Complex): Complex => log(add(one, z))
export const rsqrt = (z: Complex): Complex => div(one, sqrt(z))
export const pow = (a: Complex, b: Complex): Complex =>
  modulus(a) === 0 ? complex(0, 0) : exp(mul(b, log(a)))

/**
 * Complex arithmetic, for c64 and c128. Infinities and NaN are as in XLA, which mostly follows C's annex G. As there,
 * an imaginary part of -0 counts as 0, which decides on which side of a branch cut a number lies.
 */
export interface Complex {
  readonly re: number
  readonly im: number
}

export const complex = (re: number, im: number): Complex => ({ re, im })

export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im)
export const sub = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im)
export const mul = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)

const copySign = (size: number, sign: number): number => (sign < 0 || Object.is(sign, -0) ? -size : size)
const isInfinite = (x: number): boolean => Math.abs(x) === Number.POSITIVE_INFINITY
const anyInfinite = ({ re, im }: Complex): boolean => isInfinite(re) || isInfinite(im)
const isFinite = ({ re, im }: Complex): boolean => Number.isFinite(re) && Number.isFinite(im)

/** Where the parts are infinite: one of the sign, and elsewhere a zero of it. */
const marks = ({ re, im }: Complex): Complex =>
  complex(copySign(isInfinite(re) ? 1 : 0, re), copySign(isInfinite(im) ? 1 : 0, im))

/** Smith's division, which does not overflow before its result does; annex G where it gives NaN. */
export const div = (a: Complex, b: Complex): Complex => {
  const result = smith(a, b)
  if (!Number.isNaN(result.re) || !Number.isNaN(result.im)) return result
  if (b.re === 0 && b.im === 0 && (!Number.isNaN(a.re) || !Number.isNaN(a.im))) {
    const infinity = copySign(Number.POSITIVE_INFINITY, b.re)
    return complex(infinity * a.re, infinity * a.im)
  }
  const times = (factor: number, x: Complex, y: Complex) =>
    complex(factor * (x.re * y.re + x.im * y.im), factor * (x.im * y.re - x.re * y.im))
  if (anyInfinite(a) && isFinite(b)) return times(Number.POSITIVE_INFINITY, marks(a), b)
  if (anyInfinite(b) && isFinite(a)) return times(0, a, marks(b))
  return result
}

const smith = (a: Complex, b: Complex): Complex => {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re
    const scale = b.re + b.im * ratio
    return complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale)
  }
  const ratio = b.re / b.im
  const scale = b.re * ratio + b.im
  return complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale)
}

/** NaN where one part is, though the other is infinite, as XLA has it. */
export const modulus = ({ re, im }: Complex): number =>
  Number.isNaN(re) || Number.isNaN(im) ? Number.NaN : Math.hypot(re, im)

/** The logarithm of the modulus, which may itself be beyond the greatest number. */
const logModulus = ({ re, im }: Complex): number => {
  const [size, other] = [Math.max(Math.abs(re), Math.abs(im)), Math.min(Math.abs(re), Math.abs(im))]
  if (size === 0 || !Number.isFinite(size) || Number.isNaN(other)) return Math.log(modulus(complex(re, im)))
  if (size > 0.5 && size < 2) return Math.log1p((size - 1) * (size + 1) + other * other) / 2
  return Math.log(size) + Math.log1p((other / size) ** 2) / 2
}

/** An imaginary part of zero stays one, whatever the size. */
export const exp = ({ re, im }: Complex): Complex => {
  const size = Math.exp(re)
  return im === 0 ? complex(size, 0) : complex(size * Math.cos(im), size * Math.sin(im))
}
export const log = (z: Complex): Complex => complex(logModulus(z), Math.atan2(z.im, z.re))

const nowhere = complex(Number.NaN, Number.NaN)

export const sqrt = ({ re, im }: Complex): Complex => {
  if (Number.isNaN(re) || Number.isNaN(im)) return nowhere
  if (isInfinite(im)) return complex(Number.POSITIVE_INFINITY, im)
  if (re === 0 && im === 0) return complex(0, 0)
  const sign = im < 0 ? -1 : 1
  if (isInfinite(re)) return re > 0 ? complex(re, sign * 0) : complex(0, sign * -re)
  // Quarters keep the modulus below the greatest number.
  const large = Math.sqrt(Math.abs(re) / 8 + modulus(complex(re / 4, im / 4)) / 2) * 2
  const small = Math.abs(im) / 2 / large
  return re >= 0 ? complex(large, sign * small) : complex(small, sign * large)
}

const one = complex(1, 0)

/** Of an imaginary number nothing but sinh and cosh is left, which may be infinite. */
export const sin = ({ re, im }: Complex): Complex =>
  complex(re === 0 ? 0 : Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im))
export const cos = ({ re, im }: Complex): Complex =>
  complex(Math.cos(re) * Math.cosh(im), re === 0 ? 0 : -Math.sin(re) * Math.sinh(im))

/** Kahan 1987, "Branch cuts for complex elementary functions". */
export const tanh = ({ re, im }: Complex): Complex => {
  if (im === 0) return complex(Math.tanh(re), 0)
  if (isInfinite(re))
    return complex(copySign(1, re), Number.isFinite(im) ? 0 * Math.sin(im) * Math.cos(im) : 0)
  if (!Number.isFinite(im)) return nowhere
  if (Math.abs(re) > 20)
    return complex(copySign(1, re), 4 * Math.sin(im) * Math.cos(im) * Math.exp(-2 * Math.abs(re)))
  const [t, s] = [Math.tan(im), Math.sinh(re)]
  const [beta, rho] = [1 + t * t, Math.sqrt(1 + s * s)]
  const scale = 1 + beta * s * s
  return complex((beta * rho * s) / scale, t / scale)
}
export const tan = ({ re, im }: Complex): Complex => {
  if (re === 0) return complex(0, Math.tanh(im))
  if (im === 0 && !Number.isFinite(re)) return nowhere
  const turned = tanh(complex(-im, re))
  return complex(turned.im, -turned.re)
}
export const logistic = (z: Complex): Complex => div(one, add(one, exp(complex(-z.re, -z.im))))
export const expm1 = ({ re, im }: Complex): Complex => {
  const [grown, half] = [Math.expm1(re), Math.sin(im / 2)]
  if (im === 0) return complex(grown + 0, 0)
  return complex(grown * Math.cos(im) + 0 - 2 * half * half, Math.exp(re) * Math.sin(im))
}
export const log1p = ({ re, im }: Complex): Complex => {
  const near = Math.abs(re) < 0.5 && Math.abs(im) < 0.5
  const size = near ? Math.log1p(re * (2 + re) + im * im) / 2 : logModulus(complex(1 + re, im))
  return complex(size, Math.atan2(im, 1 + re))
}
/** The conjugate of the root over the modulus. */
export const rsqrt = (z: Complex): Complex => {
  const [root, size] = [sqrt(z), modulus(z)]
  if (size === 0) return complex(Number.POSITIVE_INFINITY, Number.NaN)
  if (anyInfinite(z))
    return complex(z.re < 0 && isInfinite(z.re) ? -0 : 0, Number.isNaN(z.im) ? -0 : copySign(0, -z.im))
  // Here a part of -0 lies below the branch cut.
  return complex(root.re / size, copySign(Math.abs(root.im) / size, -z.im))
}
export const pow = (a: Complex, b: Complex): Complex => {
  if ((b.re === 0 && b.im === 0) || (a.re === 1 && a.im === 0)) return one
  if (a.re === 0 && a.im === 0) return b.re > 0 && b.im === 0 ? complex(0, 0) : nowhere
  if (a.re > 0 && a.im === 0 && b.im === 0) return complex(a.re ** b.re, 0)
  return exp(mul(b, log(a)))
}

import { type Complex, complex } from "./complex.ts"

/**
 * The hyperbolic functions of complex numbers, and the inverse ones: Hull, Fairgrieve and Tang 1997, "Implementing the
 * complex arcsine and arccosine functions using exception handling". As in XLA, an imaginary
 * part of -0 counts as 0 but in `atanh` and `atan`.
 */

const isInfinite = (x: number): boolean => Math.abs(x) === Number.POSITIVE_INFINITY
const negativeWhere = (negative: boolean, size: number): number => (negative ? -size : size)

/** Beyond this, one and squares do not count beside it; below its inverse, squares vanish. */
const large = 2 ** 500

/** The sine of the arc cosine, as `re`, and the arc cosine's imaginary part, as `im`, of |re| + |im| i. */
const kernel = (z: Complex): Complex => {
  const [x, y] = [Math.abs(z.re), Math.abs(z.im)]
  if (isInfinite(x) || isInfinite(y)) return complex(y, Number.POSITIVE_INFINITY)
  if (Math.max(x, y) > large) {
    const [most, least] = [Math.max(x, y), Math.min(x, y)]
    return complex(y, Math.LN2 + Math.log(most) + Math.log1p((least / most) ** 2) / 2)
  }
  const [r, s] = [Math.hypot(x + 1, y), Math.hypot(x - 1, y)]
  const a = (r + s) / 2
  const far = r + (x + 1)
  if (x > 1) {
    const rest = s + (x - 1)
    const above = (y * (y / far) + rest) / 2
    const root = y * Math.sqrt(((a + x) / far + (a + x) / rest) / 2)
    return complex(root, Math.log1p(above + Math.sqrt(above * (a + 1))))
  }
  const near = s + (1 - x)
  const root = Math.sqrt(((a + x) * (y * (y / far) + near)) / 2)
  if (y < 1 / large) return complex(root, x === 1 ? Math.sqrt(y) : y / Math.sqrt((1 - x) * (1 + x)))
  const above = (y * (y / far) + y * (y / near)) / 2
  return complex(root, Math.log1p(above + Math.sqrt(above * (a + 1))))
}

const turned = ({ re, im }: Complex): Complex => complex(-im, re)
const turnedBack = ({ re, im }: Complex): Complex => complex(im, -re)

export const asin = (z: Complex): Complex => {
  const { re, im } = kernel(z)
  return complex(Math.atan2(z.re, re), negativeWhere(z.im < 0, im))
}

export const acos = (z: Complex): Complex => {
  const { re, im } = kernel(z)
  return complex(Math.atan2(re, z.re), negativeWhere(!(z.im < 0), im))
}

export const asinh = (z: Complex): Complex => {
  const { re, im } = kernel(turned(z))
  return complex(negativeWhere(z.re < 0, im), Math.atan2(z.im, re))
}

export const acosh = (z: Complex): Complex => {
  const { re, im } = kernel(z)
  return complex(im, negativeWhere(z.im < 0, Math.atan2(re, z.re)))
}

export const atanh = (z: Complex): Complex => {
  const [x, y] = [Math.abs(z.re), Math.abs(z.im)]
  // Here an imaginary part of -0 is below the cut.
  const angle = (): number => {
    if (!(Math.max(x, y) <= large)) return negativeWhere(!(z.im >= 0), Math.PI / 2)
    return Math.atan2(2 * z.im, (1 - x) * (1 + x) - y * y) / 2
  }
  const size = (): number => {
    if (isInfinite(x) || isInfinite(y)) return 0
    if (Math.max(x, y) > large) {
      const ratio = y / x
      return x > y ? 1 / x / (1 + ratio * ratio) : x / y / y / (1 + (x / y) ** 2)
    }
    const beside = (1 - x) * (1 - x) + y * y
    if (x === 1 && y < 1 / large) return (Math.LN2 - Math.log(y)) / 2
    return Math.log1p((4 * x) / beside) / 4
  }
  return complex(negativeWhere(z.re < 0, size()), angle())
}

export const atan = (z: Complex): Complex => turnedBack(atanh(turned(z)))

const orZero = (z: Complex, im: number): number => (z.im === 0 ? 0 : im)

export const sinh = (z: Complex): Complex =>
  complex(Math.sinh(z.re) * Math.cos(z.im), orZero(z, Math.cosh(z.re) * Math.sin(z.im)))

export const cosh = (z: Complex): Complex =>
  complex(Math.cosh(z.re) * Math.cos(z.im), orZero(z, Math.sinh(z.re) * Math.sin(z.im)))

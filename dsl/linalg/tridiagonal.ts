import { fori } from "../control/fori.ts"
import { realPart } from "../dtype.ts"
import { add, eq, mul, neg, sub } from "../ops/elementwise.ts"
import { concatenate, convert, reshape, where } from "../ops/structure.ts"
import { tensorOf, valueOf } from "../tensor.ts"
import { plus, zeros } from "../values.ts"
import {
  adjoint,
  blockAt,
  column,
  conjugate,
  counted,
  type Numbers,
  type Places,
  part,
  placesOf,
  product,
  realOf,
  zerosOf
} from "./matrices.ts"
import { reflector } from "./qr-factors.ts"

/** The reflectors of a few columns, of which the first begins at row `top + 1`: `I - V T V^H`. */
interface Reflectors {
  readonly top: number
  readonly v: Numbers
  readonly t: Numbers
}

/** A Hermitian matrix as Q D Q^H, with D real, symmetric and tridiagonal. */
export interface Tridiagonal {
  readonly diagonal: Numbers
  /** Beside the diagonal. */
  readonly beside: Numbers
  readonly reflectors: ReadonlyArray<Reflectors>
}

interface Panel {
  readonly v: Numbers
  readonly w: Numbers
  readonly t: Numbers
  readonly diagonal: Numbers
  readonly beside: Numbers
}

/** The first columns, one after another, as LAPACK's latrd: the matrix itself stays until all of them are known. */
const ofPanel = (a: Numbers, count: number): Panel => {
  const m = a.shape[0]!
  const columns = counted(count)
  const origin: Places = tensorOf(zeros({ dtype: "i32", shape: [] }))
  const times = (x: Numbers, y: Numbers): Numbers => reshape(product(x, column(y)), [x.shape[0]!])
  const step = (k: Places, { v, w, t, diagonal, beside }: Panel): Panel => {
    const row = (x: Numbers): Numbers => conjugate(reshape(blockAt(x, [k, origin], [1, count]), [count]))
    const own = reshape(blockAt(a, [origin, k], [m, 1]), [m])
    const at = sub(own, add(times(v, row(w)), times(w, row(v))))
    const next = placesOf(plus(valueOf(k), 1))
    const found = reflector(at, next)
    const inner = times(adjoint(v), found.v)
    const moved = sub(times(a, found.v), add(times(v, times(adjoint(w), found.v)), times(w, inner)))
    const first = mul(found.tau, moved)
    const along = reshape(product(reshape(conjugate(first), [1, m]), column(found.v)), [])
    const second = sub(first, mul(mul(mul(0.5, found.tau), along), found.v))
    const here = eq(columns, k)
    const put = (x: Numbers, y: Numbers): Numbers => where(here, column(y), x)
    return {
      v: put(v, found.v),
      w: put(w, second),
      t: put(t, where(here, found.tau, neg(mul(found.tau, times(t, inner))))),
      diagonal: where(here, realOf(reshape(blockAt(at, [k], [1]), [])), diagonal),
      beside: where(here, realOf(found.beta), beside)
    }
  }
  const none = zerosOf(realPart(a.dtype), [count])
  const start: Panel = {
    v: zerosOf(a.dtype, [m, count]),
    w: zerosOf(a.dtype, [m, count]),
    t: zerosOf(a.dtype, [count, count]),
    diagonal: none,
    beside: none
  }
  return fori(0, count, step as never, start as never) as Panel
}

/** How many columns a panel has, so that there are few panels. */
const widthOf = (n: number): number => Math.max(16, Math.ceil(n / 8 / 16) * 16)

/** Reduces a Hermitian matrix to a tridiagonal one by reflectors, as LAPACK's hetrd. */
export const tridiagonal = (a: Numbers): Tridiagonal => {
  const n = a.shape[0]!
  const width = widthOf(n)
  const [diagonal, beside]: [Array<Numbers>, Array<Numbers>] = [[], []]
  const reflectors: Array<Reflectors> = []
  let rest = a
  for (let top = 0; top < n - 1; ) {
    const m = n - top
    const count = Math.min(width, m - 1)
    const made = ofPanel(rest, count)
    diagonal.push(made.diagonal)
    beside.push(made.beside)
    reflectors.push({ top, v: made.v, t: made.t })
    const [v, w] = [made.v, made.w].map((each) => part(each, [count, m], [0, count])) as [Numbers, Numbers]
    const change = product(v, adjoint(w))
    rest = sub(part(rest, [count, m], [count, m]), add(change, adjoint(change)))
    top += count
  }
  return {
    diagonal: concatenate([...diagonal, realOf(reshape(rest, [1]))], 0),
    beside: beside.length === 0 ? zerosOf(realPart(a.dtype), [0]) : concatenate(beside, 0),
    reflectors
  }
}

/** Q times a real matrix. */
export const turned = (reflectors: ReadonlyArray<Reflectors>, x: Numbers, dtype: Numbers["dtype"]): Numbers =>
  reflectors.toReversed().reduce(
    (now, { top, v, t }) => {
      const n = now.shape[0]!
      const [upper, low] = [part(now, [0, top], [0, n]), part(now, [top, n], [0, n])]
      const moved = sub(low, product(v, product(t, product(adjoint(v), low))))
      return top === 0 ? moved : concatenate([upper, moved], 0)
    },
    convert(x, dtype)
  )

import * as la from "../../dsl/linalg/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { numbers } from "./flat.ts"
import type { Row } from "./jax-rows.ts"
import type { Given, Kind } from "./language/cases.ts"
import type { Fn, T } from "./language/functions.ts"

type Z = lc.Tensor<"c128">

const isComplex = (x: lc.Tensor): boolean => x.dtype === "c64" || x.dtype === "c128"

/** Real results as they are, and the parts of complex ones. */
const parts = (results: ReadonlyArray<lc.Tensor>) =>
  results.flatMap((each) => (isComplex(each) ? [lc.real(each as Z), lc.imag(each as Z)] : [each]))

const adjoint = (x: T): T => {
  const turned = la.matrixTranspose(x)
  return (isComplex(x) ? lc.conj(turned as never) : turned) as T
}

const times = (a: T, b: T): T => lc.matmul(a, b) as T

/** Columns times real numbers. */
const scaled = (a: T, s: T): T => lc.mul(a, lc.convert(lc.expandDims(s, -2), a.dtype as "f64")) as T

/** A right-hand side for each matrix: 1, 2, 3, … */
const columns = (a: T): T => {
  const m = a.shape.at(-2)!
  const counted = lc.convert(lc.add(lc.arange(m, "i32"), 1), a.dtype as "f64")
  return lc.broadcastTo(lc.reshape(counted, [m, 1]), [...a.shape.slice(0, -1), 1]) as T
}

const functions: Readonly<Record<string, (a: T) => ReadonlyArray<lc.Tensor>>> = {
  lu: (a) => la.lu(a),
  luProduct: (a) => {
    const [p, l, u] = la.lu(a) as readonly [T, T, T]
    return [times(times(p, l), u)]
  },
  luFactor: (a) => la.luFactor(a),
  qr: (a) => {
    const [q, r] = la.qr(a) as [T, T]
    return [r, times(q, r), times(adjoint(q), q)]
  },
  svd: (a) => {
    const [u, s, vh] = la.svd(a) as readonly [T, T, T]
    return [s, times(scaled(u, s), vh), times(adjoint(u), u), times(vh, adjoint(vh))]
  },
  svdvals: (a) => [la.svdvals(a)],
  pinv: (a) => [la.pinv(a)],
  lstsq: (a) => {
    const solved = lc.vmap((each: T, b: T) => la.lstsq(each, b))(
      ...([a, columns(a)] as never as readonly [never, never])
    )
    const [x, , rank, s] = solved as unknown as ReadonlyArray<lc.Tensor>
    return [x!, rank!, s!]
  },
  matrixRank: (a) => [la.matrixRank(a)],
  norms: (a) =>
    ([undefined, "nuc", 2, -2, 1, -1, Infinity, -Infinity] as const).map((ord) =>
      la.norm(a, { axis: [-2, -1], ...(ord === undefined ? {} : { ord }) })
    ),
  cond: (a) => ([2, -2] as const).map((ord) => la.cond(a, { ord })),
  trace: (a) => [la.trace(a)],
  det: (a) => [la.det(a)],
  slogdet: (a) => la.slogdet(a),
  inv: (a) => [la.inv(a)],
  solve: (a) => [la.solve(a, columns(a))],
  luSolve: (a) => {
    const factors = la.luFactor(a)
    return (["none", "transpose", "adjoint"] as const).map((transpose) =>
      la.luSolve(factors, columns(a), { transpose })
    )
  },
  eigh: (a) => {
    const [w, v] = la.eigh(a) as readonly [T, T]
    return [w, times(scaled(v, w), adjoint(v)), times(adjoint(v), v)]
  },
  eigvalsh: (a) => [la.eigvalsh(a)],
  conds: (a) => ([1, -1, Infinity, -Infinity, "fro"] as const).map((ord) => la.cond(a, { ord })),
  powers: (a) => [0, 1, 2, 3, -1].map((n) => la.matrixPower(a, n)),
  expm: (a) => [la.expm(a)],
  cholesky: (a) => {
    const factor = la.cholesky(times(a, adjoint(a))) as T
    return [factor, la.choleskySolve(factor, columns(a))]
  }
}

/** The function of a row of matrices.json: `det of large`, `det of complex large`. */
export const functionOf = (name: string): Fn => {
  const [own, group] = name.split(" of ") as [string, string]
  const fn = functions[own]!
  return group.startsWith("complex ")
    ? (a: T, b: T) => parts(fn(lc.complex(a, b) as unknown as T))
    : (a: T) => parts(fn(a))
}

/** The precision that is left, seen from the largest element of a matrix's result, or from 1. */
const tolerance = { f32: 2e-5, f64: 2e-12 } as const

/** JAX halves a matrix once less before it approximates its exponential, and loses digits by that. */
const looserOf = (name: string): number => (name.startsWith("expm ") ? 5000 : 1)

/** Where the elements of one matrix of a batch begin and end. */
const member = (
  given: { readonly shape: ReadonlyArray<number>; readonly data: { readonly length: number } },
  i: number
) => {
  const size = given.data.length / (given.shape[0] || 1)
  return [i * size, (i + 1) * size] as const
}

/**
 * Whether a number is JAX's. Of a matrix that is not finite, NaN may stand for what JAX has a number for. Infinities and
 * NaN are one: which of them a division by zero or a product gives depends on the order of operations. The
 * condition of a singular matrix is infinite here, as in NumPy; JAX has NaN or a number beyond the dtype's precision.
 */
const agrees = (name: string, found: number, wanted: number, limit: number, finite: boolean): boolean => {
  if (Object.is(found, wanted)) return true
  if (!finite && Number.isNaN(found)) return true
  if (!Number.isFinite(wanted) && !Number.isFinite(found)) return true
  if (/^conds? /.test(name) && found > 1e7 && !(wanted <= 1e7)) return true
  return Number.isFinite(wanted) && Math.abs(found - wanted) <= limit
}

/** What differs from JAX's results, each as `det of large f32, result 0 of matrix 2 [1]: 3 for 4`. */
export const missesOf = (row: Row, kind: Kind, found: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const wanted = row[kind] as ReadonlyArray<Given>
  if (found.length !== wanted.length) return [`${row.name}: ${found.length} results for ${wanted.length}`]
  return wanted.flatMap((want, k) => {
    const got = numbers(found[k])
    const expected = want.data.map(Number)
    if (got.length !== expected.length) return [`${row.name}: ${got.length} elements for ${expected.length}`]
    return Array.from({ length: want.shape[0] ?? 1 }, (_, i) => i).flatMap((i) => {
      const finite = row.args.every((arg) =>
        arg.data.slice(...member(arg, i)).every((x) => Number.isFinite(Number(x)))
      )
      const own = expected.slice(...member(want, i))
      const sizes = own.filter(Number.isFinite).map(Math.abs)
      const limit = tolerance[want.dtype as "f32" | "f64"] * looserOf(row.name) * Math.max(1, ...sizes)
      return got
        .slice(...member(want, i))
        .flatMap((x, j) =>
          agrees(row.name, x, own[j]!, limit, finite)
            ? []
            : [`${row.name} ${row.dtype}, result ${k} of matrix ${i} [${j}]: ${x} for ${own[j]}`]
        )
    })
  })
}

/** What has the same key, in the order of the keys' first. */
export const groupsOf = <A>(
  all: ReadonlyArray<A>,
  keyOf: (each: A) => string
): ReadonlyMap<string, ReadonlyArray<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each])
  return groups
}

const joined = (groups: ReadonlyArray<ReadonlyArray<Given>>): ReadonlyArray<Given> =>
  groups[0]!.map((first, k) => ({
    dtype: first.dtype,
    shape: [groups.reduce((sum, group) => sum + group[k]!.shape[0]!, 0), ...first.shape.slice(1)],
    data: groups.flatMap((group) => group[k]!.data)
  }))

/** Rows of one function and of matrices of one type as one row of a larger batch. */
const asOne = (rows: ReadonlyArray<Row>): Row => {
  const [first] = rows
  const [own] = first!.name.split(" of ")
  const groups = rows.map(({ name }) => name.split(" of ")[1]!.replace("complex ", ""))
  const kind = first!.args.length > 1 ? "complex " : ""
  return {
    ...first!,
    kinds: ["value"],
    name: `${own} of ${kind}${groups.join(", ")}`,
    args: joined(rows.map(({ args }) => args)),
    value: joined(rows.map(({ value }) => value!))
  }
}

/**
 * What compilers are asked: everything in single precision, by programs of all functions of matrices of one shape, as
 * far as these are not made of what another asks for. The tests of the language ask for double precision.
 */
export const programsOf = (
  rows: ReadonlyArray<Row>
): ReadonlyArray<readonly [matrices: string, rows: ReadonlyArray<Row>]> => {
  const shapes = groupsOf(
    rows.filter(
      ({ name, dtype }) =>
        dtype === "f32" && !/^(?!(luProduct|qr|svd|eigh) ).* of large|of (wide|one by one)/.test(name)
    ),
    ({ args }) => `${args.length > 1 ? "c64" : "f32"}[*,${args[0]!.shape.slice(1)}]`
  )
  return [...shapes].map(([shape, own]) => {
    const functions = groupsOf(own, ({ name }) => name.split(" of ")[0]!)
    return [shape, [...functions.values()].map(asOne)]
  })
}

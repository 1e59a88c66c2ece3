import * as la from "../../../dsl/linalg/index.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T, V } from "./functions.ts"

type Z = lc.Tensor<"c128">

/** A matrix of two real ones, in batches of any number. */
const complex = (a: T, b: T): Z => lc.complex(a, b) as Z

/** The parts of complex results, and real ones as they are. */
const parts = (...results: ReadonlyArray<lc.Tensor>) =>
  results.flatMap((each) =>
    each.dtype === "c128" || each.dtype === "c64" ? [lc.real(each as Z), lc.imag(each as Z)] : [each]
  )

export const linalg: Readonly<Record<string, Fn>> = {
  lu: (a: T) => la.lu(a),
  luWide: (a: T) => la.lu(a),
  luTall: (a: T) => la.lu(a),
  luPanels: (a: T) => la.lu(a),
  luComplex: (a: T, b: T) => parts(...la.lu(complex(a, b))),
  luFactor: (a: T) => la.luFactor(a),
  solve: (a: T, b: T) => la.solve(a, b),
  solveVector: (a: T, b: T) => la.solve(a, b),
  solveBatch: (a: T, b: T) => la.solve(a, b),
  solveShared: (a: T, b: T) => la.solve(a, b),
  solveComplex: (a: T, b: T, c: T) => parts(la.solve(complex(a, b), complex(c, c))),
  inv: (a: T) => la.inv(a),
  invComplex: (a: T, b: T) => parts(la.inv(complex(a, b))),
  det: (a: T) => la.det(a),
  detSingular: (a: T) => la.det(a),
  detSmall: (a: T, b: T, c: T) => [la.det(a), la.det(b), la.det(c)],
  detComplex: (a: T, b: T) => parts(la.det(complex(a, b))),
  slogdet: (a: T, b: T) => [...la.slogdet(a), ...la.slogdet(b)],
  slogdetComplex: (a: T, b: T) => parts(...la.slogdet(complex(a, b))),
  qr: (a: T) => la.qr(a),
  qrTall: (a: T) => la.qr(a),
  qrWide: (a: T) => la.qr(a),
  qrComplete: (a: T) => la.qr(a, { mode: "complete" }),
  qrPanels: (a: T) => la.qr(a),
  qrComplex: (a: T, b: T) => parts(...la.qr(complex(a, b))),
  qrExtreme: (a: T) => la.qr(a)[1],
  eigh: (a: T) => la.eigh(a),
  eighBatch: (a: T) => la.eigh(a),
  eighLarge: (a: T) => la.eigh(a),
  eighPair: (a: T) => [la.eigvalsh(lc.slice(a, [0, 0], [1, 1])), la.eigvalsh(a)],
  eighComplex: (a: T, b: T) => {
    const [values, vectors] = la.eigh(complex(a, b))
    return [values, lc.abs(vectors)]
  },
  eighRepeated: (a: T) => la.eigvalsh(a),
  eighGlued: (a: T) => la.eigvalsh(a),
  svd: (a: T) => la.svd(a),
  svdTall: (a: T) => la.svd(a),
  svdWide: (a: T) => la.svd(a),
  svdvals: (a: T) => la.svdvals(a),
  svdComplex: (a: T, b: T) => {
    const [u, s, vh] = la.svd(complex(a, b))
    return [lc.abs(u), s, lc.abs(vh)]
  },
  svdSingular: (a: T) => la.svdvals(a),
  svdHilbert: (a: T) => la.svdvals(a),
  pinv: (a: T) => la.pinv(a),
  pinvWide: (a: T) => la.pinv(a),
  pinvLow: (a: T) => la.pinv(a),
  pinvEqual: (a: T) => la.pinv(a),
  pinvComplex: (a: T, b: T) => parts(la.pinv(complex(a, b))),
  polyfit: (x: V, y: lc.Tensor<"f64", readonly [number, 2]>, w: V) => [
    la.polyfit(x, lc.take(y, 0, 1), 2),
    la.polyfit(x, y, 3, { weights: w }),
    la.polyfit(x, y, 0),
    la.polyfit(x, lc.take(y, 1, 1), 5, { rtol: 1e-9 })
  ],
  lstsq: (a: T, b: T) => la.lstsq(a, b),
  lstsqVector: (a: T, b: T) => la.lstsq(a, b)[0],
  matrixRank: (a: T, b: T) => [la.matrixRank(a), la.matrixRank(b)],
  normVectors: (x: T) => [
    la.norm(x),
    ...[Infinity, -Infinity, 0, 1, 2, 3, -1.5].map((ord) => la.norm(x, { ord, axis: 1 }))
  ],
  normMatrices: (x: T) =>
    (["fro", "nuc", 1, -1, 2, -2, Infinity, -Infinity] as const).map((ord) =>
      la.norm(x, { ord, axis: [0, 2], keepDims: ord === 1 })
    ),
  normComplex: (a: T, b: T) => {
    const z = complex(a, b)
    return [la.norm(z), la.norm(z, { ord: 1 }), la.norm(z, { ord: 3, axis: 0 })]
  },
  cond: (a: T) => ([2, -2, 1, Infinity, "fro"] as const).map((ord) => la.cond(a, { ord })),
  traceOf: (a: T, n: lc.Tensor<"i32">) => [
    la.trace(a),
    la.trace(a, { offset: 1 }),
    la.trace(n, { offset: -2 })
  ],
  matrixPower: (a: T) => [0, 1, 5, -3].map((n) => la.matrixPower(a, n)),
  choleskySolve: (a: T, b: T) => [
    la.choleskySolve(lc.tril(a), b),
    la.choleskySolve(lc.triu(a), b, { lower: false })
  ],
  choleskySolveComplex: (a: T, b: T) =>
    parts(la.choleskySolve(lc.tril(complex(a, b)), lc.at(lc.transpose(complex(b, a)), 0).get())),
  multiDot: (a: T, b: T, c: T, v: T) => [la.multiDot([a, b, c]), la.multiDot([v, b, c])],
  luSolve: (a: T, b: T) =>
    (["none", "transpose"] as const).map((transpose) => la.luSolve(la.luFactor(a), b, { transpose })),
  luSolveVector: (a: T, b: T) => la.luSolve(la.luFactor(a), b),
  luSolveComplex: (a: T, b: T, c: T) =>
    parts(la.luSolve(la.luFactor(complex(a, b)), complex(c, c), { transpose: "adjoint" })),
  matrixTranspose: (a: T) => la.matrixTranspose(a),
  expm: (a: T) => [0.01, 1, 20].map((s) => la.expm(lc.mul(a, s))),
  expmBatch: (a: T) => la.expm(a),
  expmComplex: (a: T, b: T) => parts(la.expm(complex(a, lc.mul(b, 9) as T))),
  solve32: (a: T, b: T) => la.solve(a, b)
}

import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T } from "../language/functions.ts"

const { conv, convTranspose } = lc
type X = lc.Tensor<"f64", readonly [number, number, number, number]>
type Z = lc.Tensor<"c128", readonly [number, number, number]>
type R = lc.Tensor<"f64", readonly [number, number, number]>

const last = ["NHWC", "HWIO", "NHWC"] as const
const forward = { norm: "forward" } as const
const ortho = { norm: "ortho" } as const

const overOne = [{ axis: 0 }, { n: 3, ...ortho }, { n: 7, axis: 1, ...forward }, { n: 4, axis: -2 }] as const
const overMany: ReadonlyArray<lc.FftnOptions> = [
  {},
  { s: [3], ...ortho },
  { s: [2, 3], axes: [2, 0], ...forward }
]
const pads = [
  [1, 0],
  [2, 1]
] as const

const zero = (x: R) => lc.scalar(0, x.dtype)
const grown = (a: S, b: S): S => lc.add(a, lc.add(b, lc.mul(a, b)))

export const signal: Readonly<Record<string, Fn>> = {
  convLayouts: (x: X, k: X) => [
    conv(x, k, { dimensionNumbers: last }),
    conv(x, k, { dimensionNumbers: last, strides: 2, padding: "same" }),
    conv(x, k, { dimensionNumbers: last, strides: [1, 2], padding: pads, kernelDilation: [2, 1] }),
    conv(x, k, { dimensionNumbers: ["NHWC", "HWIO", "NCHW"], inputDilation: [1, 2] }),
    conv(x, k, { dimensionNumbers: ["NWHC", "HWIO", "WNCH"], strides: [2, 1] }),
    conv(x, k, { dimensionNumbers: ["CHWN", "HWOI", "NHWC"], padding: "same" }),
    conv(x, lc.concatenate([k, k], 3), { dimensionNumbers: last }),
    conv(lc.concatenate([x, x], 3), k, { dimensionNumbers: last, groups: 2 })
  ],
  convLayout: (x: X, k: X) => conv(x, k, { dimensionNumbers: last, strides: 2, padding: "same" }),
  convSides: (x: X, k: X, y: T) => {
    const padding = "sameLower"
    return [
      conv(x, k, { dimensionNumbers: last, padding }),
      conv(x, k, { dimensionNumbers: last, padding, strides: 2 }),
      conv(x, k, { dimensionNumbers: last, padding, strides: [1, 3], kernelDilation: [2, 1] }),
      lc.reduceWindow(y, "sum", { window: [2, 4], strides: [1, 3], padding }),
      lc.reduceWindow(y, "max", { window: [4, 2], padding })
    ]
  },
  convBatchGroups: (x: X, k: X) => [
    conv(x, k, { dimensionNumbers: last, batchGroups: 2 }),
    conv(x, k, { dimensionNumbers: last, batchGroups: 4, padding: "same" }),
    conv(x, k, {
      dimensionNumbers: ["NHWC", "HWIO", "NCHW"],
      batchGroups: 2,
      padding: [
        [1, 0],
        [0, 2]
      ]
    })
  ],
  convRanks: (x: R, k: R, y: T, l: T, z: T, n: T) => [
    conv(x, k, { dimensionNumbers: ["NHC", "HIO", "NHC"], strides: 2 }),
    conv(y, l, { dimensionNumbers: ["NDHWC", "DHWIO", "NDHWC"], strides: [1, 2, 1], padding: "same" }),
    conv(z, n, { dimensionNumbers: ["CN", "IO", "NC"] })
  ],
  convTransposes: (x: X, k: X) => [
    convTranspose(x, k),
    convTranspose(x, k, { strides: [2, 3], padding: "same" }),
    convTranspose(x, k, { strides: [2, 1], transposeKernel: true }),
    convTranspose(x, k, { strides: 4, kernelDilation: [2, 1] }),
    convTranspose(x, k, { strides: [3, 2], padding: "same", kernelDilation: [1, 2], transposeKernel: true }),
    convTranspose(x, k, {
      strides: 2,
      padding: [
        [1, 0],
        [0, 2]
      ]
    })
  ],
  convTransposeLayouts: (x: X, k: X, y: R, l: R, z: T, n: T) => [
    convTranspose(x, k, { dimensionNumbers: last, strides: 2, padding: "same" }),
    convTranspose(x, lc.swapAxes(k, 2, 3), {
      dimensionNumbers: last,
      strides: [2, 1],
      transposeKernel: true
    }),
    convTranspose(y, l, { dimensionNumbers: ["NHC", "HIO", "NHC"], strides: 3, padding: "same" }),
    convTranspose(z, n, { dimensionNumbers: ["NDHWC", "DHWIO", "NDHWC"], strides: [2, 1, 2] })
  ],
  ffts: (z: Z) => [
    ...[lc.fft, lc.ifft].flatMap((f) => overOne.map((options) => f(z, options))),
    ...[lc.fftn, lc.ifftn].flatMap((f) => overMany.map((options) => f(z, options))),
    ...[lc.fft2, lc.ifft2].flatMap((f) => [
      f(z),
      f(z, { s: [3, 4], ...ortho }),
      f(z, { axes: [0, 1], ...forward })
    ])
  ],
  rffts: (x: R) => [
    ...overOne.slice(0, 3).map((options) => lc.rfft(x, options)),
    ...overMany.map((options) => lc.rfftn(x, options)),
    lc.rfft2(x),
    lc.rfft2(x, { s: [3, 5], ...forward }),
    lc.rfft2(x, { axes: [0, 1] })
  ],
  irffts: (z: Z) => [
    lc.irfft(z, { axis: 1 }),
    lc.irfft(z, { n: 3, ...ortho }),
    lc.irfft(z, { n: 9, axis: 1, ...forward }),
    lc.irfft(z, 8),
    ...overMany.slice(0, 2).map((options) => lc.irfftn(z, options)),
    lc.irfftn(z, { s: [2, 5], axes: [2, 0], ...forward }),
    lc.irfft2(z),
    lc.irfft2(z, { s: [3, 5], ...forward }),
    lc.irfft2(z, { axes: [0, 1] })
  ],
  hffts: (z: Z) => [
    lc.hfft(z),
    lc.hfft(z, { n: 5 }),
    lc.hfft(z, { n: 9, axis: 1 }),
    lc.hfft(z, { axis: 0 }),
    lc.hfft(z, { n: 6, ...ortho }),
    lc.hfft(z, { axis: 1, ...forward })
  ],
  ihffts: (x: R) => [
    lc.ihfft(x),
    lc.ihfft(x, { n: 5 }),
    lc.ihfft(x, { n: 9, axis: 1 }),
    lc.ihfft(x, { axis: 0 }),
    lc.ihfft(x, { n: 6, ...ortho }),
    lc.ihfft(x, { axis: 1, ...forward })
  ],
  manyAxes: (x: T) => [
    lc.fftn(lc.complex(x, x)),
    lc.rfftn(x),
    lc.irfftn(lc.complex(x, x)),
    lc.ifftn(lc.complex(x, lc.mul(x, 2)), { axes: [3, 1, 0, 2, 4].slice(0, x.shape.length) })
  ],
  frequencies: ({ dtype }: S) =>
    [lc.fftfreq, lc.rfftfreq].flatMap((f) => [f(4, 1, dtype), f(5, 0.1, dtype), f(1, 2, dtype)]),
  shifts: (x: T) =>
    [lc.fftshift, lc.ifftshift].flatMap((f) => [f(x), f(x, 0), f(x, [0, -1]), f(x, 1)]) as ReadonlyArray<T>,
  reduces: (x: R) => [0, [1, 2], undefined, [2, 0]].map((axes) => lc.reduce(x, zero(x), grown, axes)),
  reduceSlopes: (x: R) => [lc.reduce(x, zero(x), grown, 1), lc.reduce(x, zero(x), grown)],
  reducePairs: (x: T, i: lc.Tensor<"i32">) => {
    const { best, place } = lc.reduce(
      { best: x, place: i },
      { best: lc.scalar(Number.NEGATIVE_INFINITY, x.dtype), place: lc.scalar(-1, "i32") },
      (a, b) => {
        const isFirst = lc.ge(a.best, b.best)
        return { best: lc.select(isFirst, a.best, b.best), place: lc.select(isFirst, a.place, b.place) }
      },
      1
    )
    return [best, place]
  }
}

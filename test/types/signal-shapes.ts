/** As literal-shapes.ts, for convolutions, pools and Fourier transforms. This file compiles. */
import * as lc from "../../dsl/index.ts"
import * as nn from "../../dsl/nn/index.ts"
import { type Agreement, agree } from "../support/agree.ts"

const { conv, convTranspose, zeros } = lc
const last = ["NHWC", "HWIO", "NHWC"] as const
type F32<S extends ReadonlyArray<number>> = lc.Tensor<"f32", S>

const convolutions = (): ReadonlyArray<Agreement> => {
  const x = zeros([8, 28, 30, 3], "f32")
  const k = zeros([5, 3, 3, 16], "f32")
  const y = zeros([2, 3, 7, 5], "f32")
  const l = zeros([4, 3, 3, 2], "f32")
  return [
    agree(conv(x, k, { dimensionNumbers: last }), "f32", [8, 24, 28, 16]),
    agree(conv(x, k, { dimensionNumbers: last, strides: 2, padding: "same" }), "f32", [8, 14, 15, 16]),
    agree(
      conv(x, k, { dimensionNumbers: ["NWHC", "HWIO", "WNCH"], strides: [2, 1] }),
      "f32",
      [26, 8, 16, 13]
    ),
    agree(
      conv(zeros([4, 9, 2], "f32"), zeros([3, 2, 6], "f32"), { dimensionNumbers: ["NHC", "HIO", "NCH"] }),
      "f32",
      [4, 6, 7]
    ),
    agree(convTranspose(y, l), "f32", [2, 4, 9, 6]),
    agree(convTranspose(y, l, { strides: 2, padding: "same" }), "f32", [2, 4, 14, 10]),
    agree(convTranspose(y, l, { strides: [1, 4], kernelDilation: 2 }), "f32", [2, 4, 11, 20]),
    agree(
      convTranspose(y, l, {
        strides: 2,
        padding: [
          [1, 0],
          [0, 2]
        ]
      }),
      "f32",
      [2, 4, 12, 10]
    ),
    agree(
      convTranspose(x, zeros([5, 3, 7, 3], "f32"), {
        dimensionNumbers: last,
        strides: 2,
        padding: "same",
        transposeKernel: true
      }),
      "f32",
      [8, 56, 60, 7]
    )
  ]
}

const pools = (): ReadonlyArray<Agreement> => {
  const x = zeros([8, 28, 30, 3], "f32")
  return [
    agree(nn.maxPool(x, [2, 2], { strides: 2 }), "f32", [8, 14, 15, 3]),
    agree(nn.maxPool(x, [3, 2], { strides: [2, 1], padding: "same" }), "f32", [8, 14, 30, 3]),
    agree(nn.minPool(x, [4], { features: "first" }), "f32", [8, 28, 30, 0]),
    agree(nn.avgPool(zeros([9, 2], "f64"), [3], { padding: [[1, 1]], countIncludePad: false }), "f64", [9, 2])
  ]
}

const spectra = (): ReadonlyArray<Agreement> => {
  const x = zeros([2, 6, 9], "f32")
  const z = lc.complex(x, 0)
  return [
    agree(lc.fft(z, 2), "c64", [2, 6, 9]),
    agree(lc.fft(z, { axis: 1, norm: "ortho" }), "c64", [2, 6, 9]),
    agree(lc.ifft(z, { axis: 0, n: 5 }), "c64", [5, 6, 9]),
    agree(lc.rfft(x, { axis: 1 }), "c64", [2, 4, 9]),
    agree(lc.rfft(x, { n: 20 }), "c64", [2, 6, 11]),
    agree(lc.irfft(z, { axis: -2 }), "f32", [2, 10, 9]),
    agree(lc.irfft(z, { n: 15, axis: 0 }), "f32", [15, 6, 9]),
    agree(lc.fftn(z), "c64", [2, 6, 9]),
    agree(lc.ifftn(z, { s: [4, 5] }), "c64", [2, 4, 5]),
    agree(lc.fftn(z, { s: [4, 5], axes: [2, 0] }), "c64", [5, 6, 4]),
    agree(lc.rfftn(x), "c64", [2, 6, 5]),
    agree(lc.rfftn(x, { s: [4, 5], axes: [2, 0] }), "c64", [3, 6, 4]),
    agree(lc.irfftn(z), "f32", [2, 6, 16]),
    agree(lc.irfftn(z, { s: [3, 7] }), "f32", [2, 3, 7]),
    agree(lc.fft2(z, { s: [3, 4] }), "c64", [2, 3, 4]),
    agree(lc.rfft2(x, { axes: [0, 1] }), "c64", [2, 4, 9]),
    agree(lc.irfft2(z), "f32", [2, 6, 16]),
    agree(lc.fftfreq(8), "f32", [8]),
    agree(lc.rfftfreq(8, 0.5, "f64"), "f64", [5]),
    agree(lc.fftshift(x, [0, -1]), "f32", [2, 6, 9])
  ]
}

export const signalShapes = (): ReadonlyArray<Agreement> => [
  ...convolutions(),
  ...pools(),
  ...spectra(),
  ...reduced()
]

const reduced = (): ReadonlyArray<Agreement> => {
  const x = zeros([2, 6, 9], "f32")
  const start = { a: lc.scalar(0, "f32"), b: lc.scalar(0, "i32") }
  const { a, b } = lc.reduce({ a: x, b: zeros([2, 6, 9], "i32") }, start, (left) => left, 1)
  return [
    agree(
      lc.reduce(x, lc.scalar(0, "f32"), (left, right) => lc.add(left, right), [0, -1]),
      "f32",
      [6]
    ),
    agree(lc.reduce(x, lc.scalar(0, "f32"), lc.maximum), "f32", []),
    agree(a, "f32", [2, 9]),
    agree(b, "i32", [2, 9])
  ]
}

/** Functions generic in their dimensions, and options that are not known. */
export const generic = {
  images: <B extends number, C extends number>(
    x: F32<readonly [B, 28, 28, C]>,
    k: F32<readonly [3, 3, C, 16]>
  ): F32<readonly [B, 26, 26, 16]> => conv(x, k, { dimensionNumbers: last }),
  larger: <B extends number>(
    x: F32<readonly [B, 3, 8]>,
    k: F32<readonly [5, 3, 4]>
  ): F32<readonly [B, 5, 16]> => convTranspose(x, k, { strides: 2, padding: "same" }),
  pooled: <B extends number, C extends number>(
    x: F32<readonly [B, 28, 28, C]>
  ): F32<readonly [B, 14, 14, C]> => nn.maxPool(x, [2, 2], { strides: 2 }),
  spectrum: <S extends ReadonlyArray<number>>(z: lc.Tensor<"c64", S>): lc.Tensor<"c64", S> =>
    lc.ifftn(lc.fft2(lc.fft(z, { norm: "ortho" }))),
  filtered: <N extends number>(x: F32<readonly [N, 8]>): F32<readonly [N, 8]> =>
    lc.irfft(lc.rfft(x), { n: 8 }),
  half: <N extends number>(x: F32<readonly [N, 8]>): lc.Tensor<"c64", readonly [N, 5]> => lc.rfft2(x),
  shifted: <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => lc.fftshift(x),
  // What is not known is left open.
  anyPadding: (
    x: F32<readonly [1, 2, 8]>,
    k: F32<readonly [3, 2, 2]>,
    padding: "same" | "valid"
  ): F32<readonly [1, 3, number]> => convTranspose(x, k, { strides: 4, padding }),
  anyLayout: (x: F32<readonly [1, 2, 8]>, k: F32<readonly [3, 2, 2]>, layout: lc.DimensionNumbers) =>
    lc.sum(conv(x, k, { dimensionNumbers: layout })),
  anyRank: (x: F32<ReadonlyArray<number>>) => nn.maxPool(x, [2], {}),
  anyLength: (x: F32<readonly [4]>, n: number | undefined): lc.Tensor<"c64", readonly [number]> =>
    lc.rfft(x, { n })
}

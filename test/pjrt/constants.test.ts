import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onEvery } from "../support/backends.ts"
import { call } from "../support/numbers.ts"

const { add, arange, at, clamp, constant, convert, full, jit, pad, scalar, scan, zeros } = lc

const list = (found: unknown): ReadonlyArray<unknown> =>
  ArrayBuffer.isView(found) ? Array.from(found as unknown as Iterable<unknown>) : [found]

/** 1 + 2^-8 is halfway between two bf16, 1 + 2^-11 between two f16: what is beyond decides, unless f32 drops it. */
const aboveTies = { bf16: 1 + 2 ** -8 + 2 ** -40, f16: 1 + 2 ** -11 + 2 ** -40 } as const
const belowTies = { bf16: 1 + 2 ** -8 - 2 ** -40, f16: 1 + 2 ** -11 - 2 ** -40 } as const
const roundedUp = { bf16: 1.0078125, f16: 1.0009765625 } as const

/** A bigint halfway between two f32 and one more; as a double it is halfway. */
const aboveTie = 2n ** 60n + 2n ** 36n + 1n

const subnormals = { f16: 2 ** -24, bf16: 2 ** -133, f32: 2 ** -149, f64: 2 ** -1074 } as const

interface Exact {
  readonly name: string
  readonly program: unknown
  readonly inputs?: ReadonlyArray<unknown>
  readonly right: ReadonlyArray<ReadonlyArray<unknown>>
}

const cases: ReadonlyArray<Exact> = [
  {
    name: "whole numbers beyond 2^53 in i64",
    program: jit([], () => [
      scalar(2 ** 60, "i64"),
      constant([2 ** 62, -(2 ** 63), 2 ** 53 + 2], "i64"),
      full([2], -(2 ** 60), "i64"),
      scalar(2n ** 63n - 1n, "i64")
    ]),
    right: [
      [2n ** 60n],
      [2n ** 62n, -(2n ** 63n), 2n ** 53n + 2n],
      [-(2n ** 60n), -(2n ** 60n)],
      [2n ** 63n - 1n]
    ]
  },
  {
    name: "whole numbers beyond 2^53 in u64",
    program: jit([], () => [scalar(2 ** 60, "u64"), constant([2 ** 63, 2 ** 64 - 2048], "u64")]),
    right: [[2n ** 60n], [2n ** 63n, 2n ** 64n - 2048n]]
  },
  {
    name: "a number beside an i64",
    program: jit([lc.i64(2)], (x) => [
      add(x, 2 ** 60),
      clamp(-(2 ** 60), x, 2 ** 60),
      at(x, 0).set(2 ** 60),
      pad(x, 1, { value: 2 ** 60 })
    ]),
    inputs: [[2n ** 61n, 5n]],
    right: [
      [3n * 2n ** 60n, 2n ** 60n + 5n],
      [2n ** 60n, 5n],
      [2n ** 60n, 5n],
      [2n ** 60n, 2n ** 61n, 5n, 2n ** 60n]
    ]
  },
  {
    name: "the same numbers as arguments",
    program: jit([lc.i64(), lc.u64(2), lc.f32(), lc.bf16()], (a, b, c, d) => [a, b, c, d]),
    inputs: [2 ** 60, [2 ** 60, 2 ** 63], aboveTie, 2n ** 60n + 2n ** 52n + 1n],
    right: [[2n ** 60n], [2n ** 60n, 2n ** 63n], [2 ** 60 + 2 ** 37], [2 ** 60 + 2 ** 53]]
  },
  {
    name: "ranges beyond 2^53",
    program: jit([], () => [
      arange(2 ** 60, 2 ** 60 + 512, 256, "i64"),
      arange(0, 2 ** 62, 2 ** 61, "i64"),
      arange(2 ** 63, 2n ** 63n + 2n, "u64"),
      arange(2 ** 60, 2 ** 60 - 512, -256, "i64"),
      scan(scalar(0, "i64"), arange(2 ** 60, 2 ** 60 + 512, 256, "i64"), (c, x) => [add(c, x), null])[0]
    ]),
    right: [
      [2n ** 60n, 2n ** 60n + 256n],
      [0n, 2n ** 61n],
      [2n ** 63n, 2n ** 63n + 1n],
      [2n ** 60n, 2n ** 60n - 256n],
      [2n ** 61n + 256n]
    ]
  },
  ...(["bf16", "f16"] as const).map(
    (dtype): Exact => ({
      name: `numbers rounded once to ${dtype}`,
      program: jit([(dtype === "f16" ? lc.f16 : lc.bf16)(2)], (x) => [
        scalar(aboveTies[dtype], dtype),
        constant([belowTies[dtype], -aboveTies[dtype]], dtype),
        x,
        add(zeros([], dtype), aboveTies[dtype])
      ]),
      inputs: [[aboveTies[dtype], belowTies[dtype]]],
      right: [[roundedUp[dtype]], [1, -roundedUp[dtype]], [roundedUp[dtype], 1], [roundedUp[dtype]]]
    })
  ),
  {
    name: "bigints rounded once to f32",
    program: jit([], () => [
      scalar(aboveTie as never, "f32"),
      scalar((2n ** 60n + 2n ** 36n) as never, "f32")
    ]),
    right: [[2 ** 60 + 2 ** 37], [2 ** 60]]
  },
  ...(["f16", "bf16", "f32", "f64"] as const).map(
    (dtype): Exact => ({
      name: `zeros, subnormal numbers, infinities and NaN in ${dtype}`,
      program: jit([], () => [
        scalar(-0, dtype),
        full([2], -0, dtype),
        constant([0, -0, subnormals[dtype], -subnormals[dtype], Infinity, -Infinity, NaN], dtype),
        scalar(-subnormals[dtype] / 4, dtype)
      ]),
      right: [[-0], [-0, -0], [0, -0, subnormals[dtype], -subnormals[dtype], Infinity, -Infinity, NaN], [-0]]
    })
  ),
  {
    name: "complex numbers",
    program: jit([], () => {
      const z = constant([0.1, -0, NaN, -Infinity, 2 ** -149], "c64")
      return [lc.real(z), lc.imag(z), lc.real(scalar(2 ** -1074, "c128"))]
    }),
    right: [[Math.fround(0.1), -0, NaN, -Infinity, 2 ** -149], [0, 0, 0, 0, 0], [2 ** -1074]]
  },
  {
    name: "the ends of every integer dtype",
    program: jit([], () => [
      constant([-128, 127], "i8"),
      constant([0, 255], "u8"),
      constant([-32768, 32767], "i16"),
      constant([0, 65535], "u16"),
      constant([-(2 ** 31), 2 ** 31 - 1, -0], "i32"),
      constant([0, 2 ** 32 - 1], "u32")
    ]),
    right: [
      [-128, 127],
      [0, 255],
      [-32768, 32767],
      [0, 65535],
      [-(2 ** 31), 2 ** 31 - 1, 0],
      [0, 2 ** 32 - 1]
    ]
  },
  {
    name: "integers beyond 2^53 rounded once to f32",
    program: jit([lc.i64(2)], (x) => convert(x, "f32")),
    inputs: [[aboveTie, -aboveTie]],
    right: [[2 ** 60 + 2 ** 37, -(2 ** 60 + 2 ** 37)]]
  }
]

describe.each(onEvery)("numbers on $on", ({ open }) => {
  const run = open()
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, { program, inputs = [], right }) => {
    const found = await call(run, program, ...inputs)
    const lists = right.length === 1 && !Array.isArray(found) ? [list(found)] : found.map(list)
    expect(lists).toEqual(right)
  })
})

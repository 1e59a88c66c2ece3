import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { isTraceError } from "../../dsl/errors.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
type Loose = any
type Fn = (...args: ReadonlyArray<unknown>) => Loose

const lc: Loose = language

/** These start a command, make flags or run on a device: `test/attack/host-data.test.ts` has the latter two. */
const others = ["experiment", "experiments", "jit", "put", "read"]

/** Every function of the package, by the name that its refusals say. */
const functions: ReadonlyArray<readonly [string, Fn]> = [
  ...Object.entries<Loose>(lc),
  ...Object.entries<Loose>(lc.random).map(([name, fn]) => [`random.${name}`, fn] as const)
].filter(([name, fn]) => typeof fn === "function" && !/^[A-Z]/.test(name) && !others.includes(name)) as never

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const specs = [
  lc.f32(2, 3),
  lc.i32(2, 3),
  lc.bool(3),
  lc.c64(4, 4),
  lc.f16(0),
  lc.u32(2),
  lc.f32(),
  lc.i32(),
  lc.bool()
]

/** What JavaScript and `any` let through, beside tensors of other shapes and dtypes. */
const garbage = (tensors: ReadonlyArray<Loose>): ReadonlyArray<unknown> => {
  const circle: Array<unknown> = []
  circle.push(circle)
  return [
    ...tensors,
    lc.arange(2 ** 40, "i64"),
    undefined,
    null,
    ...["x", "f32", "bool"],
    ...[Number.NaN, -1, 0, 3, 1.5, 2 ** 21, 2 ** 40, 10n, Symbol("s")],
    ...[(x: unknown) => x, (x: unknown) => [x, null]],
    ...[
      [],
      [2, 3],
      [[]],
      [
        [1, 0],
        [0, 1]
      ],
      [tensors[0], tensors[1]],
      [Symbol("s")],
      [Object.create(null)],
      circle
    ],
    ...[
      {},
      { a: tensors[0] },
      { axis: 9 },
      { keepDims: 1 },
      { dtype: "f33" },
      { length: 3 },
      { mesh: 1, spec: 2 }
    ],
    ...[new Float32Array(2), new Map(), revoked([]), revoked({})],
    // A tensor by its prototype alone.
    Object.create(Object.getPrototypeOf(tensors[0])),
    ...[lc.mesh({ x: 2 }), lc.sharding(lc.mesh({ x: 2 }), "x")]
  ]
}

/** What is wrong with a refusal: undefined where it is a typed error that says who refuses. */
const faultOf = (name: string, error: unknown): string | undefined => {
  if (!isTraceError(error)) return `${name} throws ${String(error)}`
  if (error.operation !== name || !error.message.startsWith(`${name}: `) || error.hint.length < 5)
    return `${name} is named ${error.operation}: ${error.message}`
  return / a , |undefined undefined|\[object|Cannot read/.test(error.message) ? error.message : undefined
}

const attack = (name: string, fn: Fn, args: ReadonlyArray<unknown>): string | undefined => {
  try {
    const made = fn(...args)
    if (typeof made === "function") made(...args.slice(1))
    if (name === "at") made.set(args[1])
    return undefined
  } catch (error) {
    return faultOf(name, error)
  }
}

/** Numbers that are the same in each run. */
const random = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
  return (seed >>> 8) % below
}

describe("garbage in place of arguments", () => {
  it("is refused by a typed error that names the function, whatever it is", (context) => {
    const faults = new Set<string>()
    let made = 0
    traceNow(specs, (...tensors: ReadonlyArray<Loose>) => {
      const values = garbage(tensors)
      const draw = random(7)
      const any = (): unknown => values[draw(values.length)]
      for (const [name, fn] of functions) {
        const alone = values.map((value) => [value])
        // The first argument is often right, so that the others are looked at.
        const more = Array.from({ length: 60 }, (_, i) => [
          i % 3 === 0 ? any() : tensors[draw(tensors.length)],
          ...Array.from({ length: 1 + draw(3) }, any)
        ])
        for (const args of [[], ...alone, ...more]) {
          made++
          const fault = attack(name, fn, args)
          if (fault !== undefined) faults.add(fault)
        }
      }
      return tensors[0]
    })
    expect([...faults]).toEqual([])
    expect(functions.length).toBeGreaterThan(180)
    countAttacks(context, made)
  })

  it("of jit is refused when the program is traced", async (context) => {
    const cases: ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> = [
      ["jit: specs is null, not a list", [null, () => 0]],
      ["jit: specs is undefined", []],
      ["jit: specs is a proxy that was revoked", [revoked([]), () => 0]],
      ["jit: args[0] is the number 3, which is no spec", [[3], () => 0]],
      ["jit: args[0] is a proxy that was revoked", [[revoked({})], () => 0]],
      ["jit: the function is null, not a function", [[lc.f32()], null]],
      ["jit: result is undefined, which is no tensor", [[lc.f32()], () => undefined]],
      ["jit: result is a proxy that was revoked", [[lc.f32()], () => revoked({})]],
      ["jit: options is null, not a record", [[lc.f32()], (x: unknown) => x, null]],
      ["jit: donate is 7, not a list", [[lc.f32()], (x: unknown) => x, { donate: 7 }]],
      ["jit: donate names argument a list of 1", [[lc.f32()], (x: unknown) => x, { donate: [[[]]] }]],
      ["jit: in[0] is { mesh: 1, spec: 2 }", [[lc.f32()], (x: unknown) => x, { in: [{ mesh: 1, spec: 2 }] }]]
    ]
    for (const [message, args] of cases) {
      const error: Loose = await Effect.runPromise(Effect.flip(lc.jit(...args).source))
      expect(isTraceError(error), message).toBe(true)
      expect(error.message).toContain(message)
    }
    countAttacks(context, cases.length)
  })

  it("in words that a reader understands", (context) => {
    const circle: Array<unknown> = []
    circle.push(circle)
    const cases: ReadonlyArray<readonly [string, (x: Loose) => unknown]> = [
      ["reshape: a dimension is a list", (x) => lc.reshape(x, circle)],
      ["zeros: a dimension is Symbol(s)", () => lc.zeros([Symbol("s")], "f32")],
      ["sum: axis [] is out of range for f32[2,3]", (x) => lc.sum(x, [[]])],
      ["linspace: takes floats, not i32[]", () => lc.linspace(0, 1, 3, "i32")],
      ["rfft: takes floats, not c64[2,3]", (x) => lc.rfft(lc.complex(x, x))],
      ["irfft: takes complex numbers, not f32[2,3]", (x) => lc.irfft(x)],
      ["fft: 3 axes of c64[2,3]", (x) => lc.fft(lc.complex(x, x), 3)],
      ["mean: takes floats, not i32[2,3]", (x) => lc.mean(lc.convert(x, "i32"))],
      ["where: takes booleans, not f32[2,3]", (x) => lc.where(x, x, x)],
      ["fori: carry goes in as f32[2,3]", (x) => lc.fori(0, 3, () => lc.scalar(0, "f32"), x)],
      ['take: mode is "wrap", not one of', (x) => lc.take(x, 0, 0, { mode: "wrap" })],
      ["valueAndGrad: the function is 3", () => lc.valueAndGrad(3)],
      ["eye: i32[2097152,2097152] is", () => lc.eye(2 ** 21, "f32")],
      ["split: axis 0 of f32[0,3] does not divide", (x) => lc.split(lc.slice(x, [0, 0], [0, 3]), 2 ** 40)],
      ["mesh: it has 1073741824 devices", () => lc.mesh({ x: 2 ** 30 })],
      ["arange: a range of 1 step from 300 to 300 does not fit u8", () => lc.arange(300, 301, "u8")]
    ]
    traceNow([lc.f32(2, 3)], (x: Loose) => {
      for (const [message, fn] of cases) expect(() => fn(x), message).toThrow(message)
      return x
    })
    countAttacks(context, cases.length)
  })

  it("as an unroll that would write a program without end is refused at once", (context) => {
    traceNow([lc.f32()], (x: Loose) => {
      const scan = (unroll: number, length: number) =>
        lc.scan(x, null, (carry: Loose) => [lc.add(carry, 1), null], { length, unroll })
      expect(() => scan(2 ** 40, 2 ** 40)).toThrow("scan: unroll is 1099511627776, which makes")
      expect(() => scan(2 ** 20, 2 ** 40)).toThrow("there are at most 262144")
      // A loop that is shorter than that is written out once.
      expect(() => scan(2 ** 40, 10)).not.toThrow()
      return x
    })
    countAttacks(context, 3)
  })
})

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { jsonText } from "../../pjrt/array/layout.ts"
import { type Experiment, experiment } from "../../pjrt/cli/experiment.ts"
import { type Report, reportJson, showReport } from "../../pjrt/cli/report.ts"
import {
  add,
  arange,
  bf16,
  bool,
  c64,
  f32,
  i64,
  jit,
  mesh,
  put,
  scalar,
  sharding,
  u64
} from "../../pjrt/loopcarry.ts"
import { onPlugins, onRemote } from "../support/backends.ts"
import { failure, onDevice } from "../support/run.ts"

const three = jit([f32(3)], (x) => ({ a: add(x, 1), b: [add(x, 2), x] as const }))
const one = jit([f32()], (x) => x)
const many = jit([], () => arange(100_000, "f32"))

/** What `--json` prints of results, read again. */
const printed = (report: Report): Record<string, unknown> => JSON.parse(jsonText(reportJson(report))).results

/** The lines for people between those about the device and the time. */
const lines = (report: Report): ReadonlyArray<string> =>
  showReport(report)
    .split("\n")
    .filter((line) => /^ {2}/.test(line) && !/^ {2}(device|time) /.test(line))
    .map((line) => line.trim().replaceAll(/ {2,}/g, " | "))

const array = (dtype: string, shape: ReadonlyArray<number>, data: ReadonlyArray<unknown>) => ({
  dtype,
  shape,
  data
})

const devices = [
  ...onPlugins,
  { on: "reference", open: () => onDevice("reference") },
  { on: "a process of its own", open: () => onDevice("cpu", { isolate: true }) },
  onRemote
]

describe.each(devices)("results of an experiment on $on", ({ open }) => {
  const run = open()
  const report = (found: Experiment) => run(found.report as Effect.Effect<Report, Error>)

  it("are read at any depth of records, lists and tuples", async () => {
    const made = await report(
      experiment("deep", {
        run: () =>
          Effect.gen(function* () {
            const pair = yield* three([1, 2, 3])
            const losses = [yield* one(1), yield* one(0.5)]
            return { pair, deep: { list: [null, { x: pair.a }] }, losses }
          })
      })
    )
    const a = array("f32", [3], [2, 3, 4])
    expect(printed(made)).toEqual({
      pair: { a, b: [array("f32", [3], [3, 4, 5]), array("f32", [3], [1, 2, 3])] },
      deep: { list: [null, { x: a }] },
      losses: [array("f32", [], [1]), array("f32", [], [0.5])]
    })
    expect(lines(made)).toEqual([
      "pair.a | 2 3 4",
      "pair.b[0] | 3 4 5",
      "pair.b[1] | 1 2 3",
      "deep.list[0] | null",
      "deep.list[1].x | 2 3 4",
      "losses | 1 0.5"
    ])
  })

  it("have the notation of exec for each dtype", async () => {
    const made = await report(
      experiment("dtypes", {
        run: () =>
          Effect.gen(function* () {
            return {
              f: yield* put(f32(4), [Number.NaN, -0, Infinity, -Infinity]),
              h: yield* put(bf16(2), Float32Array.of(-0, 0.5)),
              i: yield* put(i64(2), [2n ** 60n, -1n]),
              u: yield* put(u64(), 2n ** 64n - 1n),
              b: yield* put(bool(2), [true, false]),
              c: yield* put(c64(2), Float32Array.of(1, Number.NaN, -0, 2))
            }
          })
      })
    )
    const found = printed(made)
    expect(found).toEqual({
      f: array("f32", [4], ["NaN", -0, "Infinity", "-Infinity"]),
      h: array("bf16", [2], [-0, 0.5]),
      i: array("i64", [2], ["1152921504606846976", -1]),
      u: array("u64", [], ["18446744073709551615"]),
      b: array("bool", [2], [true, false]),
      c: array(
        "c64",
        [2],
        [
          [1, "NaN"],
          [-0, 2]
        ]
      )
    })
    expect(lines(made).slice(0, 4)).toEqual([
      "f | NaN -0 Infinity -Infinity",
      "h | -0 0.5",
      "i | 1152921504606846976 -1",
      "u | 18446744073709551615"
    ])
  })

  it("are shortened for people where they are large, and whole in JSON", async () => {
    const made = await report(
      experiment("large", {
        run: () =>
          Effect.gen(function* () {
            return { numbers: yield* many(), list: Array.from({ length: 2000 }, (_, i) => i) }
          })
      })
    )
    const { numbers, list } = printed(made) as { numbers: { data: Array<number> }; list: Array<number> }
    expect([numbers.data.length, numbers.data[99_999], list.length]).toEqual([100_000, 99_999, 2000])
    expect(lines(made)).toEqual([
      "numbers | 0 1 2 … 99997 99998 99999",
      "(f32[100000], shortened; --json has all)",
      "list | 0 1 2 … 1997 1998 1999",
      "(2000 values, shortened; --json has all)"
    ])
  })
})

const nameless = (name: unknown): object => new (Object.defineProperty(class {}, "name", { value: name }))()
const gone = Proxy.revocable({}, {})
gone.revoke()

describe("results of an experiment", () => {
  const run = onDevice("cpu", { virtualDevices: 2 })
  const report = (found: Experiment) => run(found.report as Effect.Effect<Report, Error>)

  it("may be divided among devices", async () => {
    const rows = sharding(mesh({ x: 2 }), "x")
    const made = await report(
      experiment("sharded", { run: () => Effect.map(put(f32(4), [1, 2, 3, 4], rows), (x) => ({ x })) })
    )
    expect(printed(made)).toEqual({ x: array("f32", [4], [1, 2, 3, 4]) })
  })

  it("may be what JavaScript has besides", async () => {
    const made = await report(
      experiment("javascript", {
        run: () =>
          Effect.succeed({
            number: -0,
            big: 2n ** 60n,
            large: 2 ** 60,
            text: "two\nlines",
            yes: true,
            none: null,
            absent: undefined,
            typed: BigInt64Array.of(1n, 2n ** 62n),
            bytes: new Uint8Array([1, 255]).buffer,
            rows: [[1], [2, 3n]],
            date: new Date(0),
            byName: new Map([["k", [1, 2]]]),
            pairs: new Map([[1, 2]]),
            set: new Set([Number.NaN]),
            option: Option.some(3),
            error: new RangeError("too far"),
            empty: {}
          })
      })
    )
    expect(printed(made)).toEqual({
      number: -0,
      big: "1152921504606846976",
      large: 2 ** 60,
      text: "two\nlines",
      yes: true,
      none: null,
      absent: null,
      typed: [1, "4611686018427387904"],
      bytes: [1, 255],
      rows: [[1], [2, 3]],
      date: "1970-01-01T00:00:00.000Z",
      byName: { k: [1, 2] },
      pairs: [[1, 2]],
      set: ["NaN"],
      option: { _id: "Option", _tag: "Some", value: 3 },
      error: "RangeError: too far",
      empty: {}
    })
    const shown = lines(made)
    for (const line of ["number | -0", "big | 1152921504606846976", "large | 1.15292e+18", "byName.k | 1 2"])
      expect(shown).toContain(line)
  })

  const itself: Record<string, unknown> = {}
  itself.loop = [itself]

  it.each([
    ["an Effect", { a: { b: [1, Effect.succeed(1)] } }, "results.a.b[1] is an Effect that has not been run"],
    ["a jitted function", { "a b": three }, 'results["a b"] is a function that has not been called'],
    ["a Promise", { p: Promise.resolve(1) }, "results.p is a Promise that has not been awaited"],
    ["a Stream", { s: Stream.make(1) }, "results.s is a Stream that has not been run"],
    ["a traced tensor", { t: scalar(1, "f32") }, "results.t is a traced tensor, which holds no numbers"],
    ["a symbol", { s: Symbol("s") }, "results.s is a symbol"],
    ["what holds itself", itself, "results.loop[0] is a part of itself"],
    ["Effect's machinery", { l: Layer.empty }, "results.l is an Object, which is no data"],
    ["what shows nothing", { w: new WeakMap() }, "results.w is a WeakMap, which is no data"],
    ["what has no name", { c: new (class {})() }, "results.c is an object, which is no data"],
    ["what has a list for one", { c: nameless([]) }, "results.c is an object, which is no data"],
    ["what has a blank for one", { c: nameless(" ") }, "results.c is an object, which is no data"],
    ["a proxy that was revoked", { p: gone.proxy }, "results.p is a proxy that was revoked"],
    ["a list", [1], "results is a list, not a record"],
    ["nothing", undefined, "results is undefined, not a record"],
    ["a text", "x", "results is a string, not a record"]
  ])("are refused by their path where they are %s", async (_, given, message) => {
    // As a script in plain JavaScript gives it.
    const made = experiment("wrong", { run: () => Effect.succeed(given as Record<string, unknown>) })
    expect(await run(failure(made.report))).toMatchObject({
      _tag: "ResultError",
      message: `experiment: ${message}`,
      hint: expect.any(String)
    })
  })

  it.each([
    ["a Promise", Promise.resolve({})],
    ["undefined", undefined]
  ])("are refused where run gives %s in place of an Effect", async (_, given) => {
    const made = experiment("wrong", { run: () => given as never })
    expect(await run(failure(made.report))).toMatchObject({
      _tag: "ResultError",
      message: expect.stringMatching(/^experiment: run gives .*, not an Effect$/)
    })
  })
})

import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { scanStream } from "../../pjrt/index.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { codeAt } from "../support/place.ts"
import { failure, onDevice, thrown } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: mistakes as JavaScript writes them.
type Any = any
const lc = language as Any

const run = onDevice("reference")
const double = lc.jit([lc.f32(3)], (x: Any) => lc.add(x, x))

/** What tracing a function of f32[3] says. */
const traced = async (fn: (x: Any) => unknown) => {
  const error = (await Effect.runPromise(failure(lc.jit([lc.f32(3)], fn).traced))) as Any
  return { message: error.message, hint: error.hint, code: codeAt(error.source) }
}

const effectHint =
  "an Effect has no value yet: yield* it outside the traced function, and give its value as an argument; of a jitted function, call the plain function"
const promiseHint =
  "a Promise has no value yet: where the function is async, leave async and await out; else await it before tracing"

describe("while tracing", () => {
  it.each<[string, (x: Any) => unknown, string, string]>([
    [
      "an Effect as operand",
      (x) => lc.add(double(x), 1),
      "add: an operand is an Effect, not a tensor",
      effectHint
    ],
    ["an Effect as result", (x) => double(x), "jit: result is an Effect, which is no tensor", effectHint],
    [
      "an Effect in a result",
      (x) => ({ a: [double(x)] }),
      "jit: result.a[0] is an Effect, which is no tensor",
      effectHint
    ],
    [
      "an Effect as carry",
      (x) => lc.scan(double(x), lc.arange(3), (c: Any) => [c, null]),
      "scan: carry is an Effect, which is no tensor",
      effectHint
    ],
    [
      "an Effect as a body's result",
      (x) => lc.scan(x, lc.arange(3), (c: Any) => double(c)),
      "scan: the body must return a pair: the next carry and this step's output",
      effectHint
    ],
    [
      "a jitted function in vmap",
      (x) => lc.vmap(double)(x),
      "vmap: result is an Effect, which is no tensor",
      effectHint
    ],
    [
      "a jitted function in grad",
      (x) => lc.grad(double)(x),
      "grad: result is an Effect, which is no tensor",
      effectHint
    ],
    [
      "a Promise as operand",
      (x) => lc.add(Promise.resolve(x), 1),
      "add: an operand is a Promise, not a tensor",
      promiseHint
    ],
    ["an async function", async (x) => x, "jit: result is a Promise, which is no tensor", promiseHint],
    [
      "a rejected Promise",
      (x) => lc.add(Promise.reject(new Error("no")), x),
      "add: an operand is a Promise, not a tensor",
      promiseHint
    ],
    [
      "a generator",
      function* (x) {
        yield x
      },
      "jit: result is a generator, which is no tensor",
      "a traced function is no generator: leave the * of function* and yield* out"
    ],
    [
      "a Stream",
      (x) => lc.add(Stream.make(1), x),
      "add: an operand is a Stream, not a tensor",
      "run a Stream outside the traced function, and give what it gives as an argument"
    ],
    [
      "a jitted function as operand",
      (x) => lc.add(double, x),
      "add: an operand is a jitted function, not a tensor",
      "in a traced function, use the plain function that was given to jit"
    ],
    [
      "a spec",
      (x) => lc.add(lc.f32(3), x),
      "add: an operand is a spec, not a tensor",
      "a spec says what a parameter is; use the parameter itself: jit([f32(3)], (x) => add(x, 1))"
    ]
  ])("%s is named", async (_, fn, message, hint) => {
    expect(await traced(fn)).toMatchObject({ message, hint })
  })

  it("has the line of the operation, or of jit", async () => {
    expect((await traced((x) => lc.add(double(x), 1))).code).toMatch(/^add\(double\(x\), 1\)/)
    expect((await traced((x) => double(x))).code).toMatch(/^jit\(\[lc\.f32\(3\)\], fn\)/)
  })

  it("names a device array", () =>
    run(
      Effect.gen(function* () {
        const y = yield* double([1, 2, 3])
        const hint = "make it an argument of the traced function, whose parameter then stands for it"
        expect(yield* Effect.promise(() => traced((x) => lc.add(x, y)))).toMatchObject({
          message: "add: an operand is a device array, not a tensor",
          hint
        })
        expect(yield* Effect.promise(() => traced(() => y))).toMatchObject({
          message: "jit: result is a device array, which is no tensor",
          hint
        })
      }) as Any
    ))
})

const yields = "an Effect has no value until it is run: put yield* before it"

describe("a body of scanStream", () => {
  it.each<[string, (x: Any) => unknown, string]>([
    ["that is async", async (x) => [x, null], promiseHint],
    ["that gives an Effect", (x) => Effect.succeed([x, null]), effectHint],
    ["that gives a tensor", (x) => x, "return [carry, null] where there is no output"]
  ])("%s is refused", (_, body, hint) =>
    run(
      Effect.map(
        failure(Stream.runCollect(scanStream(lc.f32(), null, body as Any)(0, { xs: null, steps: 3 }))) as Any,
        (error) =>
          expect(error).toMatchObject({
            _tag: "TreeError",
            message: "scan: the body must return a pair: the next carry and this step's output",
            hint
          })
      ) as Any
    )
  )
})

describe("as data", () => {
  it.each<[string, () => Any, string, string]>([
    ["an Effect", () => double(double([1, 2, 3])), "args[0] is an Effect, not data", yields],
    [
      "an Effect in a list",
      () => double([1, double([1, 2, 3]), 3]),
      "args[0][1] is an Effect, not data",
      yields
    ],
    [
      "an Effect for a scalar",
      () => lc.jit([lc.f32()], (x: Any) => x)(Effect.succeed(1)),
      "args[0] is an Effect, not data",
      yields
    ],
    [
      "an Effect for a record",
      () => lc.jit([{ a: lc.f32() }], (x: Any) => x)(Effect.succeed(1)),
      "args[0] must be a record {a}",
      yields
    ],
    [
      "an Effect for a list",
      () => lc.jit([[lc.f32()]], (x: Any) => x)(Effect.succeed(1)),
      "args[0] must be a list of 1",
      yields
    ],
    [
      "an Effect that is put",
      () => lc.put(lc.f32(3), double([1, 2, 3])),
      "value is an Effect, not data",
      yields
    ],
    [
      "a Promise",
      () => double(Promise.resolve([1, 2, 3])),
      "args[0] is a Promise, not data",
      "a Promise has no value yet: await it first, or yield* Effect.promise(() => …)"
    ],
    [
      "a tensor",
      () => double(lc.zeros([3], "f32")),
      "args[0] is a tensor, not data",
      "a tensor of a program has no elements; give numbers, or what a jitted function gives"
    ],
    [
      "a spec",
      () => double(lc.f32(3)),
      "args[0] is a spec, not data",
      "a spec says what data are; give the data themselves, such as [1, 2, 3]"
    ],
    [
      "a generator",
      () => double((function* () {})()),
      "args[0] is a generator, not data",
      "make a list of it: [...values]"
    ],
    [
      "a jitted function",
      () => double(double),
      "args[0] is a jitted function, not data",
      "call it, and put yield* before the call"
    ]
  ])("%s is named", (_, effect, message, hint) =>
    run(
      Effect.map(failure(effect()) as Any, (error) => expect(error).toMatchObject({ message, hint })) as Any
    )
  )

  it("an Effect that is read is named", () => {
    expect(thrown(() => lc.read(double([1, 2, 3])))).toMatchObject({
      message: "read: tree is an Effect, which is no device array",
      hint: yields
    })
  })
})

describe("a device array", () => {
  const why = "its elements are on the device until they are read"
  it.each<[string, (y: Any) => unknown, string]>([
    // biome-ignore lint/suspicious/noDoubleEquals: it is the mistake.
    ["is not a JavaScript number", (y) => y == 3, "write yield* x.read, and compute with what it gives"],
    ["is not a JavaScript number", (y) => y < 3, "write yield* x.read, and compute with what it gives"],
    ["is not a JavaScript number", (y) => y * 2, "write yield* x.read, and compute with what it gives"],
    ["has no element [0]", (y) => y[0], "write (yield* x.read)[i]"],
    ["has no length", (y) => y.length, "write x.shape[0]"],
    ["is no list", (y) => [...y], "write yield* x.read, which gives a typed array"],
    ["has no map", (y) => y.map((v: Any) => v), "write yield* x.read, which gives a typed array"],
    ["is no JSON", (y) => JSON.stringify({ y }), "write JSON.stringify(Array.from(yield* x.read))"]
  ])("%s", (what, fn, hint) =>
    run(
      Effect.map(double([1, 2, 3]) as Any, (y) => {
        const error = thrown(() => fn(y)) as Any
        expect(error).toMatchObject({
          _tag: "ScopeError",
          message: `f32[3] on reference ${what}: ${why}`,
          hint
        })
        expect(error.source).toMatch(/mistaken-values\.test\.ts:/)
      }) as Any
    )
  )

  it("may be what a Promise gives, and is its type and device as text", async () => {
    await run(
      Effect.gen(function* () {
        const y = yield* double([1, 2, 3])
        expect(yield* Effect.promise(async () => y)).toBe(y)
        expect(`${y}`).toBe("f32[3] on reference")
      }) as Any
    )
  })
})

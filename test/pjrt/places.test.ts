import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import { CompileError, RunError } from "../../pjrt/backend/errors.ts"
import { placeIn } from "../../pjrt/jit/placed.ts"
import { add, arange, f32, grad, jit, mul, put, scan, sin, sum, type Tensor } from "../../pjrt/loopcarry.ts"
import { codeAt } from "../support/place.ts"
import { failure, onDevice } from "../support/run.ts"

const run = onDevice("cpu")

/** Programs that the backend is asked to compile, and a compiler that names the place of an operation in each. */
const refusing = (operation: string) => {
  const asked: Array<string> = []
  const refuse = (source: ProgramSource) => {
    const code = source.code as string
    asked.push(code)
    const place = new RegExp(`stablehlo\\.${operation} .* loc\\((".*":\\d+:\\d+)\\)`).exec(code)?.[1]
    return Effect.fail(
      new CompileError({ code: "UNIMPLEMENTED", message: `loc(${place}): error: no ${operation}`, hint: "" })
    )
  }
  const backend = Effect.map(Backend, (own) => Backend.of({ ...own, compile: refuse as never }))
  return { asked, backend }
}

const refused = async (operation: string, make: () => ReturnType<typeof jit>) => {
  const { asked, backend } = refusing(operation)
  const error = await run(
    Effect.flatMap(backend, (own) =>
      Effect.provideService(
        failure((make() as never as () => Effect.Effect<never, CompileError>)()),
        Backend,
        own
      )
    )
  )
  return { asked, error: error as CompileError }
}

describe("a program that a compiler refuses", () => {
  it("names the line of the operation, and is written with places only then", async () => {
    const { asked, error } = await refused(
      "sine",
      () => jit([], () => sin(add(arange(3, "f32"), 1))) as never
    )
    expect(codeAt(error.source)).toMatch(/^sin\(add\(/)
    expect(asked).toHaveLength(2)
    expect(asked[0]).not.toContain("loc(")
  })

  it("names the line of the operation that a derivative is of, also in a loop", async () => {
    const loss = (x: Tensor<"f32", readonly [3]>) =>
      scan(sum(x), arange(3, "f32"), (carry, i) => [sin(mul(carry, i)), null])[0]
    const { error } = await refused("cosine", () => jit([], () => grad(loss)(arange(3, "f32"))) as never)
    expect(codeAt(error.source)).toMatch(/^sin\(mul\(carry/)
  })

  it("names the call of jit where the compiler names no place", async () => {
    const { error } = await refused("tangent", () => jit([], () => add(arange(3, "f32"), 1)) as never)
    expect(codeAt(error.source)).toMatch(/^jit\(\[\]/)
  })
})

describe("a run that fails", () => {
  it("names the call of jit, for arrays on the device and for host data", async () => {
    const failing = Effect.fail(new RunError({ code: "INTERNAL", call: "none", message: "no", hint: "none" }))
    const backend = Effect.map(Backend, (own) =>
      Backend.of({
        ...own,
        compile: (source) =>
          Effect.map(own.compile(source), (made) =>
            Object.assign(Object.create(made), { run: () => failing, start: () => failing })
          )
      })
    )
    const error = (given: (double: unknown) => Effect.Effect<never, RunError>) =>
      run(
        Effect.flatMap(backend, (own) =>
          Effect.provideService(failure(given(jit([f32()], (x) => mul(x, 2)))), Backend, own)
        )
      )
    type Call = (...args: ReadonlyArray<unknown>) => Effect.Effect<never, RunError>
    const withHost = await error((double) => (double as Call)(1))
    const withArray = await error((double) =>
      Effect.flatMap(put(f32(), 1) as Effect.Effect<unknown, never>, (x) => (double as Call)(x))
    )
    for (const each of [withHost, withArray]) {
      expect(each._tag).toBe("RunError")
      expect(codeAt(each.source)).toMatch(/^jit\(\[f32\(\)\]/)
    }
  })
})

describe("a program with places", () => {
  it("compiles, and gives what it gives without", async () => {
    const { recordingPlaces } = await import("../../dsl/place.ts")
    const { traceNow } = await import("../../dsl/trace.ts")
    const { stablehloOf } = await import("../support/passes.ts")
    const { golden } = await import("../support/programs.ts")
    for (const [name, make] of Object.entries(golden)) {
      const plain = stablehloOf(make().program)
      const placed = stablehloOf(recordingPlaces(make).program)
      expect(placed.replace(/ loc\("[^"]*":\d+:\d+\)/g, ""), name).toBe(plain)
      if (plain.includes("@mesh")) continue
      await run(Effect.flatMap(Backend, (backend) => backend.compile({ code: placed })))
    }
    expect(traceNow([f32()], (x) => add(x, 1)).program.equations[0]).not.toHaveProperty("place")
  })
})

describe("placeIn", () => {
  it("finds what XLA and MLIR say of a place", () => {
    expect(placeIn('loc("/a/b.ts":3:5): error: no')).toBe("/a/b.ts:3:5")
    expect(placeIn('%x = f32[] add(), metadata={op_name="a" source_file="/a/b.ts" source_line=7}')).toBe(
      "/a/b.ts:7"
    )
    expect(placeIn("out of memory")).toBeUndefined()
  })
})

import { afterEach, describe, expect, it, vi } from "vitest"
import { programsOf } from "../../../dsl/held.ts"
import { add, arange, f32, grad, mul, neg, scan, type Tensor, tanh } from "../../../dsl/index.ts"
import { loweredFor, optimized } from "../../../dsl/passes/index.ts"
import { controlsFault, type Passes, passNames } from "../../../dsl/passes/names.ts"
import type { Note } from "../../../dsl/passes/note.ts"
import { recurrence } from "../../../dsl/passes/recurrence/recurrence.ts"
import { print } from "../../../dsl/printer.ts"
import { isEquation, type Program, type ScanParams } from "../../../dsl/program.ts"
import type { Specs } from "../../../dsl/spec.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { verify } from "../../../dsl/verifier.ts"
import { compiler } from "../../support/passes.ts"

afterEach(() => void vi.restoreAllMocks())

type F32 = Tensor<"f32", readonly []>

const programOf = (specs: ReadonlyArray<Specs>, fn: (...args: never) => unknown): Program =>
  traceNow(specs, fn as never, "test").program

/** A running sum of floats, in a scan of scans. */
const nested = (x: never) =>
  scan(x, null, (c) => [scan(c, arange(5000, "f32"), (d, i) => [add(d, i), null])[0], null], { length: 3 })[0]

const running = programOf([f32()], (x: never) =>
  scan(x, arange(100_000, "f32"), (c, i) => [add(c, tanh(i)), null])
)

/** The parameters of all scans, outer ones first. */
const scansOf = (program: Program): ReadonlyArray<ScanParams> =>
  program.equations.flatMap((equation) => [
    ...(isEquation(equation, "scan") ? [equation.params] : []),
    ...programsOf(equation).flatMap(scansOf)
  ])

const ran = (program: Program, passes: Passes | undefined, target = compiler): ReadonlyArray<string> => {
  const names: Array<string> = []
  optimized(program, target, {
    passes,
    after: (pass, made) => {
      verify(made)
      names.push(pass)
    }
  })
  return names
}

describe("the passes that run", () => {
  it("are all of them, where nobody says anything", () => {
    expect(new Set(ran(running, undefined))).toEqual(new Set(passNames))
    expect(ran(running, true)).toEqual(ran(running, undefined))
  })

  it("are those that are named, and prune, in their usual order", () => {
    expect(ran(running, ["recurrence", "fission"])).toEqual([
      "prune",
      "fission",
      "prune",
      "recurrence",
      "prune"
    ])
    expect(ran(running, ["carries", "carries"])).toEqual(["prune", "carries", "prune"])
  })

  it("are prune alone, where none are wanted", () => {
    for (const none of [false, [], ["prune"]] as const) expect(ran(running, none)).toEqual(["prune"])
  })

  it("are those that the target says, unless the program says it", () => {
    const target = { ...compiler, optimize: false }
    expect(ran(running, undefined, target)).toEqual(["prune"])
    expect(ran(running, ["carries"], target)).toEqual(["prune", "carries", "prune"])
    expect(ran(running, true, target)).toEqual(ran(running, true))
  })

  it("leave the scans as they were, where none are wanted", () => {
    expect(print(optimized(running, compiler, { passes: false }))).toBe(print(running))
    expect(print(optimized(running, compiler))).not.toBe(print(running))
  })
})

describe("controls", () => {
  it("refuse what is no list of passes", () => {
    const said = (controls: Record<string, unknown>) => controlsFault(controls as never)?.[0]
    expect(said({ optimize: ["fision"] })).toBe('there is no pass "fision"')
    expect(said({ optimize: [undefined] })).toBe("there is no pass undefined")
    expect(said({ optimize: "fission" })).toBe('optimize is "fission", not true, false or a list of passes')
    expect(said({ reassociate: 1 })).toBe("reassociate is 1, not true or false")
    expect(controlsFault({ optimize: passNames, reassociate: true })).toBeUndefined()
    expect(controlsFault({})).toBeUndefined()
  })
})

describe("permission for all scans", () => {
  const allowed = (program: Program) =>
    scansOf(program).map(({ reassociate, carry }) => carry > 0 && reassociate?.every(Boolean))

  it("reaches nested scans", () => {
    const program = programOf([f32()], nested)
    expect(allowed(program)).toEqual([undefined, undefined])
    const made = optimized(program, compiler, { passes: false, reassociate: true })
    verify(made)
    expect(allowed(made)).toEqual([true, true])
  })

  it("reaches the loops of reverse mode", () => {
    const program = programOf(
      [f32()],
      grad(
        (x: Tensor<"f32", readonly []>) => scan(x, arange(10, "f32"), (c, i) => [tanh(mul(c, i)), null])[0]
      )
    )
    const made = optimized(program, compiler, { passes: false, reassociate: true })
    expect(allowed(made).length).toBeGreaterThan(1)
    expect(allowed(made)).toEqual(allowed(made).map(() => true))
  })

  it("comes from the target, unless the program says it", () => {
    const target = { ...compiler, reassociate: true }
    const program = programOf([f32()], nested)
    expect(allowed(optimized(program, target, { passes: false }))).toEqual([true, true])
    expect(allowed(optimized(program, target, { passes: false, reassociate: false }))).toEqual([
      undefined,
      undefined
    ])
  })

  it("lets the passes do more", () => {
    const strict = optimized(running, compiler, { passes: ["recurrence"] })
    const free = optimized(running, compiler, { passes: ["recurrence"], reassociate: true })
    expect(Math.max(...scansOf(strict).map(({ length }) => length!))).toBe(100_000)
    expect(Math.max(...scansOf(free).map(({ length }) => length!))).toBeLessThan(10_000)
  })

  it("gives the program back as it is, where all scans have it", () => {
    const made = optimized(running, compiler, { passes: false, reassociate: true })
    expect(print(optimized(made, compiler, { passes: false, reassociate: true }))).toBe(print(made))
  })
})

describe("a pass that throws", () => {
  const fails = () =>
    vi.spyOn(recurrence, "run").mockImplementation((_, { note }) => {
      note({ pass: "recurrence", place: undefined, did: "half of its work" })
      throw new RangeError("Maximum call stack size exceeded")
    })

  it("is left out, and nothing that it has said is told", () => {
    fails()
    const [failed, notes, after]: [Array<unknown>, Array<Note>, Array<string>] = [[], [], []]
    const made = optimized(running, compiler, {
      failed: (pass, error) => failed.push([pass, (error as Error).message]),
      note: (note) => notes.push(note),
      after: (pass) => after.push(pass)
    })
    verify(made)
    expect(failed).toEqual([["recurrence", "Maximum call stack size exceeded"]])
    expect(notes.map(({ did }) => did)).not.toContain("half of its work")
    expect(after).not.toContain("recurrence")
    const others = passNames.filter((name) => name !== "recurrence")
    expect(print(made)).toBe(print(optimized(running, compiler, { passes: others })))
  })

  it("throws where nobody is told of it", () => {
    fails()
    expect(() => optimized(running, compiler)).toThrow("Maximum call stack")
  })
})

describe("programs that are deep", () => {
  const target = { ...compiler, platform: "cuda" }
  const through = (program: Program) => {
    for (const reassociate of [false, true])
      for (const each of [compiler, target]) {
        const made = optimized(program, each, { reassociate })
        verify(loweredFor(made, each))
      }
  }

  it("of scans in scans go through all passes", () => {
    const deep = (depth: number, x: F32): F32 =>
      depth === 0
        ? tanh(x)
        : scan([x, x], arange(50, "f32"), ([c, same], i) => [
            [add(deep(depth - 1, add(c, same)), 1), same],
            i
          ])[0][0]
    through(programOf([f32()], ((x: F32) => deep(50, x)) as never))
  })

  it("of operations that need one another go through all passes", () => {
    const chain = (x: F32, op: (x: F32) => F32): F32 => {
      let y = x
      for (let i = 0; i < 20_000; i++) y = op(y)
      return y
    }
    const early = (op: (x: F32) => F32) => (x: F32) =>
      scan(x, arange(1000, "f32"), (c: F32, i) => [add(c, chain(i, op)), null])[0]
    through(programOf([f32()], early(neg) as never))
    through(programOf([f32()], early(tanh) as never))
    through(programOf([f32()], ((x: F32) => chain(x, tanh)) as never))
  })
})

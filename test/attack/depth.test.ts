import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { print } from "../../dsl/printer.ts"
import { trace } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import { longestChain } from "../../pjrt/backend/chain.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
type Loose = any

/** The language, without its types. */
const lc: Loose = language
type Fn = (x: Loose) => Loose

const { add, arange, f32, scan } = lc

const refusal = (fn: Fn, specs: ReadonlyArray<Loose> = [f32()]): Promise<Loose> =>
  Effect.runPromise(failure(Effect.suspend(() => trace(specs, fn as never))))

const repeated = <T>(n: number, wrap: (inner: T) => T, first: T): T => {
  let made = first
  for (let i = 0; i < n; i++) made = wrap(made)
  return made
}

const inOneAnother: Readonly<Record<string, (inner: Fn) => Fn>> = {
  scans: (inner) => (x) => scan(x, arange(2), (carry: Loose) => [inner(carry), null])[0],
  "scans that keep": (inner) => (x) => scan(x, arange(2), (carry: Loose) => [inner(carry), carry])[0],
  conds: (inner) => (x) =>
    lc.cond(
      lc.lt(x, 1) as Loose,
      () => inner(x),
      () => x
    ),
  whiles: (inner) => (x) => lc.whileLoop((carry: Loose) => lc.lt(carry, 1) as Loose, inner, x),
  grads: (inner) => lc.grad(inner as Loose) as Loose,
  vmaps: (inner) => (x) => (lc.vmap(inner as Loose) as Loose)(lc.reshape(x, [1, ...x.shape])),
  maps: (inner) => (x) => lc.sum(lc.map(inner as Loose, lc.reshape(x, [1])) as Loose)
}

const circle: Array<unknown> = []
circle.push(circle)
const around = (x: Loose): Loose => {
  const tree: Loose = { a: [x] }
  tree.a.push(tree)
  return tree
}
const twice = (x: Loose): Loose => repeated<Loose>(40, (inner) => [inner, inner], x)

describe("trees", () => {
  it("that are circles are TreeErrors, which name where they close", async (context) => {
    const words = {
      "trace: result.a[1] is result again": [around],
      "scan: carry.a[1] is carry again": [(x: Loose) => scan(around(x), arange(3), (c: Loose) => [c, null])],
      "scan: y.a[1] is y again": [(x: Loose) => scan(x, arange(3), (c: Loose) => [c, around(c)] as Loose)],
      "whileLoop: carry.a[1] is carry again": [
        (x: Loose) => lc.whileLoop((() => lc.lt(x, 1)) as Loose, (c: Loose) => c, around(x))
      ],
      "trace: args[0] is args again": [() => 0, circle]
    } as unknown as Readonly<Record<string, readonly [Fn, ReadonlyArray<Loose>?]>>
    for (const [message, [fn, specs]] of Object.entries(words)) {
      const error = await refusal(fn, specs)
      expect([error._tag, error.message]).toEqual(["TreeError", expect.stringContaining(message)])
    }
    countAttacks(context, Object.keys(words).length)
  })

  it("that are too deep or hold too much are TreeErrors", async (context) => {
    const deep = (leaf: Loose): Loose => repeated<Loose>(10_000, (inner) => [inner], leaf)
    const messages: Array<string> = []
    for (const [fn, specs] of [[deep], [deep, [deep(f32())]], [twice], [() => twice([])]] as ReadonlyArray<
      [Fn, ReadonlyArray<Loose>?]
    >) {
      const error = await refusal(fn, specs)
      expect(error._tag).toBe("TreeError")
      messages.push(error.message.replace(/^.*(more than .*)$/, "$1"))
    }
    expect(messages).toEqual([
      "more than 256 deep",
      "more than 256 deep",
      "more than 1048576 tensors, lists and records",
      "more than 1048576 tensors, lists and records"
    ])
    countAttacks(context, 4)
  })

  it("of numbers are ShapeErrors, and of axes TreeErrors", async (context) => {
    const deep = repeated<Loose>(10_000, (inner) => [inner], 1)
    for (const values of [circle, deep, twice(1)])
      expect((await refusal((x) => add(x, lc.constant(values, "f32") as Loose)))._tag).toBe("ShapeError")
    for (const axes of [[circle], [deep], [twice("x")]])
      expect((await refusal((x) => (lc.vmap((y: Loose) => y, { in: axes }) as Loose)(x)))._tag).toBe(
        "TreeError"
      )
    countAttacks(context, 6)
  })
})

describe("functions within one another", () => {
  it("a thousand deep are typed errors", async (context) => {
    for (const [name, wrap] of Object.entries(inOneAnother))
      expect((await refusal(repeated(1000, wrap, (x) => add(x, 1))))._tag, name).toMatch(
        /^(Scope|Shape)Error$/
      )
    expect(
      (
        await refusal(function self(x: Loose): Loose {
          return self(x)
        })
      )._tag
    ).toBe("ScopeError")
    countAttacks(context, Object.keys(inOneAnother).length + 1)
  })

  it("leave no trace behind when they are refused", async () => {
    const { program } = await Effect.runPromise(
      trace([f32()], repeated(100, inOneAnother.conds!, (x) => add(x, 1)) as never)
    )
    verify(program)
    expect(print(program).match(/switch/g)).toHaveLength(100)
  })
})

const chain =
  (n: number): Fn =>
  (x) =>
    repeated(n, (y) => add(y, x), x)

describe("reference", () => {
  const run = onDevice("reference")

  it("runs loops forty deep, whose pruning is asked of each once", async () => {
    const fn = repeated(
      40,
      (inner: Fn): Fn =>
        (x) =>
          scan(x, arange(1), (c: Loose) => [inner(c), c])[0],
      (x) => add(x, 1)
    )
    expect(await run(Effect.flatMap(lc.jit([f32()], fn)(1), (y: Loose) => y.read))).toBe(2)
  })

  it("runs the longest chain, and refuses a longer one", async (context) => {
    const longest = lc.jit([f32()], chain(longestChain))
    expect(await run(Effect.flatMap(longest(1), (y: Loose) => y.read))).toBe(longestChain + 1)
    const error = await run(failure(lc.jit([f32()], chain(longestChain + 1))(1)))
    expect(error).toMatchObject({
      _tag: "CompileError",
      code: "RESOURCE_EXHAUSTED",
      message: expect.stringContaining(`a chain of ${longestChain + 1} operations`),
      hint: expect.stringContaining("scan")
    })
    countAttacks(context, 2)
  })
})

describe(`PJRT ${plugins[0]!.api}`, () => {
  const run = onDevice(`plugin:${plugins[0]!.path}`, { virtualDevices: 1 })

  it("is not asked to compile a chain that its stack does not hold", async (context) => {
    const error = await run(failure(lc.jit([f32()], chain(200_000))(1)))
    expect(error).toMatchObject({ _tag: "CompileError", code: "RESOURCE_EXHAUSTED" })
    countAttacks(context, 1)
  })
})

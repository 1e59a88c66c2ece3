import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { cases, jitted } from "../support/language/cases.ts"
import { codeAt } from "../support/place.ts"
import { golden } from "../support/programs.ts"
import { type Form, randomCases, tracedOf } from "../support/random-programs.ts"

// biome-ignore lint/suspicious/noExplicitAny: programs as JavaScript writes them.
type Any = any
const lc = language as Any

/** The operations that are warned of in a function of a vector and a scalar. */
const warned = (fn: (x: Any, s: Any) => unknown): ReadonlyArray<string> =>
  traceNow([lc.f32(3), lc.f32()], fn as Any).warnings.map(({ operation }) => operation)

describe("a boolean that nothing uses", () => {
  it("is warned of at its line, with the way out", () => {
    const { warnings } = traceNow([lc.f32(3)], (x: Any) => {
      if (lc.any(lc.gt(x, 0))) return lc.neg(x)
      return x
    })
    expect(warnings).toHaveLength(1)
    const [{ _tag, operation, message, hint, source }] = warnings as Any
    expect({ _tag, operation, message, hint }).toEqual({
      _tag: "ScopeError",
      operation: "any",
      message:
        "any: its result, bool[], is used by nothing; in a condition of JavaScript a tensor is always true",
      hint: "write select(p, a, b) or cond(p, f, g) for if and ?:, and(p, q) for &&, or(p, q) for ||, not(p) for !"
    })
    expect(codeAt(source)).toBe("any(lc.gt(x, 0))) return lc.neg(x)")
  })

  it.each(["eq", "ne", "lt", "le", "gt", "ge"])("is seen of %s", (op) => {
    expect(warned((x) => (lc[op](x, 0) ? x : lc.neg(x)))).toEqual([op])
  })

  it.each(["and", "or", "xor"])("is seen of %s, not of what it takes", (op) => {
    expect(warned((x) => (lc[op](lc.gt(x, 0), lc.lt(x, 1)) ? x : lc.neg(x)))).toEqual([op])
  })

  it("is seen of the other operations that decide", () => {
    expect(warned((x) => (lc.not(lc.gt(x, 0)) ? x : lc.neg(x)))).toEqual(["not"])
    expect(warned((x) => (lc.isFinite(x) ? x : lc.neg(x)))).toEqual(["isFinite"])
    expect(warned((x) => (lc.all(lc.gt(x, 0)) ? x : lc.neg(x)))).toEqual(["all"])
    expect(warned((x) => (lc.any(lc.gt(x, 0), 0, { keepDims: true }) ? x : lc.neg(x)))).toEqual(["any"])
  })

  it("is seen in each form of condition", () => {
    expect(warned((x) => lc.gt(x, 0) && lc.neg(x))).toEqual(["gt"])
    expect(warned((x) => (!lc.gt(x, 0) ? x : lc.neg(x)))).toEqual(["gt"])
    expect(warned((x) => (lc.at(lc.gt(x, 0), 0).get() ? x : lc.neg(x)))).toEqual(["gt"])
    const dead = (x: Any) => {
      while (lc.lt(x, 10)) break
      return x
    }
    expect(warned(dead)).toEqual(["lt"])
  })

  it("is warned of once for each line, in the order of the lines", () => {
    const fn = (x: Any) => {
      for (const bound of [1, 2, 3]) if (lc.gt(x, bound)) x = lc.neg(x)
      return lc.lt(x, 0) ? x : lc.neg(x)
    }
    expect(warned(fn)).toEqual(["gt", "lt"])
  })

  it.each<[string, (f: Any) => (x: Any, s: Any) => unknown]>([
    ["a scan's body", (f) => (_, s) => lc.scan(s, lc.arange(4), (c: Any) => [f(c), null])[0]],
    ["a branch", (f) => (_, s) => lc.cond(lc.gt(s, 1), f, (y: Any) => y, s)],
    ["a loop's body", (f) => (_, s) => lc.whileLoop((y: Any) => lc.lt(y, 9), f, s)],
    ["vmap", (f) => (x) => lc.vmap(f)(x)],
    ["grad", (f) => (_, s) => lc.grad(f)(s)],
    ["hessian", (f) => (_, s) => lc.hessian(f)(s)],
    ["vmap of grad", (f) => (x) => lc.vmap(lc.grad(f))(x)],
    ["jvp", (f) => (_, s) => lc.jvp(f, [s], [s])],
    ["record", (f) => (_, s) => lc.record(f)(s)[0]],
    [
      "a scan that is differentiated",
      (f) => (_, s) =>
        lc.grad((t: Any) => lc.scan(t, lc.arange(4), (c: Any) => [f(c), null], { checkpoint: "sqrt" })[0])(s)
    ]
  ])("is warned of once in %s", (_, around) => {
    const f = (y: Any) => (lc.gt(y, 0) ? lc.mul(y, y) : lc.neg(y))
    expect(warned(around(f))).toEqual(["gt"])
  })
})

describe("a boolean that is used", () => {
  it.each<[string, (x: Any, s: Any) => unknown]>([
    ["by select", (x) => lc.select(lc.gt(x, 0), x, 0)],
    ["by what nothing uses", (x) => [lc.select(lc.gt(x, 0), x, 0), x][1]],
    ["by debugPrint", (x) => [lc.debugPrint("positive", lc.gt(x, 0)), x][1]],
    ["as a number", (x) => lc.sum(lc.convert(lc.gt(x, 0), "i32"))],
    ["as a result", (x) => ({ mask: lc.gt(x, 0) })],
    [
      "as a carry",
      (x, s) => lc.scan({ p: lc.gt(s, 0) }, lc.arange(3), (c: Any) => [{ p: c.p }, null])[1] ?? x
    ],
    ["as rows", (x, s) => lc.scan(s, lc.gt(x, 0), (c: Any) => [c, null])[0]],
    ["as an output that nobody takes", (_, s) => lc.scan(s, lc.arange(3), (c: Any) => [c, lc.gt(c, 0)])[0]],
    ["as aux", (_, s) => lc.grad((y: Any) => [y, lc.gt(y, 0)], { hasAux: true })(s)[0]],
    ["as an argument that the function ignores", (x) => lc.vmap((_: Any, y: Any) => y)(lc.gt(x, 0), x)],
    ["as a member's result that nobody takes", (x) => lc.vmap((y: Any) => [lc.gt(y, 0), y])(x)[1]],
    [
      "as a predicate",
      (_, s) =>
        lc.cond(
          lc.gt(s, 0),
          () => s,
          () => lc.neg(s)
        )
    ],
    ["in part", (x) => lc.convert(lc.split(lc.gt(x, 0), 3)[1], "f32")],
    ["from an outer function", (x, s) => lc.vmap((y: Any) => lc.select(lc.gt(s, 0), y, 0))(x)]
  ])("%s is not warned of", (_, fn) => {
    expect(warned(fn)).toEqual([])
  })

  it("is not looked for in what the library makes for itself", () => {
    expect(warned((x) => [lc.take(x, lc.arange(2), 0, { mode: "clip" }), lc.softmax(x), lc.max(x)])).toEqual(
      []
    )
    // A library function that is passed whole is called by no line of the user's.
    expect(warned((x) => [lc.vmap(lc.gt)(x, x), x][1])).toEqual([])
  })
})

describe("tracing", () => {
  it("calls the function once, and again only where it warns", () => {
    let calls = 0
    const count = (fn: (x: Any) => unknown) => {
      calls = 0
      traceNow([lc.f32(3)], ((x: Any) => {
        calls++
        return fn(x)
      }) as Any)
      return calls
    }
    expect(count((x) => lc.select(lc.gt(x, 0), x, 0))).toBe(1)
    expect(count((x) => (lc.gt(x, 0) ? x : lc.neg(x)))).toBe(2)
  })

  it("keeps its result where the second time throws", () => {
    let calls = 0
    const { program, warnings } = traceNow([lc.f32(3)], ((x: Any) => {
      if (calls++ > 0) throw new Error("again")
      return lc.gt(x, 0) ? x : lc.neg(x)
    }) as Any)
    expect([program.outputs.length, warnings]).toEqual([1, []])
  })

  it("holds nothing afterwards", async () => {
    setFlagsFromString("--expose-gc")
    const collect = runInNewContext("gc") as () => void
    const made = (() => {
      let node: WeakRef<object> | undefined
      traceNow([lc.f32(3)], ((x: Any) => {
        const p = lc.gt(x, 0)
        node = new WeakRef(p)
        return lc.select(p, x, 0)
      }) as Any)
      return node!
    })()
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    expect(made.deref()).toBeUndefined()
  })

  it("counts a function that is traced within another as part of it", () => {
    const fn = (x: Any) => {
      const inner = Effect.runSync(
        lc.trace([lc.f32()], (y: Any) => (lc.lt(y, 0) ? y : lc.neg(y))) as Effect.Effect<{ warnings: Any }>
      )
      expect(inner.warnings).toEqual([])
      return x
    }
    expect(warned(fn)).toEqual(["lt"])
  })

  it("refuses it where it is strict", () => {
    const traced = (options?: object): Any =>
      Effect.runSync(
        Effect.result(lc.trace([lc.f32(3)], (x: Any) => (lc.gt(x, 0) ? x : lc.neg(x)), options) as Any) as Any
      )
    expect(traced().success.warnings).toHaveLength(1)
    expect(traced({ strict: true }).failure.message).toMatch(/^gt: its result, bool\[3\], is used by nothing/)
    expect(traced({ strict: 1 }).failure.message).toBe("trace: strict is 1, not a boolean")
  })
})

describe("no false alarm", () => {
  it("comes from any function of the language, its derivatives or a batch of it", async () => {
    for (const one of cases) {
      const { warnings } = await Effect.runPromise(jitted(one).program.traced)
      expect(warnings.map(({ message, source }) => `${one.name}: ${message} ${source}`)).toEqual([])
    }
  })

  it.each(Object.entries(golden))("comes from the program %s", (_, make) => {
    expect(make().warnings).toEqual([])
  })

  it("comes from a transform of a random program: only what the program itself leaves unused", () => {
    const of = (tape: ReadonlyArray<number>, form: Form) =>
      tracedOf(tape, form).warnings.map(({ operation, source }) => `${operation} ${source}`)
    fc.assert(
      fc.property(randomCases(), ({ tape }) => {
        expect(of(tape, "batch")).toEqual(of(tape, "plain"))
        const total = of(tape, "total")
        expect(of(tape, "gradient")).toEqual(total)
        expect(of(tape, "second")).toEqual(total)
        for (const each of total) expect(each).toMatch(/^\w+ .*\/test\/support\/random-\w+\.ts:\d+:\d+$/)
      }),
      { numRuns: 25 }
    )
  })
})

import * as Effect from "effect/Effect"
import { afterEach, beforeEach, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"

const boom = async (): Promise<never> => {
  throw new Error("boom")
}

type Loose = (...args: ReadonlyArray<never>) => never

/** Functions of the user's that are async, each where the language calls one. */
const attacks: Readonly<Record<string, (x: never) => unknown>> = {
  jit: boom,
  "a list that jit's function gives": () => [boom()],
  "a record": () => ({ a: boom() }),
  scan: (x) => lc.scan(x, lc.arange(3), boom as never),
  "a scan's carry": (x) => lc.scan(x, lc.arange(3), (() => [boom(), null]) as never),
  "a scan's output": (x) => lc.scan(x, lc.arange(3), ((c: never) => [c, boom()]) as never),
  fori: (x) => lc.fori(0, 3, boom as never, x),
  map: () => lc.map(boom as never, lc.arange(3)),
  condition: (x) => lc.whileLoop(boom as never, ((c: never) => c) as never, x),
  "a while loop's body": (x) => lc.whileLoop((() => lc.gt(x, 0)) as never, boom as never, x),
  cond: (x) => lc.cond(lc.gt(x, 0), boom as never, (() => x) as never),
  switchCase: () => lc.switchCase(lc.scalar(0, "i32"), [boom as never, boom as never]),
  grad: (x) => (lc.grad(boom as never) as Loose)(x),
  vmap: () => (lc.vmap(boom as never) as Loose)(lc.arange(3) as never),
  jvp: (x) => lc.jvp(boom as never, [x] as never, [x] as never),
  vjp: (x) => (lc.vjp as never as Loose)(boom as never, x),
  jacrev: (x) => (lc.jacrev(boom as never) as Loose)(x),
  hessian: (x) => (lc.hessian(boom as never) as Loose)(x),
  jacfwd: (x) => (lc.jacfwd(boom as never) as Loose)(x),
  linearize: (x) => (lc.linearize as never as Loose)(boom as never, x),
  valueAndGrad: (x) => (lc.valueAndGrad(boom as never) as Loose)(x),
  shardMap: (x) =>
    (lc.shardMap(boom as never, { mesh: lc.mesh({ i: 1 }), in: null, out: null }) as unknown as Loose)(x),
  record: (x) => (lc.record(boom as never) as Loose)(x),
  associativeScan: () => lc.associativeScan(boom as never, lc.arange(3) as never),
  customVjp: (x) => (lc.customVjp(boom as never, { forward: boom, backward: boom } as never) as Loose)(x),
  "customVjp's forward": (x) =>
    (
      lc.grad(
        lc.customVjp(((y: never) => lc.sin(y)) as never, { forward: boom, backward: boom } as never) as never
      ) as Loose
    )(x),
  "customVjp's backward": (x) =>
    (
      lc.grad(
        lc.customVjp(
          ((y: never) => lc.sin(y)) as never,
          {
            forward: (y: never) => [lc.sin(y), null],
            backward: boom
          } as never
        ) as never
      ) as Loose
    )(x)
}

const unhandled: Array<unknown> = []
const note = (reason: unknown) => void unhandled.push(reason)
beforeEach(() => void process.on("unhandledRejection", note))
afterEach(() => void process.off("unhandledRejection", note))

it("refuses async functions, and leaves no rejection to Node, which would end the process", async (context) => {
  const found: Record<string, string> = {}
  for (const [name, attack] of Object.entries(attacks)) {
    const traced = lc.jit([lc.f32()], attack as never).traced
    const error = await Effect.runPromise(Effect.flip(traced) as Effect.Effect<lc.TraceError>)
    expect(error._tag, name).toBe("TreeError")
    found[name] = error.hint
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(unhandled.splice(0), name).toEqual([])
  }
  for (const [name, hint] of Object.entries(found))
    expect(hint, name).toContain("where the function is async, leave async and await out")
  countAttacks(context, Object.keys(attacks).length)
})

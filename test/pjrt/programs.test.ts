import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { Backend, type Executable } from "../../pjrt/backend/backend.ts"
import { onceEach } from "../../pjrt/backend/programs.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

/** Programs that are told apart by a number, and which of them there are. */
const fake = () => {
  const scope = Scope.makeUnsafe()
  const programs = onceEach(scope)
  const alive: Array<number> = []
  const compiled: Array<number> = []
  const ask = (n: number, holder?: Scope.Scope) => {
    const compile = Effect.acquireRelease(
      Effect.sync(() => {
        alive.push(n)
        compiled.push(n)
        return {} as Executable
      }),
      () => Effect.sync(() => void alive.splice(alive.indexOf(n), 1))
    )
    return Effect.runPromise(programs.once({ code: `${n}`, inputs: undefined }, compile, holder))
  }
  return { scope, alive, compiled, ask }
}

const close = (scope: Scope.Closeable) => Effect.runPromise(Scope.close(scope, Exit.void))

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe("programs", () => {
  it("stay for some time when nobody holds them, and are freed when many others have been let go", async () => {
    const { alive, compiled, ask } = fake()
    for (const n of numbers(0, 70)) {
      const session = Scope.makeUnsafe()
      await ask(n, session)
      await ask(n, session)
      await close(session)
    }
    expect(alive).toEqual(numbers(6, 70))
    const session = Scope.makeUnsafe()
    for (const n of [69, 6, 0]) await ask(n, session)
    expect(compiled).toEqual([...numbers(0, 70), 0])
    // What is held again is not the next to go.
    for (const n of numbers(100, 200)) {
      const other = Scope.makeUnsafe()
      await ask(n, other)
      await close(other)
    }
    expect(alive).toEqual([6, 69, 0, ...numbers(136, 200)])
  })

  it("stay as long as anybody holds them, and without a holder as long as the backend", async () => {
    const { scope, alive, ask } = fake()
    const [a, b] = [Scope.makeUnsafe(), Scope.makeUnsafe()]
    await ask(0, a)
    await ask(0, b)
    await ask(1)
    await close(a)
    for (const n of numbers(100, 200)) {
      const other = Scope.makeUnsafe()
      await ask(n, other)
      await close(other)
    }
    expect(alive.slice(0, 2)).toEqual([0, 1])
    await close(scope)
    expect(alive).toEqual([])
    await close(b)
  })
})

describe("programs of the plugin", () => {
  const run = onDevice(`plugin:${plugins[0]!.path}`, { virtualDevices: 1 })

  it("are freed there too", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const code = (n: number) => `module { func.func public @main() -> tensor<i32> {
          %x = stablehlo.constant dense<${n}> : tensor<i32> return %x : tensor<i32> } }`
        const compileFor = (n: number) =>
          Effect.scoped(Effect.flatMap(Effect.scope, (it) => compile({ code: code(n) }, it)))
        const first = yield* compileFor(0)
        const [kept] = yield* first.run([], scope)
        expect(yield* kept!.bytes).toEqual(Uint8Array.of(0, 0, 0, 0))
        for (const n of numbers(1, 65)) yield* compileFor(n)
        expect(yield* failure(first.run([], scope))).toMatchObject({ _tag: "RunError" })
        const [again] = yield* (yield* compile({ code: code(0) })).run([], scope)
        expect(yield* again!.bytes).toEqual(Uint8Array.of(0, 0, 0, 0))
      })
    ))
})

import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { show } from "../../dsl/shape.ts"
import type { Compiled, Executable, ProgramSource } from "./backend.ts"
import { counted } from "./counted.ts"
import type { CompileFailure } from "./errors.ts"
import { once } from "./once.ts"

/** What tells one program from another. */
const programKey = ({ code, inputs, donated = [], partitioning }: ProgramSource): string => {
  const text = typeof code === "string" ? code : Buffer.from(code).toString("latin1")
  return `${inputs?.map(show).join()} ${donated.join()} ${JSON.stringify(partitioning)}\n${text}`
}

/** How many programs are kept. Beyond, the one that was asked for longest ago is forgotten, and compiled anew if asked for. */
const most = 4096

/** How many of those are kept that nobody holds any more. Beyond, the one that was let go longest ago is freed. */
const mostIdle = 64

/** The programs of one backend, each compiled once, and what that has cost. */
export interface Programs {
  /** Held until `holder` closes, or for as long as the backend where there is none. */
  readonly once: (
    source: ProgramSource,
    compile: Effect.Effect<Executable, CompileFailure, Scope.Scope>,
    holder?: Scope.Scope
  ) => Effect.Effect<Executable, CompileFailure>
  readonly compiled: () => Compiled
  /** Counts a program that was loaded from disk. */
  readonly countCached: () => void
}

interface Known {
  readonly key: string
  readonly executable: Effect.Effect<Executable, CompileFailure>
  /** What the executable lives in. */
  readonly scope: Scope.Closeable
  readonly holders: Set<Scope.Scope>
}

/** Compiling runs in the backend's scope, not in that of the first caller. */
export const onceEach = (scope: Scope.Scope): Programs => {
  const known = new Map<string, Known>()
  /** Those that nobody holds, in the order in which they were let go. */
  const idle = new Set<Known>()
  const compiled = { programs: 0, cached: 0, milliseconds: 0 }
  const timed = <R>(compile: Effect.Effect<Executable, CompileFailure, R>) =>
    Effect.suspend(() => {
      const started = performance.now()
      return Effect.tap(compile, () =>
        Effect.sync(() => {
          compiled.programs++
          counted.programs++
          compiled.milliseconds += performance.now() - started
        })
      )
    })

  const make = (key: string, compile: Effect.Effect<Executable, CompileFailure, Scope.Scope>): Known => {
    const own = Scope.forkUnsafe(scope)
    const executable = once(own, Scope.provide(timed(compile), own))
    return { key, executable, scope: own, holders: new Set() }
  }

  const end = (one: Known): void => {
    idle.delete(one)
    if (known.get(one.key) === one) known.delete(one.key)
    Effect.runFork(Scope.close(one.scope, Exit.void))
  }

  const letGo = (one: Known, holder: Scope.Scope): void => {
    one.holders.delete(holder)
    if (one.holders.size > 0) return
    idle.add(one)
    for (const oldest of idle) {
      if (idle.size <= mostIdle) break
      end(oldest)
    }
  }

  const hold = (one: Known, holder: Scope.Scope): Effect.Effect<void> => {
    if (one.holders.has(holder)) return Effect.void
    one.holders.add(holder)
    idle.delete(one)
    return holder === scope
      ? Effect.void
      : Scope.addFinalizer(
          holder,
          Effect.sync(() => letGo(one, holder))
        )
  }

  return {
    once: (source, compile, holder = scope) =>
      Effect.suspend(() => {
        const key = programKey(source)
        const found = known.get(key) ?? make(key, compile)
        // Asked for now: the last to be forgotten.
        known.delete(key)
        known.set(key, found)
        for (const oldest of known.keys()) {
          if (known.size <= most) break
          known.delete(oldest)
        }
        return Effect.andThen(hold(found, holder), found.executable)
      }),
    compiled: () => ({ ...compiled }),
    countCached: () => {
      compiled.cached++
      counted.cached++
    }
  }
}

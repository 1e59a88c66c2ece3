import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { show } from "../dsl/shape.ts"
import type { Compiled, Executable, ProgramSource } from "./Backend.ts"
import type { CompileFailure } from "./errors.ts"
import { shared } from "./shared.ts"

/** What tells one program from another. */
const keyOf = ({ code, inputs, donated = [], partitioning }: ProgramSource): string => {
  const text = typeof code === "string" ? code : Buffer.from(code).toString("latin1")
  return `${inputs?.map(show).join()} ${donated.join()} ${JSON.stringify(partitioning)}\n${text}`
}

/** How many programs are kept. Beyond, the one that was asked for longest ago is forgotten, and compiled anew if asked for. */
const most = 4096

/** The programs of one backend, each compiled once, and what that has cost. */
export interface Programs {
  readonly once: (
    source: ProgramSource,
    compile: Effect.Effect<Executable, CompileFailure>
  ) => Effect.Effect<Executable, CompileFailure>
  readonly compiled: () => Compiled
  /** Counts a program that was loaded from disk. */
  readonly countCached: () => void
}

/** Compiling belongs to the backend, not to who asked first. */
export const onceEach = (scope: Scope.Scope): Programs => {
  const known = new Map<string, Effect.Effect<Executable, CompileFailure>>()
  const compiled = { programs: 0, cached: 0, milliseconds: 0 }
  const timed = (compile: Effect.Effect<Executable, CompileFailure>) =>
    Effect.suspend(() => {
      const started = performance.now()
      return Effect.tap(compile, () =>
        Effect.sync(() => {
          compiled.programs++
          compiled.milliseconds += performance.now() - started
        })
      )
    })
  return {
    once: (source, compile) => {
      const key = keyOf(source)
      const found = known.get(key) ?? shared(scope, timed(compile))
      // Asked for now: the last to be forgotten.
      known.delete(key)
      known.set(key, found)
      for (const oldest of known.keys()) {
        if (known.size <= most) break
        known.delete(oldest)
      }
      return found
    },
    compiled: () => ({ ...compiled }),
    countCached: () => void compiled.cached++
  }
}

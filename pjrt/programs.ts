import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Compiled, Executable, ProgramSource } from "./Backend.ts"
import type { CompileFailure } from "./errors.ts"

/** What tells one program from another. */
const keyOf = ({ code, donated = [], partitions = 1 }: ProgramSource): string => {
  const text = typeof code === "string" ? code : Buffer.from(code).toString("latin1")
  return `${donated.join()} ${partitions}\n${text}`
}

/** The programs of one backend, each compiled once, and what that has cost. */
export interface Programs {
  readonly once: (
    source: ProgramSource,
    compile: Effect.Effect<Executable, CompileFailure>
  ) => Effect.Effect<Executable, CompileFailure>
  readonly compiled: () => Compiled
  /** Forgets all, where the device has lost them. */
  readonly clear: () => void
}

/**
 * Compiling belongs to the backend, not to who asked first: it goes on in `scope` when that caller gives up, for the
 * next. A failure is not kept.
 */
export const onceEach = (scope: Scope.Scope): Programs => {
  const known = new Map<string, Deferred.Deferred<Executable, CompileFailure>>()
  const compiled = { programs: 0, cached: 0, milliseconds: 0 }
  return {
    once: (source, compile) =>
      Effect.suspend(() => {
        const key = keyOf(source)
        const found = known.get(key)
        if (found !== undefined) return Deferred.await(found)
        const made = Deferred.makeUnsafe<Executable, CompileFailure>()
        known.set(key, made)
        const started = performance.now()
        return compile.pipe(
          Effect.tap(() =>
            Effect.sync(() => {
              compiled.programs++
              compiled.milliseconds += performance.now() - started
            })
          ),
          Effect.tapError(() => Effect.sync(() => known.delete(key))),
          // Also when the device is closed meanwhile, so that nobody waits for ever.
          Effect.onExit((exit) => Deferred.done(made, exit)),
          Effect.ignore,
          Effect.forkIn(scope),
          Effect.andThen(Deferred.await(made))
        )
      }),
    compiled: () => ({ ...compiled }),
    clear: () => known.clear()
  }
}

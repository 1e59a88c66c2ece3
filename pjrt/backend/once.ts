import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"

/**
 * An effect that runs once for all callers. It goes on in `scope` when its caller is interrupted. Its success is kept;
 * after a failure the next caller tries again.
 */
export const once = <A, E>(scope: Scope.Scope, effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let known: Deferred.Deferred<A, E> | undefined
  return Effect.suspend(() => {
    if (known !== undefined) return Deferred.await(known)
    const made = Deferred.makeUnsafe<A, E>()
    known = made
    return effect.pipe(
      Effect.onError(() =>
        Effect.sync(() => {
          known = undefined
        })
      ),
      // Also when the scope closes meanwhile, so that nobody waits for ever.
      Effect.onExit((exit) => Deferred.done(made, exit)),
      Effect.exit,
      Effect.forkIn(scope),
      // A scope that has closed ends it before it begins.
      Effect.tap((fiber) =>
        Effect.sync(() =>
          fiber.addObserver((ended) => {
            if (Exit.isSuccess(ended) || known !== made) return
            known = undefined
            Deferred.doneUnsafe(made, Exit.failCause(ended.cause))
          })
        )
      ),
      Effect.andThen(Deferred.await(made))
    )
  })
}

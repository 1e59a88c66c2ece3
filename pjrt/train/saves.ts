import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { requireDim } from "../../dsl/required.ts"
import type { Backend } from "../backend/backend.ts"
import { ArgumentError } from "../backend/errors.ts"
import { type Checkpoints, checkpoints } from "../io/checkpoints.ts"
import type { FileError } from "../io/errors.ts"
import type { LoadError } from "../io/load-tree.ts"
import type { SaveError } from "../io/save-tree.ts"
import type { SaveOptions } from "./options.ts"
import { type States, specsOf } from "./start.ts"

/** The states that a loop saves. */
export interface Saves {
  /** After how many steps, each time. */
  readonly every: number
  readonly save: (step: number, state: unknown) => Effect.Effect<void, SaveError>
}

/** A state that was saved, where the loop goes on. */
export interface Resumed {
  readonly step: number
  readonly state: unknown
}

const taken = (folder: string, step: number): ArgumentError =>
  new ArgumentError({
    path: "save.folder",
    message: `${folder} holds the state after step ${step} already`,
    hint: "go on from it with resume: true (--resume), or give another folder"
  })

/** Opens the folder of a loop. Throws a `ValueError` or `ShapeError` for options that are wrong. */
export const openSaves = (
  { folder, every, resume = false, damaged, ...rest }: SaveOptions,
  states: States
): {
  readonly saves: Saves
  readonly start: Effect.Effect<Resumed | undefined, LoadError | FileError, Backend | Scope.Scope>
} => {
  const files: Checkpoints = checkpoints(folder, rest)
  const last = Effect.gen(function* () {
    if (resume) return yield* files.latest(specsOf(states), damaged === undefined ? {} : { damaged })
    const found = (yield* files.list).at(-1)
    return found === undefined ? undefined : yield* taken(folder, found.step)
  })
  return {
    saves: {
      every: every === undefined ? Number.POSITIVE_INFINITY : requireDim("train", "save.every", every, 1),
      save: (step, state) => Effect.asVoid(files.save(step, state as never))
    },
    start: last as Effect.Effect<Resumed | undefined, LoadError | FileError, Backend | Scope.Scope>
  }
}

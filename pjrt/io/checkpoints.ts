import { readdir, rm } from "node:fs/promises"
import path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { requireDim, requireOneOf, requireOptions, requireText } from "../../dsl/required.ts"
import type { Specs } from "../../dsl/spec.ts"
import type { Arrays } from "../array/array.ts"
import type { Backend } from "../backend/backend.ts"
import type { ArgumentError } from "../backend/errors.ts"
import { type FileError, FormatError } from "./errors.ts"
import { working } from "./file.ts"
import { checkpointKey, type Label, labelText, requireLabel } from "./label.ts"
import { type LoadError, type LoadOptions, loadAny } from "./load-tree.ts"
import { argumentError, type SaveError, saveAny } from "./save-tree.ts"
import type { OfSaved } from "./saved.ts"

/** What a folder of checkpoints is for. A checkpoint that was saved for something else is refused. */
export interface CheckpointOptions {
  /** How many are kept, those of the last steps (3). */
  readonly keep?: number
  /** What is trained, in words of your own. */
  readonly name?: string
  /** Which version of it. */
  readonly version?: string
  /** The optimiser whose state is in the tree. */
  readonly optimizer?: string
}

/** A checkpoint in its folder. */
export interface CheckpointFile {
  readonly step: number
  readonly file: string
}

/** A checkpoint on the device. */
export interface Checkpoint<T> extends CheckpointFile {
  readonly state: T
  /** Why later ones were passed over, the last step first. */
  readonly skipped: ReadonlyArray<FormatError>
}

/** Which checkpoint is taken where the last one is damaged. */
export interface LatestOptions extends LoadOptions {
  /** `"refuse"`: none, it is an error (so it is where this is left out). `"skip"`: the last one that is sound. */
  readonly damaged?: "refuse" | "skip"
}

/** A folder of checkpoints. */
export interface Checkpoints {
  /** Saves the state after so many steps, and removes what is beyond `keep`. Gives the file's path. */
  readonly save: <const T>(step: number, tree: T & OfSaved<T>) => Effect.Effect<string, SaveError>
  /** What is there, by step. */
  readonly list: Effect.Effect<ReadonlyArray<CheckpointFile>, FileError>
  /** Loads that of one step. */
  readonly load: <const T extends Specs>(
    step: number,
    specs: T,
    options?: LoadOptions
  ) => Effect.Effect<Checkpoint<Arrays<T>>, LoadError, Backend | Scope.Scope>
  /** Loads that of the last step; undefined where there is none. */
  readonly latest: <const T extends Specs>(
    specs: T,
    options?: LatestOptions
  ) => Effect.Effect<Checkpoint<Arrays<T>> | undefined, LoadError, Backend | Scope.Scope>
}

const fileName = (step: number): string => `step-${String(step).padStart(9, "0")}.safetensors`

const stepOf = (name: string): number | undefined => {
  const [, digits] = /^step-(\d{9,16})\.safetensors$/.exec(name) ?? []
  const step = Number(digits)
  return digits !== undefined && fileName(step) === name ? step : undefined
}

const namesIn = (folder: string): Effect.Effect<ReadonlyArray<string>, FileError> =>
  working<ReadonlyArray<string>, FileError>(folder, () => readdir(folder)).pipe(
    Effect.catchIf(
      ({ code }) => code === "ENOENT",
      () => Effect.succeed([])
    )
  )

const isAlive = (process_: number): boolean => {
  try {
    process.kill(process_, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"
  }
}

/** Whether a file is what a process left that was ended while it saved. */
const isLeftOver = (name: string): boolean => {
  const [, owner] = /^\.step-\d+\.safetensors\.(\d+)\.[a-z0-9]+$/.exec(name) ?? []
  return owner !== undefined && !isAlive(Number(owner))
}

const readOptions = (
  options: CheckpointOptions | undefined
): { readonly keep: number; readonly label: Label } => {
  const names = ["keep", "name", "version", "optimizer"] as const
  const { keep = 3, ...given } = requireOptions("checkpoints", options, names)
  for (const [what, text] of Object.entries(given))
    if (text !== undefined) requireText("checkpoints", what, text)
  return { keep: requireDim("checkpoints", "keep", keep, 1), label: given }
}

/**
 * Keeps checkpoints of a loop in a folder: `save` writes the state after a step, whole or not at all, and removes the
 * oldest; `latest` loads the last. Throws a `ValueError` or `ShapeError` for options that are wrong. Its effects fail
 * with a `FileError` of the file system. Loading fails with a `FormatError` where a file is damaged, and with a
 * `MismatchError` where it is of another structure, dtype, name, version or optimiser.
 *
 * @example
 * const saved = checkpoints("run", { keep: 2, optimizer: "adam" })
 * yield* Effect.forEach([10, 20, 30], (step) => saved.save(step, { w: ndarray(f32(2), [step, 0]) }))
 * const files = yield* saved.list
 * files.map(({ step }) => step) // [20, 30]
 * const last = yield* saved.latest({ w: f32(2) })
 * last?.step // 30
 */
export const checkpoints = (folder: string, options?: CheckpointOptions): Checkpoints => {
  requireText("checkpoints", "folder", folder)
  const { keep, label } = readOptions(options)
  const at = (step: number): string => path.join(folder, fileName(step))
  const files = namesIn(folder)
  const list = Effect.map(files, (names) =>
    names
      .flatMap((name): ReadonlyArray<CheckpointFile> => {
        const step = stepOf(name)
        return step === undefined ? [] : [{ step, file: path.join(folder, name) }]
      })
      .sort((a, b) => a.step - b.step)
  )
  const remove = (file: string): Effect.Effect<void, FileError> =>
    working<void, FileError>(file, () => rm(file, { force: true }))

  /** Never that of the step that was just saved, whatever steps are there. */
  const prune = (saved: number) =>
    Effect.gen(function* () {
      const others = (yield* list).filter(({ step }) => step !== saved)
      const old = others.slice(0, Math.max(0, others.length - (keep - 1)))
      const left = (yield* files).filter(isLeftOver).map((name) => path.join(folder, name))
      for (const file of [...old.map(({ file }) => file), ...left]) yield* remove(file)
    })

  const requireStep = (step: unknown): Effect.Effect<number, ArgumentError> =>
    Effect.try({
      try: () => requireDim("checkpoints", "step", step as number),
      catch: (error) => argumentError(error, "step")
    })

  const loadFile = (found: CheckpointFile, specs: unknown, given: LoadOptions | undefined) =>
    Effect.map(
      loadAny(found.file, specs, given, (header) => requireLabel(found, header.metadata, label)),
      (state) => ({ ...found, state, skipped: [] as ReadonlyArray<FormatError> })
    )

  const latest = (specs: unknown, given: LatestOptions | undefined) =>
    Effect.gen(function* () {
      const { damaged = "refuse", ...rest } = yield* Effect.try({
        try: () => {
          const read = requireOptions<LatestOptions>("latest", given, ["damaged", "sharding"])
          if (read.damaged !== undefined) requireOneOf("latest", "damaged", read.damaged, ["refuse", "skip"])
          return read
        },
        catch: (error) => argumentError(error, "options")
      })
      const skipped: Array<FormatError> = []
      for (const found of (yield* list).toReversed()) {
        const loaded = yield* loadFile(found, specs, rest).pipe(
          Effect.catchTag("FormatError", (error) => {
            if (damaged === "refuse")
              return Effect.fail(
                new FormatError({
                  ...error,
                  message: error.message,
                  hint: `restore the file or remove it, or go on from the one before: { damaged: "skip" }`
                })
              )
            skipped.push(error)
            return Effect.succeed(undefined)
          })
        )
        if (loaded !== undefined) return { ...loaded, skipped }
      }
      // All are damaged: to begin anew then is for the user to say.
      if (skipped.length > 0) return yield* Effect.fail(skipped[0]!)
      return undefined
    })

  return {
    save: (step, tree) =>
      Effect.gen(function* () {
        const checked = yield* requireStep(step)
        const metadata = { [checkpointKey]: labelText(checked, label) }
        yield* saveAny(at(checked), tree, { metadata })
        yield* prune(checked)
        return at(checked)
      }),
    list,
    load: (step, specs, given) =>
      Effect.flatMap(requireStep(step), (checked) =>
        loadFile({ step: checked, file: at(checked) }, specs, given)
      ) as never,
    latest: (specs, given) => latest(specs, given) as never
  }
}

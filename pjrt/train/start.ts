import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { TraceError } from "../../dsl/errors.ts"
import type { Aval } from "../../dsl/shape.ts"
import { Spec, type Specs } from "../../dsl/spec.ts"
import { flatten, leafCount, type Structure, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { DeviceArray, isDeviceArray } from "../array/array.ts"
import { encode } from "../array/host.ts"
import { Backend } from "../backend/backend.ts"
import { ArgumentError, type PutError } from "../backend/errors.ts"
import { inPhase } from "../backend/spans.ts"
import { type Jitted, jittedSymbol } from "../jit/jit.ts"
import { leavesOf } from "../jit/leaves.ts"

type Traced = Pick<Jitted<ReadonlyArray<unknown>, unknown>, "traced">

const isJitted = (step: unknown): step is Traced => typeof step === "function" && jittedSymbol in step

/** The states that a step takes. */
export interface States {
  readonly structure: Structure
  readonly avals: ReadonlyArray<Aval>
}

/** What a jitted step says of its first argument; of another the state itself says it. */
export const statesOf = (
  step: unknown,
  state: unknown
): Effect.Effect<States, TraceError | ArgumentError> => {
  if (isJitted(step))
    return Effect.flatMap(step.traced, ({ inputs }) => {
      const structure = inputs.structure.kind === "list" ? inputs.structure.items[0] : undefined
      return structure === undefined
        ? Effect.fail(
            new ArgumentError({
              path: "step",
              message: "step takes no arguments, but a step takes a state and a batch",
              hint: "give jit the specs of both: jit([specs of the state, specs of a batch], fn)"
            })
          )
        : Effect.succeed({ structure, avals: inputs.leaves.slice(0, leafCount(structure)) })
    })
  return Effect.try({
    try: () => {
      const flat = flatten<DeviceArray>(
        state as TreeOf<DeviceArray>,
        isDeviceArray,
        "train",
        "state",
        "array"
      )
      return { structure: flat.structure, avals: flat.leaves }
    },
    catch: () =>
      new ArgumentError({
        path: "state",
        message: "state holds what is no device array, and step is not jitted: nothing says its dtypes",
        hint: "give a jitted step, or put the state first: yield* put(f32(3), [0, 0, 0])"
      })
  })
}

/** A tree of specs for what is loaded. */
export const specsOf = ({ structure, avals }: States): Specs =>
  unflatten(
    structure,
    avals.map(({ dtype, shape }) => new Spec(dtype, shape))
  )

/** Puts the leaves of a state that are not on the device yet. */
export const putState = (
  { structure, avals }: States,
  state: unknown
): Effect.Effect<unknown, PutError, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const scope = yield* Effect.scope
    const leaves = yield* Effect.try({
      try: () =>
        leavesOf(structure, state, "state").map((leaf, i) =>
          isDeviceArray(leaf) ? leaf : { ...avals[i]!, bytes: encode(leaf, avals[i]!, "state") }
        ),
      catch: (error) => error as ArgumentError
    })
    const arrays = yield* Effect.forEach(leaves, (leaf) =>
      isDeviceArray(leaf)
        ? Effect.succeed(leaf)
        : Effect.map(inPhase("upload", backend.put(leaf, scope)), (buffer) => new DeviceArray(buffer))
    )
    return unflatten(structure, arrays)
  })

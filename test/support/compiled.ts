import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { isVariable } from "../../dsl/held.ts"
import type { Program } from "../../dsl/program.ts"
import { moduleOf } from "../../dsl/stablehlo/module.ts"
import { Backend, type Executable, type HostArray } from "../../pjrt/backend/backend.ts"
import type { CompileFailure } from "../../pjrt/backend/errors.ts"
import { lowered } from "./passes.ts"

/** Compiles a program as it is: of the passes only those run that its target cannot do without. */
export const compiled = (program: Program): Effect.Effect<Executable, CompileFailure, Backend> =>
  Effect.gen(function* () {
    const { compile, target } = yield* Backend
    const ready = lowered(program, target)
    const facts = {
      inputs: program.inputs.map(({ aval }) => aval),
      own: true,
      prints: false,
      variable: isVariable(program)
    }
    return yield* compile(
      target.takes === "program" ? { ...facts, program: ready } : { ...facts, ...moduleOf(ready) }
    )
  })

/** Runs an executable of one device on arrays; gives the bytes of its results. */
export const bytesOf = (
  executable: Executable,
  args: ReadonlyArray<HostArray>
): Effect.Effect<ReadonlyArray<Uint8Array>, unknown, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const { put } = yield* Backend
    const scope = yield* Effect.scope
    const buffers = yield* Effect.forEach(args, (array) => put(array, scope))
    const results = yield* executable.run(buffers, scope)
    return yield* Effect.forEach(results, (buffer) => buffer.bytes)
  })

import type { Sharding } from "../mesh.ts"
import { loweredFor, optimized } from "../passes/index.ts"
import { compiler } from "../passes/pass.ts"
import type { Program } from "../program.ts"
import { requireList, requireOptions, requireWholes } from "../required.ts"
import { requireSharding } from "../sharding.ts"
import { requireProgram } from "../verifier.ts"
import { type ModuleOptions, moduleOf } from "./module.ts"

/**
 * Writes a traced program as a StableHLO module with a public `@main`. The same program always gives the same text.
 * Fails with a `ValueError` for what is no program.
 *
 * @example
 * const { program } = yield* trace([f32()], (x) => add(x, 1))
 * emit(program).includes("stablehlo.add") // true
 */
export const emit = (program: Program, options?: ModuleOptions): string => {
  requireProgram("emit", program)
  const hint = "give one for each parameter or result"
  const { donated, inShardings, outShardings } = requireOptions("emit", options, [
    "donated",
    "inShardings",
    "outShardings"
  ])
  const shardings = (what: string, list: ReadonlyArray<Sharding | null> = []) =>
    requireList("emit", what, list, hint).map((each) =>
      each === null ? null : requireSharding("emit", each)
    )
  // A pass that fails costs the program that pass alone. jit reports it.
  const improved = optimized(program, compiler, { failed: () => {} })
  return moduleOf(loweredFor(improved, compiler), {
    donated: requireWholes("emit", "donated", donated ?? [], "give positions of parameters"),
    inShardings: shardings("inShardings", inShardings),
    outShardings: shardings("outShardings", outShardings)
  }).code
}

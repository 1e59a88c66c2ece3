import { shardingsOf } from "../dsl/control/shard-map.ts"
import { isVariable } from "../dsl/held.ts"
import { localAval, type Sharding } from "../dsl/mesh.ts"
import { meshOf } from "../dsl/mesh-of.ts"
import { isEquation, type Program, type Var } from "../dsl/program.ts"
import { emit } from "../dsl/stablehlo/emit.ts"
import type { Traced } from "../dsl/trace.ts"
import type { ProgramSource } from "./Backend.ts"
import type { JitOptions } from "./jit.ts"

/** A traced function as a backend compiles it. */
export type Lowered = ProgramSource & { readonly code: string }

/** Which leaves belong to the donated arguments. */
const donatedLeaves = (paths: ReadonlyArray<string>, donate: ReadonlyArray<number>): ReadonlyArray<number> =>
  paths.flatMap((path, i) =>
    donate.some((arg) => new RegExp(`^args\\[${arg}\\]($|[.[])`).test(path)) ? [i] : []
  )

/** How an output lies by the program's own word: as what makes it says, or as the argument that it is. */
const saidOf = (program: Program, output: Var, given: ReadonlyArray<Sharding | null>): Sharding | null => {
  const at = program.inputs.indexOf(output)
  if (at >= 0) return given[at] ?? null
  const maker = program.equations.find(({ outputs }) => outputs.includes(output))
  if (maker === undefined) return null
  if (isEquation(maker, "withSharding")) return maker.params.sharding
  if (isEquation(maker, "shardMap"))
    return { mesh: maker.params.mesh, spec: maker.params.out[maker.outputs.indexOf(output)]! }
  return null
}

/** Makes what a backend compiles of a traced function. Throws a TraceError where shardings do not fit. */
export const lower = (traced: Traced, { donate = [], in: ins = null, out }: JitOptions): Lowered => {
  const { program, inputs, outputs } = traced
  const given = shardingsOf("jit", "in", inputs.structure, ins)
  const wanted =
    out === undefined
      ? program.outputs.map((output) => saidOf(program, output, given))
      : shardingsOf("jit", "out", outputs, out)
  const mesh = meshOf(program, [...given, ...wanted])
  const donated = donatedLeaves(inputs.paths, donate)
  if (mesh !== undefined) {
    for (const [i, { aval }] of program.inputs.entries()) localAval("jit", mesh, given[i]?.spec ?? [], aval)
    for (const [i, { aval }] of program.outputs.entries()) localAval("jit", mesh, wanted[i]?.spec ?? [], aval)
  }
  const specs = (all: ReadonlyArray<Sharding | null>) => all.map((sharding) => sharding?.spec ?? [])
  return {
    code: emit(program, { donated, inShardings: given, outShardings: wanted }),
    inputs: program.inputs.map(({ aval }) => aval),
    donated,
    program,
    variable: isVariable(program),
    partitioning: mesh && { mesh, in: specs(given), out: specs(wanted) }
  }
}

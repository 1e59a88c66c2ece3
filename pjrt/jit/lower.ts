import { shardingsOf } from "../../dsl/control/shard-map.ts"
import { depthOf } from "../../dsl/depth.ts"
import { displayedProgram } from "../../dsl/display.ts"
import { valueError } from "../../dsl/errors.ts"
import { holds, isVariable } from "../../dsl/held.ts"
import { localAval, type Sharding } from "../../dsl/mesh.ts"
import { meshOf } from "../../dsl/mesh-of.ts"
import { longestRun } from "../../dsl/passes/duration.ts"
import { loweredFor, optimized, type Watch } from "../../dsl/passes/index.ts"
import { type Controls, controlsFault } from "../../dsl/passes/names.ts"
import type { Target } from "../../dsl/passes/pass.ts"
import { isEquation, type Program, type Var } from "../../dsl/program.ts"
import { requireList, requireOptions, shown } from "../../dsl/required.ts"
import { moduleOf } from "../../dsl/stablehlo/module.ts"
import type { Traced } from "../../dsl/trace.ts"
import { leafCount, type Structure } from "../../dsl/tree.ts"
import type { InterpretedSource, ProgramSource, SourceFacts } from "../backend/backend.ts"
import type { JitOptions } from "./options.ts"

/**
 * In nanoseconds: a program whose longest run is estimated below this takes the synchronous way into the plugin, though
 * its runs differ. A run that turns out to be longer than a millisecond goes to another thread the next time.
 */
const promptRun = 300_000

/** The positions of the leaves that belong to the donated arguments. */
const donatedLeaves = (structure: Structure, given: ReadonlyArray<number> | true): ReadonlyArray<number> => {
  const args = structure.kind === "list" ? structure.items : []
  const hint = "give positions of arguments, { donate: [0] }, or { donate: true } for all"
  const donate = given === true ? args.map((_, i) => i) : requireList("jit", "donate", given, hint)
  const donated = new Set(donate)
  for (const arg of donated) {
    if (Number.isInteger(arg) && arg >= 0 && arg < args.length) continue
    throw valueError(
      "jit",
      `jit: donate names argument ${shown(arg)} of ${args.length}`,
      args.length === 0
        ? "there is none to donate: leave donate out"
        : `give positions from 0 to ${args.length - 1}`
    )
  }
  if (donated.size !== donate.length)
    throw valueError("jit", "jit: donate names an argument twice", "name each once")
  const leaves: Array<number> = []
  let next = 0
  args.forEach((arg, i) => {
    const end = next + leafCount(arg)
    if (donated.has(i)) for (let leaf = next; leaf < end; leaf++) leaves.push(leaf)
    next = end
  })
  return leaves
}

/** How the outputs lie by the program's own word: as what makes each says, or as the argument that it is. */
const saidOf = (program: Program, given: ReadonlyArray<Sharding | null>): ReadonlyArray<Sharding | null> => {
  const said = new Map<Var, Sharding | null>(program.inputs.map((input, i) => [input, given[i] ?? null]))
  for (const equation of program.equations) {
    if (isEquation(equation, "withSharding")) said.set(equation.outputs[0]!, equation.params.sharding)
    if (isEquation(equation, "shardMap"))
      equation.outputs.forEach((output, i) => {
        said.set(output, { mesh: equation.params.mesh, spec: equation.params.out[i]! })
      })
  }
  return program.outputs.map((output) => said.get(output) ?? null)
}

/** What jit is told of tracing and passes, and what the target says where jit is not. Throws a ValueError. */
export const controlsOf = (options: Controls | undefined, target: Target): Controls => {
  const given: Controls = requireOptions("jit", options)
  const fault = controlsFault(given)
  if (fault !== undefined) throw valueError("jit", `jit: ${fault[0]}`, fault[1])
  const { optimize = target.optimize, reassociate = target.reassociate, strict = target.strict } = given
  return { optimize, reassociate, strict }
}

/** A traced function in the form that a target takes. */
export interface Lowered {
  /** The program as it is best run, its scans being scans. */
  readonly program: Program
  readonly source: ProgramSource | InterpretedSource
}

const jitOptions = ["donate", "in", "out", "optimize", "reassociate", "strict"] as const

/** Makes what a backend compiles of a traced function. Throws a TraceError where options do not fit. */
export const lower = (
  traced: Traced,
  options: JitOptions | undefined,
  target: Target,
  watch: Watch = {}
): Lowered => {
  const { donate = [], in: ins = null, out } = requireOptions("jit", options, jitOptions)
  const { inputs, outputs } = traced
  const { optimize, reassociate } = controlsOf(options, target)
  const passes: Array<string> = []
  const program = optimized(traced.program, target, {
    ...watch,
    passes: optimize,
    reassociate,
    after: (pass, made) => {
      passes.push(pass)
      watch.after?.(pass, made)
    }
  })
  const given = shardingsOf("jit", "in", inputs.structure, ins)
  const wanted = out === undefined ? saidOf(program, given) : shardingsOf("jit", "out", outputs, out)
  const mesh = meshOf(program, [...given, ...wanted])
  const donated = donatedLeaves(inputs.structure, donate)
  if (mesh !== undefined) {
    for (const [i, { aval }] of program.inputs.entries()) localAval("jit", mesh, given[i]?.spec ?? [], aval)
    for (const [i, { aval }] of program.outputs.entries()) localAval("jit", mesh, wanted[i]?.spec ?? [], aval)
  }
  const specs = (all: ReadonlyArray<Sharding | null>) => all.map((sharding) => sharding?.spec ?? [])
  const facts: SourceFacts = {
    inputs: program.inputs.map(({ aval }) => aval),
    donated,
    own: true,
    prints: holds("debugPrint", program),
    variable: isVariable(program) && longestRun(program) > promptRun,
    passes,
    partitioning: mesh && { mesh, in: specs(given), out: specs(wanted) }
  }
  const ready = loweredFor(program, target, watch)
  const source =
    target.takes === "program"
      ? { ...facts, chain: depthOf(ready), program: ready }
      : { ...facts, ...moduleOf(ready, { donated, inShardings: given, outShardings: wanted }) }
  return { program: displayedProgram(program), source }
}

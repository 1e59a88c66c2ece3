import type { Sharding } from "../mesh.ts"
import { meshOf } from "../mesh-of.ts"
import type { Params, Primitive, Program, Var } from "../program.ts"
import type { Aval } from "../shape.ts"
import { lowerings } from "./lowering/index.ts"
import type { Lowering } from "./lowering/lowering.ts"
import { meshText, shardingText } from "./lowering/sharding.ts"
import { tensorType, Writer } from "./text.ts"

const inline = (writer: Writer, program: Program, inputs: ReadonlyArray<string>): ReadonlyArray<string> => {
  const names = new Map<Var, string>()
  program.inputs.forEach((input, i) => {
    names.set(input, inputs[i]!)
  })
  const nameOf = (variable: Var) => names.get(variable)!
  const around = writer.place
  for (const { primitive, params, inputs, outputs, place } of program.equations) {
    writer.place = place ?? around
    const lowering = (lowerings as Partial<Record<Primitive, unknown>>)[primitive] as Lowering<Primitive>
    const before = writer.operations
    const results = lowering(
      {
        writer,
        operands: inputs.map(nameOf),
        inputs: inputs.map((input) => input.aval),
        outputs: outputs.map((output) => output.aval),
        inline: (inner, operands) => inline(writer, inner, operands)
      },
      params as Params[Primitive]
    )
    const known = primitive !== "threefry" && inputs.every((input) => writer.known.has(nameOf(input)))
    const depth = writer.deepest(inputs.map(nameOf)) + Math.max(1, writer.operations - before)
    outputs.forEach((output, i) => {
      names.set(output, results[i]!)
      if (!writer.depths.has(results[i]!)) writer.depths.set(results[i]!, depth)
      if (known) writer.known.add(results[i]!)
    })
  }
  writer.place = around
  return program.outputs.map(nameOf)
}

export interface ModuleOptions {
  /** Parameters whose memory the program may take for its results. */
  readonly donated?: ReadonlyArray<number>
  /** How parameters and results lie on the program's mesh: whole on each device, where nothing is said. */
  readonly inShardings?: ReadonlyArray<Sharding | null>
  readonly outShardings?: ReadonlyArray<Sharding | null>
}

export interface Emitted {
  readonly code: string
  /** The most operations of which each needs the one before. What a region holds is a chain of its own. */
  readonly chain: number
}

/**
 * A program, as `loweredFor` gives it, as a StableHLO module with a public `@main`. The same program always gives the
 * same text.
 */
export const moduleOf = (
  program: Program,
  { donated = [], inShardings = [], outShardings = [] }: ModuleOptions = {}
): Emitted => {
  const mesh = meshOf(program, [...inShardings, ...outShardings])
  const writer = new Writer()
  writer.mesh = mesh
  const names = program.inputs.map((_, i) => `%arg${i}`)
  const results = inline(writer, program, names)
  const lying = (sharding: Sharding | null | undefined, aval: Aval): ReadonlyArray<string> =>
    mesh === undefined ? [] : [`sdy.sharding = #sdy.sharding${shardingText(sharding?.spec ?? [], aval)}`]
  const attributes = (all: ReadonlyArray<string>) => (all.length === 0 ? "" : ` {${all.join(", ")}}`)
  const donors = new Set(donated)
  const parameters = program.inputs.map(({ aval }, i) => {
    const donor = donors.has(i) ? ["jax.buffer_donor = true"] : []
    return `${names[i]}: ${tensorType(aval)}${attributes([...donor, ...lying(inShardings[i], aval)])}`
  })
  const types = program.outputs.map(({ aval }) => tensorType(aval))
  const typed = program.outputs.map(({ aval }, i) => `${types[i]}${attributes(lying(outShardings[i], aval))}`)
  const end = results.length === 0 ? "return" : `return ${results.join(", ")} : ${types.join(", ")}`
  const lines = [
    "module @loopcarry {",
    ...(mesh === undefined ? [] : [`  ${meshText(mesh)}`]),
    `  func.func public @main(${parameters.join(", ")}) -> (${typed.join(", ")}) {`,
    ...writer.lines,
    `    ${end}`,
    "  }",
    "}",
    ""
  ]
  return { code: lines.join("\n"), chain: writer.deepest(writer.depths.keys()) }
}

import { requireSharding, type Sharding } from "../mesh.ts"
import { meshOf } from "../mesh-of.ts"
import type { Params, Primitive, Program, Var } from "../program.ts"
import { requireList, requireOptions, requireWholes } from "../required.ts"
import type { Aval } from "../shape.ts"
import { requireProgram } from "../verifier.ts"
import { rows } from "./rows/index.ts"
import type { Row } from "./rows/row.ts"
import { meshText, shardingText } from "./rows/sharding.ts"
import { tensorType, Writer } from "./text.ts"

const inline = (writer: Writer, program: Program, inputs: ReadonlyArray<string>): ReadonlyArray<string> => {
  const names = new Map<Var, string>()
  program.inputs.forEach((input, i) => {
    names.set(input, inputs[i]!)
  })
  const nameOf = (variable: Var) => names.get(variable)!
  for (const { primitive, params, inputs, outputs } of program.equations) {
    const row = rows[primitive] as Row<Primitive>
    const results = row(
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
    outputs.forEach((output, i) => {
      names.set(output, results[i]!)
      if (known) writer.known.add(results[i]!)
    })
  }
  return program.outputs.map(nameOf)
}

export interface EmitOptions {
  /** Parameters whose memory the program may take for its results. */
  readonly donated?: ReadonlyArray<number>
  /** How parameters and results lie on the program's mesh: whole on each device, where nothing is said. */
  readonly inShardings?: ReadonlyArray<Sharding | null>
  readonly outShardings?: ReadonlyArray<Sharding | null>
}

/** A program as a StableHLO module with a public `@main`. The same program always gives the same text. */
export const emit = (program: Program, options?: EmitOptions): string => {
  requireProgram("emit", program)
  const hint = "give one for each parameter or result"
  const { donated, inShardings, outShardings } = requireOptions("emit", options)
  const shardings = (what: string, list: ReadonlyArray<Sharding | null> = []) =>
    requireList("emit", what, list, hint).map((each) =>
      each === null ? null : requireSharding("emit", each)
    )
  return moduleOf(program, {
    donated: requireWholes("emit", "donated", donated ?? [], "give positions of parameters"),
    inShardings: shardings("inShardings", inShardings),
    outShardings: shardings("outShardings", outShardings)
  })
}

/** As `emit`, of what tracing has made. */
export const moduleOf = (
  program: Program,
  { donated = [], inShardings = [], outShardings = [] }: EmitOptions
): string => {
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
  return [
    "module @loopcarry {",
    ...(mesh === undefined ? [] : [`  ${meshText(mesh)}`]),
    `  func.func public @main(${parameters.join(", ")}) -> (${typed.join(", ")}) {`,
    ...writer.lines,
    `    ${end}`,
    "  }",
    "}",
    ""
  ].join("\n")
}

import type { Params, Primitive, Program, Var } from "../program.ts"
import { rows } from "./rows/index.ts"
import type { Row } from "./rows/row.ts"
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
    outputs.forEach((output, i) => {
      names.set(output, results[i]!)
    })
  }
  return program.outputs.map(nameOf)
}

export interface EmitOptions {
  /** Parameters whose memory the program may take for its results. */
  readonly donated?: ReadonlyArray<number>
}

/** A program as a StableHLO module with a public `@main`. The same program always gives the same text. */
export const emit = (program: Program, { donated = [] }: EmitOptions = {}): string => {
  const writer = new Writer()
  const names = program.inputs.map((_, i) => `%arg${i}`)
  const results = inline(writer, program, names)
  const parameters = program.inputs.map(({ aval }, i) => {
    const donor = donated.includes(i) ? " {jax.buffer_donor = true}" : ""
    return `${names[i]}: ${tensorType(aval)}${donor}`
  })
  const outputs = program.outputs.map(({ aval }) => tensorType(aval)).join(", ")
  const end = results.length === 0 ? "return" : `return ${results.join(", ")} : ${outputs}`
  return [
    "module @loopcarry {",
    `  func.func public @main(${parameters.join(", ")}) -> (${outputs}) {`,
    ...writer.lines,
    `    ${end}`,
    "  }",
    "}",
    ""
  ].join("\n")
}

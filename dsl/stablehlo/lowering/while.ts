import type { Aval } from "../../shape.ts"
import type { Writer } from "../text.ts"
import { resultNames, types } from "./lowering.ts"

interface WhileRegions {
  /** Given the names of the state, the name of a boolean. */
  readonly condition: (names: ReadonlyArray<string>) => string
  /** Given the names of the state, those of the next one. */
  readonly body: (names: ReadonlyArray<string>) => ReadonlyArray<string>
}

/** Writes a `stablehlo.while` and gives the names of the last state. */
export const whileText = (
  writer: Writer,
  state: ReadonlyArray<Aval>,
  initial: ReadonlyArray<string>,
  { condition, body }: WhileRegions
): ReadonlyArray<string> => {
  const names = state.map(() => writer.fresh())
  const result = writer.fresh()
  const bindings = names.map((name, i) => `${name} = ${initial[i]}`).join(", ")
  const bound = state.length > 1 ? `${result}:${state.length}` : result
  writer.line(`${bound} = stablehlo.while(${bindings}) : ${types(state)}`)
  writer.line("cond {")
  writer.indented(() => writer.line(`stablehlo.return ${condition(names)} : tensor<i1>`))
  writer.line("} do {")
  writer.indented(() => writer.line(`stablehlo.return ${body(names).join(", ")} : ${types(state)}`))
  writer.end("}")
  return resultNames(result, state.length)
}

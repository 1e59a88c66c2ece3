import { type CompositeSite, compositeOf } from "../../composites.ts"
import { apply } from "../../primitives/index.ts"
import { subprogram } from "../../trace.ts"
import { zeros } from "../../values.ts"
import type { Derivative, Maybe, Reverse } from "./derivative.ts"
import { place, present } from "./dual.ts"

/** The transpose of the tangents' linear map, for the operands that are wanted. */
const transposed = (
  site: CompositeSite,
  name: string,
  wanted: ReadonlyArray<boolean>,
  cotangents: ReadonlyArray<Maybe>,
  reverse: Reverse
): ReadonlyArray<Maybe> => {
  const points = site.inputs.filter((_, i) => wanted[i])
  let moved: ReadonlyArray<boolean> = []
  const { program, captured } = subprogram("a derivative", points, (tangents) => {
    const pushed = compositeOf(name)
      .push(site, place(wanted, tangents))
      .map((tangent, i) => (cotangents[i] === undefined ? undefined : tangent))
    moved = pushed.map((tangent) => tangent !== undefined)
    return present(pushed)
  })
  const inputs = [...captured, ...points.map(zeros)]
  const { pull } = reverse(
    program,
    inputs,
    inputs.map((_, i) => i >= captured.length),
    program.outputs.map(() => true)
  )
  const pulled = pull(cotangents.filter((_, i) => moved[i])).slice(captured.length)
  return place(wanted, pulled as never)
}

export const composite: Derivative<"composite"> = {
  jvp: (params, inputs, tangents) => {
    const outputs = apply("composite", params, inputs)
    const { name, options } = params
    return { outputs, tangents: compositeOf(name).push({ options, inputs, outputs }, tangents) }
  },
  reverse: (params, inputs, wanted, _given, reverse) => {
    const outputs = apply("composite", params, inputs)
    const { name, options } = params
    const site = { options, inputs, outputs }
    const { pull } = compositeOf(name)
    return {
      outputs,
      pull: (cotangents) => pull?.(site, cotangents) ?? transposed(site, name, wanted, cotangents, reverse)
    }
  }
}

import type { ProgramBuilder } from "../builder.ts"
import { standingAt } from "../place.ts"
import type { Program, Var } from "../program.ts"
import { placesOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { programOf } from "../trace.ts"

/**
 * Writes what `make` computes of values in an equation's place, improved by `then`. It must have no effects: those
 * would be lost.
 */
export const onValues = (
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>,
  make: (values: ReadonlyArray<Value>) => ReadonlyArray<Value>,
  then: (program: Program) => Program = (program) => program
): ReadonlyArray<Var> => {
  const distinct = [...new Set(inputs)]
  const places = placesOf(distinct)
  const program = standingAt(builder.place, () =>
    programOf(
      distinct.map(({ aval }) => aval),
      (values) => make(inputs.map((input) => values[places.get(input)!]!))
    )
  )
  return builder.inline(then(program), distinct)
}

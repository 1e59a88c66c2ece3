import { holderOf } from "../../held.ts"
import { type Equation, isEquation, type Program } from "../../program.ts"

/** A scan of a traced program. */
export interface Found {
  /** Where it is: `scan`, or `scan2.scan` for one within the second of two. */
  readonly path: string
  readonly equation: Equation<"scan">
}

/** A place that also says which scan of the program it is of. Passes keep the places of what they rewrite. */
const tag = (place: string | undefined, number: number): string => `${place ?? ""}#${number}`

/** The number of the scan that a place is of; undefined where it is of none. */
export const numberOf = (place: string | undefined): number | undefined => {
  const number = /#(\d+)$/.exec(place ?? "")?.[1]
  return number === undefined ? undefined : Number(number)
}

/** The user's place in a place that may have a number. */
export const placeOf = (place: string | undefined): string | null => place?.replace(/#\d+$/, "") || null

/**
 * The program with a number in the place of each scan. Every equation has a place, so that what passes make of it has
 * one too.
 */
export const tagged = (
  program: Program
): { readonly program: Program; readonly scans: ReadonlyArray<Found> } => {
  const scans: Array<Found> = []
  const within = (one: Program, path: string): Program => {
    const several = one.equations.filter(({ primitive }) => primitive === "scan").length > 1
    let next = 0
    const equations = one.equations.map((equation): Equation => {
      let { place = "" } = equation
      let inner = path
      if (isEquation(equation, "scan")) {
        const own = `${path}${several ? `scan${++next}` : "scan"}`
        place = tag(place, scans.length)
        inner = `${own}.`
        scans.push({ path: own, equation })
      }
      const holder = holderOf(equation)
      if (holder === undefined) return { ...equation, place }
      const held = holder.held(equation.params, equation.inputs.length)
      const programs = held.map((each) => within(each.program, inner))
      return { ...equation, place, params: holder.mapped(equation.params, programs) } as Equation
    })
    return { ...one, equations }
  }
  return { program: within(program, ""), scans }
}

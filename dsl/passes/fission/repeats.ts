import type { Equation, Var } from "../../program.ts"
import { isFunction, isFused } from "../work.ts"
import type { Step } from "./step.ts"

/** How many times as many functions a compiler may compute outside a loop as the loop computes. */
const most = 1.5

/**
 * Whether a compiler would compute functions outside a loop many times. Of each stored value it computes again what leads
 * to it, back to what it stores anyway: of a chain of n functions whose links are all stored, n² / 2.
 */
export const repeatsFunctions = (
  { makers }: Step,
  moved: ReadonlySet<Equation>,
  stored: Iterable<Var>
): boolean => {
  const functions = [...moved].filter(isFunction).length
  let left = Math.floor(most * functions)
  for (const variable of stored) {
    const seen = new Set<Equation>()
    const open = [variable]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const maker = makers.get(next)
      if (maker === undefined || seen.has(maker) || !moved.has(maker) || !isFused(maker)) continue
      seen.add(maker)
      if (isFunction(maker) && --left < 0) return true
      open.push(...maker.inputs)
    }
  }
  return false
}

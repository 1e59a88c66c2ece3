import { range } from "../../values.ts"
import { dependents, type Step } from "../fission/step.ts"

/** Leaves of a carry of which each needs all others, or a single leaf: a strongly connected component. */
export type Component = ReadonlyArray<number>

/** How many leaves of a carry are looked at, each by itself. */
export const mostLeaves = 64

/** For each leaf of the carry, the leaves that its later values need, itself left out unless others lead back to it. */
export const needsOf = (step: Step): ReadonlyArray<ReadonlySet<number>> => {
  const leaves = range(step.carry.length)
  const needs = leaves.map(() => new Set<number>())
  for (const from of leaves) {
    const reached = dependents(step.body, [step.carry[from]!])
    for (const to of leaves) if (to !== from && reached.has(step.next[to]!)) needs[to]!.add(from)
  }
  for (const by of leaves)
    for (const to of leaves) if (needs[to]!.has(by)) for (const from of needs[by]!) needs[to]!.add(from)
  return needs
}

/** The components of a carry, where each leaf needs these others. */
export const componentsOf = (
  step: Step,
  needs: ReadonlyArray<ReadonlySet<number>>
): ReadonlyArray<Component> => {
  const leaves = range(step.carry.length)
  return leaves.flatMap((leaf): ReadonlyArray<Component> => {
    const component = leaves.filter(
      (other) => other === leaf || (needs[leaf]!.has(other) && needs[other]!.has(leaf))
    )
    return component[0] === leaf ? [component] : []
  })
}

/** The components of a carry by levels, where each needs only itself and those of levels before. */
export const levelsOf = (step: Step): ReadonlyArray<ReadonlyArray<Component>> => {
  const needs = needsOf(step)
  const components = componentsOf(step, needs)
  const levels: Array<ReadonlyArray<Component>> = []
  const placed = new Set<number>()
  while (placed.size < step.carry.length) {
    const level = components.filter(
      (component) =>
        !placed.has(component[0]!) &&
        [...needs[component[0]!]!].every((each) => placed.has(each) || component.includes(each))
    )
    levels.push(level)
    for (const leaf of level.flat()) placed.add(leaf)
  }
  return levels
}

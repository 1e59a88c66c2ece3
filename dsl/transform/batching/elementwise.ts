import { elementwiseRules, mapRecord } from "../../primitives/elementwise.ts"
import { apply } from "../../primitives/index.ts"
import type { Primitive } from "../../program.ts"
import { broadcast } from "../../values.ts"
import { allBatched, type Batched, type BatchRules, type BatchSite, yes } from "./batch-rule.ts"

const elementwise = (site: Omit<BatchSite<Primitive>, "batch">): Batched =>
  yes(apply(site.primitive, site.params, allBatched(site)))

/** Elementwise operations apply to a batch as they are. */
export const elementwiseBatching: BatchRules<keyof typeof elementwiseRules> = {
  ...mapRecord(elementwiseRules, () => elementwise),
  select: (site) => {
    const { inputs, batched } = site
    const [predicate] = inputs
    if (predicate!.shape.length === (batched[0] ? 1 : 0) && inputs[1]!.shape.length > (batched[1] ? 1 : 0)) {
      // One predicate chooses whole arrays: one for each member, or one for the whole batch.
      const [, onTrue, onFalse] = allBatched(site)
      const chosen = batched[0] ? broadcast(predicate!, onTrue!.shape, [0]) : predicate!
      return yes(apply("select", {}, [chosen, onTrue!, onFalse!]))
    }
    return yes(apply("select", {}, allBatched(site)))
  }
}

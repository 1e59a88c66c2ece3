import { apply } from "../../primitives/index.ts"
import { allBatched, type BatchRules, yes } from "./batch-rule.ts"

export const linalgBatching: BatchRules<"fft" | "cholesky" | "triangularSolve"> = {
  // These work on the last axes, so a batch axis in front changes nothing.
  fft: ({ params, inputs }) => yes(apply("fft", params, inputs)),
  cholesky: ({ params, inputs }) => yes(apply("cholesky", params, inputs)),
  triangularSolve: (site) => yes(apply("triangularSolve", site.params, allBatched(site)))
}

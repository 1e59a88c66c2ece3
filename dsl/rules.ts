/** The types of library functions that are given whole, so that a user's own declarations can name them. */

export type { MappedOften, MappedOnce, MappedTwice, OfBatch } from "./transform/vmap-types.ts"
export type {
  OfGrad,
  OfJacobian,
  OfValueAndGrad,
  WholeGradient,
  WholeJacobian
} from "./transform/whole-types.ts"
export type { AsFirst, Joined, Multiplied, OfAll, ShapedAsFirst, WholeFunction } from "./types/whole.ts"

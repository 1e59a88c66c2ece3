/** The operations that work element by element. */
export * from "./arithmetic.ts"
export * from "./bitwise.ts"
export {
  allClose,
  type CloseOptions,
  isClose,
  isInf,
  isNan,
  isNegInf,
  isPosInf,
  type NanToNumOptions,
  nanToNum,
  signbit
} from "./classify.ts"
export * from "./comparison.ts"
export * from "./division.ts"
export * from "./functions.ts"
export * from "./logarithm.ts"
export * from "./magnitude.ts"

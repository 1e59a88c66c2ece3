/** The operations that work element by element. */
export * from "./arithmetic.ts"
export * from "./bitwise.ts"
export * from "./comparison.ts"
export * from "./functions.ts"

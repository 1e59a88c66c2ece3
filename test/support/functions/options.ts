import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn } from "../language/functions.ts"
import { bins } from "./bins.ts"
import { calculus } from "./calculus.ts"
import { creation } from "./creation.ts"
import { elementwise } from "./elementwise.ts"
import { layout } from "./layout.ts"
import { products } from "./products.ts"
import { reductions } from "./reductions.ts"
import { search } from "./search.ts"
import { signal } from "./signal.ts"
import { sorting } from "./sorting.ts"
import { transcendental } from "./transcendental.ts"

/** The functions of scripts/function_rows that take options, or that the library does not have under that name. */
export const options: Readonly<Record<string, Fn>> = {
  ...bins,
  ...calculus,
  ...creation,
  ...elementwise,
  ...layout,
  ...products,
  ...reductions,
  ...search,
  ...signal,
  ...sorting,
  ...transcendental
}

/** A function of a row: one with options, or the library's own of that name. */
export const functionOf = (name: string): Fn => {
  const own = options[name] ?? (lc as unknown as Readonly<Record<string, Fn>>)[name]
  if (own === undefined) throw new Error(`no function ${name}`)
  return own
}

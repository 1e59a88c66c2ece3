import { type DType, dtypes } from "../dsl/dtype.ts"
import type { Aval } from "../dsl/shape.ts"

const dtypeOfMlir = new Map<string, DType>(
  Object.entries(dtypes).map(([dtype, { mlir }]) => [mlir, dtype as DType])
)

const avalOf = (type: string): Aval | undefined => {
  const parts = /^tensor<((?:\d+x)*)([a-z0-9]+|complex<f\d+>)>$/.exec(type.trim())
  const dtype = parts === null ? undefined : dtypeOfMlir.get(parts[2]!)
  if (parts === null || dtype === undefined) return undefined
  return {
    dtype,
    shape: parts[1]!
      .split("x")
      .filter((dim) => dim !== "")
      .map(Number)
  }
}

/** Splits at commas outside of any brackets. */
const splitTop = (text: string): ReadonlyArray<string> => {
  const parts: Array<string> = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    if ("([{<".includes(text[i]!)) depth++
    else if (")]}>".includes(text[i]!)) depth--
    else if (text[i] === "," && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, text.slice(from)].filter((part) => part.trim() !== "")
}

/**
 * The parameter types of `@main` in StableHLO text, so that arguments can be checked before PJRT, which checks no
 * dtypes, reads their bytes. Undefined where the text does not say them plainly; then the plugin has the only word.
 */
export const mainInputs = (module: string): ReadonlyArray<Aval> | undefined => {
  const text = module.replaceAll(/\/\/.*$/gm, "")
  const head = /func\.func\s+(?:public\s+)?@main\s*\(/.exec(text)
  if (head === null) return undefined
  const from = head.index + head[0].length
  let depth = 1
  let to = from
  while (to < text.length && depth > 0) {
    if (text[to] === "(") depth++
    else if (text[to] === ")") depth--
    to++
  }
  const avals = splitTop(text.slice(from, to - 1)).map((parameter) => {
    const type = /:\s*(tensor<[^{]*>)/.exec(parameter)?.[1]
    return type === undefined ? undefined : avalOf(type)
  })
  return avals.every((aval) => aval !== undefined) ? (avals as ReadonlyArray<Aval>) : undefined
}

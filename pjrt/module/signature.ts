import { type DType, dtypes } from "../../dsl/dtype.ts"
import type { Aval } from "../../dsl/shape.ts"
import { withoutTexts } from "./mlir-text.ts"

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

/** The types in a list that stands between brackets, each perhaps with a name before it and attributes after it. */
const avalsOf = (list: string): ReadonlyArray<Aval> | undefined => {
  const avals = splitTop(list).map((each) => {
    const type = /^\s*(?:%[\w$.-]+\s*:\s*)?(tensor<[^{]*>)/.exec(each)?.[1]
    return type === undefined ? undefined : avalOf(type)
  })
  return avals.every((aval) => aval !== undefined) ? (avals as ReadonlyArray<Aval>) : undefined
}

/** What stands between brackets that open before `from`, and where they have closed. */
const bracketed = (text: string, from: number): readonly [inside: string, end: number] => {
  let depth = 1
  let to = from
  while (to < text.length && depth > 0) {
    if (text[to] === "(") depth++
    else if (text[to] === ")") depth--
    to++
  }
  return [text.slice(from, to - 1), to]
}

/**
 * The types of `@main`'s parameters and results in StableHLO text. PJRT checks no dtypes, so arguments are checked
 * against these before it reads their bytes. Undefined where the text does not say them plainly; there only the plugin
 * checks.
 */
export const mainSignature = (
  module: string
): {
  readonly inputs?: ReadonlyArray<Aval> | undefined
  readonly outputs?: ReadonlyArray<Aval> | undefined
} => {
  const text = withoutTexts(module)
  const head = /func\.func\s+(?:public\s+)?@main\s*\(/.exec(text)
  if (head === null) return {}
  const [parameters, end] = bracketed(text, head.index + head[0].length)
  const arrow = /^\s*->\s*(\()?/.exec(text.slice(end, end + 1000))
  const after = end + (arrow?.[0].length ?? 0)
  const results =
    arrow === null
      ? ""
      : arrow[1] === undefined
        ? /^tensor<[^>]*>+/.exec(text.slice(after))?.[0]
        : bracketed(text, after)[0]
  return { inputs: avalsOf(parameters), outputs: results === undefined ? undefined : avalsOf(results) }
}

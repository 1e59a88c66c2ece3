/** A value that Python's `ast.literal_eval` gives, of those that a header may hold. */
export type PythonLiteral =
  | string
  | boolean
  | null
  | { readonly int: number }
  | { readonly tuple: ReadonlyArray<PythonLiteral> }
  | { readonly list: ReadonlyArray<PythonLiteral> }
  | { readonly dict: ReadonlyMap<PythonLiteral, PythonLiteral> }

/** The text is no such literal. */
export class PythonLiteralError extends Error {}

const names: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null }

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  n: "\n",
  r: "\r",
  t: "\t"
}

const integer = /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:0[0_]*|[1-9][\d_]*)(?![\d.eEjJ]))/y
const name = /(?:True|False|None)\b/y
const quoted = /([uUrR]?)(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/y
/** Python 2 wrote long integers with an L, which NumPy takes away. */
const long = /[ \t]*L\b/y
const blank = /(?:[ \t\f\r\n]|#[^\n]*)*/y

/** Reads a literal; `longs` says whether integers may end with an L. Throws a PythonLiteralError. */
export const readPythonLiteral = (text: string, longs: boolean): PythonLiteral => {
  let at = 0
  const fail = (): never => {
    throw new PythonLiteralError(`not understood from its character ${at + 1} on`)
  }
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  const take = (char: string): boolean => {
    match(blank)
    if (text[at] !== char) return false
    at++
    return true
  }

  /** What stands before a closing bracket, with commas between, and whether one stands at the end. */
  const items = <A>(close: string, item: () => A): readonly [all: ReadonlyArray<A>, comma: boolean] => {
    const all: Array<A> = []
    let comma = false
    while (!take(close)) {
      if (all.length > 0 && !comma) fail()
      all.push(item())
      comma = take(",")
    }
    return [all, comma]
  }

  const unescaped = (body: string): string =>
    body.replaceAll(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|.)/g, (_, code: string) => {
      if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
      if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
      return escapes[code] ?? fail()
    })

  const value = (): PythonLiteral => {
    if (take("(")) {
      const [all, comma] = items(")", value)
      return all.length === 1 && !comma ? all[0]! : { tuple: all }
    }
    if (take("[")) return { list: items("]", value)[0] }
    if (take("{")) {
      const [entries] = items("}", () => {
        const key = value()
        if (!take(":")) fail()
        return [key, value()] as const
      })
      return { dict: new Map(entries) }
    }
    match(blank)
    const word = match(name)
    if (word !== null) return names[word[0]]!
    const number = match(integer)
    if (number !== null) {
      if (longs) match(long)
      const plain = number[0].replaceAll("_", "")
      return { int: plain.startsWith("-") ? -Number(plain.slice(1)) : Number(plain.replace("+", "")) }
    }
    let whole: string | undefined
    // Strings beside one another are one.
    for (let part = match(quoted); part !== null; match(blank), part = match(quoted))
      whole = (whole ?? "") + (/r/i.test(part[1]!) ? (part[2] ?? part[3]!) : unescaped(part[2] ?? part[3]!))
    return whole ?? fail()
  }

  const read = value()
  match(blank)
  if (at < text.length) fail()
  return read
}

/** A text is no JSON, or not such as may be trusted; the message says why. */
export class JsonFault extends Error {}

/** The end of a string that begins at a quote: the place after its closing quote. */
const stringEnd = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text[end - 1 - backslashes] === "\\") backslashes++
    if (backslashes % 2 === 0) return end + 1
  }
}

const number = /-?\d[\d.eE+-]*/y
const afterKey = /[ \t\n\r]*:/y

const at = (pattern: RegExp, text: string, place: number): string | undefined => {
  pattern.lastIndex = place
  return pattern.exec(text)?.[0]
}

/** Throws where an object has a key twice, or a number is no whole one. The text is JSON. */
const requireStrict = (text: string): void => {
  const objects: Array<Set<string> | undefined> = []
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === "{") objects.push(new Set())
    else if (char === "[") objects.push(undefined)
    else if (char === "}" || char === "]") objects.pop()
    else if (char === '"') {
      const end = stringEnd(text, i)
      const keys = objects.at(-1)
      if (keys !== undefined && at(afterKey, text, end) !== undefined) {
        const key = JSON.parse(text.slice(i, end)) as string
        if (keys.has(key)) throw new JsonFault(`the key ${JSON.stringify(key.slice(0, 100))} stands twice`)
        keys.add(key)
      }
      i = end - 1
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      const digits = at(number, text, i)!
      if (!/^\d+$/.test(digits)) throw new JsonFault(`${digits.slice(0, 40)} is no whole number from 0`)
      i += digits.length - 1
    }
  }
}

/** JSON whose objects have each key once and whose numbers are whole and not negative. Throws a JsonFault. */
export const readStrictJson = (text: string): unknown => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JsonFault("it is no JSON")
  }
  requireStrict(text)
  return value
}

import { RemoteError } from "../../errors.ts"
import { BytecodeFault } from "../../formats/bytecode.ts"
import { type Measure, measureBytecode } from "./bytecode.ts"
import { beyond, type Limits } from "./limits.ts"

/** Operations that reach beyond the device: host code, host queues, other programs. */
const forbidden = ["custom_call", "infeed", "outfeed", "send", "recv"] as const

const refused = (operation: string): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "denied",
    message: `the program uses stablehlo.${operation}, which this worker does not run`,
    hint: "debugPrint and programs with custom calls run on a device of this machine: --device cpu, cuda or tpu"
  })

const unreadable = ({ message }: BytecodeFault): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "denied",
    message: `the program's bytecode cannot be read: ${message}`,
    hint: "write it anew with a current version of what has written it, or send it as text"
  })

/** The dialects that XLA's parser knows them in. */
const dialects = "(?:stablehlo|vhlo|mhlo|chlo|xla\\w*)"

/** Operation names may be quoted, and quoted text may have escapes. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const latin1 = (code: Uint8Array): string =>
  Buffer.from(code.buffer, code.byteOffset, code.byteLength).toString("latin1")

/** What of a program its operations' names are looked for in: bytecode keeps them as plain text too. */
const searchable = (code: Uint8Array, bytecode: boolean): string => {
  const text = latin1(code)
  return bytecode ? text : unescaped(text)
}

/** Whether a program has loops, so that how long it runs may depend on what it is given. */
export const hasLoops = (code: Uint8Array, bytecode: boolean): boolean =>
  /\bwhile(?:_v\d+)?\b/.test(searchable(code, bytecode))

const letter = /[A-Za-z_]/

const opening = new Set([..."([{<"])
const closing = new Set([...")]}>"])

/** How deep text is nested, and how many operations it may have at most: each is a name with a dialect before a dot. */
const measureText = (text: string): Measure => {
  let [depth, nesting, operations] = [0, 0, 0]
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '"') {
      operations++
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++
    } else if (char === "/" && text[i + 1] === "/") {
      while (i < text.length && text[i] !== "\n") i++
    } else if (opening.has(char)) nesting = Math.max(nesting, ++depth)
    // An arrow is no bracket.
    else if (closing.has(char) && !(char === ">" && text[i - 1] === "-")) depth--
    else if (char === "." && letter.test(text[i - 1] ?? "") && letter.test(text[i + 1] ?? "")) operations++
  }
  return { nesting, operations }
}

const measured = (code: Uint8Array, { nesting }: Limits): Measure | BytecodeFault => {
  try {
    return measureBytecode(code, nesting)
  } catch (fault) {
    if (fault instanceof BytecodeFault) return fault
    throw fault
  }
}

/**
 * Looks at a program before the compiler does, whose parser recurses and whose operations may reach out of the device:
 * why it is not compiled, or undefined. What it lets through may still be refused, or end the process that compiles.
 */
export const screen = (code: Uint8Array, bytecode: boolean, limits: Limits): RemoteError | undefined => {
  if (code.length > limits.programBytes)
    return beyond(`the program has ${code.length} bytes`, `${limits.programBytes}`, "make it smaller")
  const searched = searchable(code, bytecode)
  const found = forbidden.find((name) =>
    new RegExp(bytecode ? `\\b${name}(?:_v\\d+)?\\b` : `\\b${dialects}\\s*\\.\\s*${name}(?:_v\\d+)?\\b`).test(
      searched
    )
  )
  if (found !== undefined) return refused(found)
  const measure = bytecode ? measured(code, limits) : measureText(latin1(code))
  if (measure instanceof BytecodeFault) return unreadable(measure)
  const { nesting, operations } = measure
  if (nesting > limits.nesting)
    return beyond(`the program is nested ${nesting} deep`, `${limits.nesting}`, "nest it less")
  if (operations > limits.operations)
    return beyond(
      `the program has some ${operations} operations`,
      `${limits.operations}`,
      "put what repeats into a scan"
    )
  return undefined
}

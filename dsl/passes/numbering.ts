import type { Program } from "../program.ts"
import { isList, isObject, isRecord } from "../required.ts"

/** Longer lists are compared by identity: tables of numbers, which nobody writes twice. */
const longestText = 1000

/**
 * Numbers for texts, and texts for parameters. Equal texts have one number. Texts are equal only where the parameters
 * are the same to every primitive: -0 is not 0, 1n is not 1, and NaN is NaN.
 */
export class Numbering {
  readonly #numbers = new Map<string, number>()
  readonly #objects = new Map<unknown, number>()

  /** The number of a text, the same one each time. */
  of(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const made = this.#numbers.size
    this.#numbers.set(text, made)
    return made
  }

  /** Programs of one number are the same to `text`. All others are compared by identity. */
  name(program: Program, number: number): void {
    this.#objects.set(program, number)
  }

  text(value: unknown): string {
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value)
    if (typeof value === "bigint") return `${value}n`
    if (typeof value === "string") return JSON.stringify(value)
    if (typeof value === "function" || isObject(value)) return this.#structure(value)
    return String(value)
  }

  #structure(value: object): string {
    const named = this.#objects.get(value)
    if (named !== undefined) return `@${named}`
    if (isList(value) && value.length <= longestText)
      return `[${value.map((item) => this.text(item)).join(",")}]`
    if (isRecord(value) && !Object.hasOwn(value, "equations"))
      return `{${Object.entries(value)
        .map(([key, item]) => `${JSON.stringify(key)}:${this.text(item)}`)
        .join(",")}}`
    const number = this.of(`object ${this.#objects.size}`)
    this.#objects.set(value, number)
    return `@${number}`
  }
}

import { MlirFault, type Token, Tokens } from "./mlir-tokens.ts"

/** So many tokens, aliases stand for in all. */
const mostExpanded = 1_000_000

/** Names without a dialect that begin an operation outside of all regions. */
const outermost = new Set(["module", "unrealized_conversion_cast"])

const isAlias = ({ kind, text }: Token): boolean => kind === "symbol" && !/[.<]/.test(text)

/**
 * The tokens of MLIR text with what aliases stand for in their place: `#t = "f"`, `!t = tensor<8xf32>`. They are defined
 * outside of all regions, before they are used. Aliases of locations stay; those may come later, and hold nothing else.
 */
export class ExpandedTokens {
  readonly #text: string
  readonly #deepest: number
  readonly #outer: Tokens
  /** What is read in place of aliases, the innermost last. */
  readonly #inner: Array<Tokens> = []
  readonly #aliases = new Map<string, string>()
  #defining: { readonly name: string; readonly from: number } | undefined
  #ahead: Token
  #depth = 0
  #left = mostExpanded
  #last: Token["kind"] = "end"

  constructor(text: string, deepest: number) {
    this.#text = text
    this.#deepest = deepest
    this.#outer = new Tokens(text, deepest)
    this.#ahead = this.#outer.next()
  }

  /** An alias's definition ends where the next one begins, or an operation. */
  #define(token: Token): void {
    const { kind, text, from } = token
    const next = this.#ahead
    const mark = next.kind === "mark" ? next.text : ""
    const another = isAlias(token) && mark === "="
    const operation =
      kind === "value" ||
      kind === "end" ||
      (kind === "text" && mark === "(") ||
      (kind === "name" && (text.includes(".") || outermost.has(text)))
    if (!another && !operation) return
    if (this.#defining !== undefined) {
      const value = this.#text.slice(this.#defining.from, from)
      if (!/^[\s\0]*loc\b/.test(value)) this.#aliases.set(this.#defining.name, value)
    }
    this.#defining = another ? { name: text, from: next.to } : undefined
  }

  #outerNext(): Token {
    const token = this.#ahead
    if (token.kind !== "end") this.#ahead = this.#outer.next()
    if (this.#depth === 0) this.#define(token)
    if (token.kind === "mark" && "<[({".includes(token.text)) this.#depth++
    if (token.kind === "mark" && ">])}".includes(token.text)) this.#depth--
    return token
  }

  next(): Token {
    for (;;) {
      const inner = this.#inner.at(-1)
      const token = inner === undefined ? this.#outerNext() : inner.next()
      if (inner !== undefined) {
        if (token.kind === "end") {
          this.#inner.pop()
          continue
        }
        if (--this.#left < 0) throw new MlirFault("its aliases stand for too much")
      }
      // After a value, it is a result's number: `%a#1`.
      const value = isAlias(token) && this.#last !== "value" ? this.#aliases.get(token.text) : undefined
      this.#last = token.kind
      if (value === undefined) return token
      this.#left--
      this.#inner.push(new Tokens(value, this.#deepest))
    }
  }
}

/** A token of MLIR text; `symbol` is a dialect's attribute or type, with all that stands in its angle brackets. */
export interface Token {
  readonly kind: "name" | "text" | "reference" | "symbol" | "value" | "number" | "mark" | "arrow" | "end"
  /** A name or a mark as written; a string or a reference without quotes and escapes. */
  readonly text: string
  /** Where it begins, and where it ends. */
  readonly from: number
  readonly to: number
}

/** Why text is no MLIR; `deep` where it nests deeper than is read. */
export class MlirFault extends Error {
  readonly deep: boolean

  constructor(message: string, deep = false) {
    super(message)
    this.deep = deep
  }
}

const charsOf = (pattern: RegExp): ReadonlyArray<boolean> =>
  Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)))

/** What may stand in the rest of a name, and of a value's or a symbol's; a zero byte is a space. */
const classes = {
  name: charsOf(/[\w$.]/),
  suffix: charsOf(/[\w$.-]/),
  digit: charsOf(/\d/),
  hexadecimal: charsOf(/[0-9a-fA-F]/),
  space: charsOf(/[ \t\n\r\0]/),
  /** What ends a comment: also a carriage return. */
  inComment: charsOf(/[^\n\r]/)
} as const

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", '"': '"', "\\": "\\" }

/** The value of a quoted string; an unknown escape is kept as it is. */
export const unescaped = (quoted: string): string => {
  const written = quoted.slice(1, -1)
  if (!written.includes("\\")) return written
  // A text is bytes, and an escape is one of them: two may be a letter.
  const bytes = Buffer.from(written)
    .toString("latin1")
    .replaceAll(/\\([0-9a-fA-F]{2}|.)/g, (_, code: string) =>
      code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[code] ?? code)
    )
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"))
  } catch {
    // No text that is UTF-8 begins so: different bytes stay different.
    return `\ud800${bytes}`
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** What closes a bracket. */
export const closingOf: Readonly<Record<string, string>> = { "<": ">", "[": "]", "(": ")", "{": "}" }

/**
 * The tokens of MLIR text, one after the other, as MLIR's lexer finds them (mlir/lib/AsmParser/Lexer.cpp): text that it
 * reads in another way would hide operations. `deepest` is how deep brackets may lie in a dialect's symbol.
 */
export class Tokens {
  readonly #text: string
  readonly #deepest: number
  #at = 0

  constructor(text: string, deepest = Number.POSITIVE_INFINITY) {
    this.#text = text
    this.#deepest = deepest
  }

  /** Where what begins at a place ends, if it goes on as long as the characters are of a class. */
  #while(chars: ReadonlyArray<boolean>, from: number, beyond = false): number {
    let at = from
    for (; at < this.#text.length; at++) if (!(chars[this.#text.charCodeAt(at)] ?? beyond)) break
    return at
  }

  #took(kind: Token["kind"], length: number, text?: string): Token {
    const from = this.#at
    this.#at += length
    return { kind, text: text ?? this.#text.slice(from, this.#at), from, to: this.#at }
  }

  /** A quoted string: it ends on its line, and uses known escapes only. */
  #quoted(): string {
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const char = this.#text[at]!
      if (char === '"') return this.#text.slice(this.#at, at + 1)
      if (char === "\n" || char === "\v" || char === "\f") break
      if (char !== "\\") continue
      if (escapes[this.#text[at + 1] ?? ""] !== undefined) at++
      else if (/^[0-9a-fA-F]{2}$/.test(this.#text.slice(at + 1, at + 3))) at += 2
      else break
    }
    throw new MlirFault(`the text at ${this.#at} does not end as texts do`)
  }

  /** MLIR looks for the end of a symbol's body among its characters: there are no comments in it. */
  #body(): void {
    const open: Array<string> = []
    do {
      const char = this.#text[this.#at]
      if (char === undefined || char === "\0") throw new MlirFault("an attribute or a type has no end")
      if (char === '"') {
        this.#at += this.#quoted().length
        continue
      }
      this.#at++
      const closing = closingOf[char]
      if (closing !== undefined) {
        open.push(closing)
        if (open.length > this.#deepest)
          throw new MlirFault(`an attribute or a type is nested ${open.length} deep`, true)
      } else if (char === "-" && this.#text[this.#at] === ">") this.#at++
      else if (">])}".includes(char) && open.pop() !== char)
        throw new MlirFault(`the brackets at ${this.#at - 1} do not match`)
    } while (open.length > 0)
  }

  #space(): void {
    for (;;) {
      this.#at = this.#while(classes.space, this.#at)
      if (!this.#text.startsWith("//", this.#at)) return
      this.#at = this.#while(classes.inComment, this.#at, true)
    }
  }

  #number(): number {
    if (this.#text.startsWith("0x", this.#at) && classes.hexadecimal[this.#text.charCodeAt(this.#at + 2)])
      return this.#while(classes.hexadecimal, this.#at + 2)
    const whole = this.#while(classes.digit, this.#at)
    if (this.#text[whole] !== ".") return whole
    const fraction = this.#while(classes.digit, whole + 1)
    const exponent = /^[eE][-+]?\d/.exec(this.#text.slice(fraction, fraction + 3))
    return exponent === null ? fraction : this.#while(classes.digit, fraction + exponent[0].length)
  }

  next(): Token {
    this.#space()
    const char = this.#text[this.#at]
    if (char === undefined) return this.#took("end", 0)
    if (/[A-Za-z_]/.test(char)) return this.#took("name", this.#while(classes.name, this.#at) - this.#at)
    if (char === '"') {
      const quoted = this.#quoted()
      return this.#took("text", quoted.length, unescaped(quoted))
    }
    if (/\d/.test(char)) return this.#took("number", this.#number() - this.#at)
    if (char === "@") return this.#reference()
    if (/[#!^%]/.test(char)) return this.#prefixed(char)
    if (this.#text.startsWith("{-#", this.#at)) throw new MlirFault("it has resources")
    if (this.#text.startsWith("->", this.#at)) return this.#took("arrow", 2)
    if (this.#text.startsWith("...", this.#at)) return this.#took("mark", 3)
    if (!/[:,(){}[\]<>=+*?|-]/.test(char))
      throw new MlirFault(`the character at ${this.#at} is none of MLIR's`)
    return this.#took("mark", 1)
  }

  #reference(): Token {
    const from = this.#at++
    const quoted = this.#text[this.#at] === '"'
    if (!quoted && !/[A-Za-z_]/.test(this.#text[this.#at] ?? ""))
      throw new MlirFault(`there is no name after the @ at ${from}`)
    const found = quoted ? this.#quoted() : this.#text.slice(this.#at, this.#while(classes.name, this.#at))
    this.#at += found.length
    return { kind: "reference", text: quoted ? unescaped(found) : found, from, to: this.#at }
  }

  #prefixed(char: string): Token {
    const from = this.#at
    const first = this.#text[from + 1] ?? ""
    if (!/[\w$.-]/.test(first)) throw new MlirFault(`there is no name after the ${char} at ${from}`)
    this.#at = this.#while(/\d/.test(first) ? classes.digit : classes.suffix, from + 1)
    const symbol = char === "#" || char === "!"
    if (symbol && this.#text[this.#at] === "<") this.#body()
    return { kind: symbol ? "symbol" : "value", text: this.#text.slice(from, this.#at), from, to: this.#at }
  }
}

import { bracketDepth } from "../formats/bracket-depth.ts"
import { closingOf, MlirFault, type Token, Tokens } from "../formats/mlir-tokens.ts"
import {
  bitsOf,
  hasNegativeTile,
  plainName,
  type ScreenedModule,
  type ScreenedOperation,
  type ScreenedType
} from "./module.ts"

type Reading = { -readonly [Key in keyof ScreenedOperation]: ScreenedOperation[Key] } & {
  references: Array<string>
  readonly depth: number
  direction?: string
}

/** Dialects whose attributes may have no value, and that have no operation of no operands. */
const attributeDialects = /^(?:jax|tf|mhlo)\./

/** A text in portable StableHLO's form. */
const vhloText = (symbol: string): string | undefined =>
  /^#vhlo\.string_v1<\s*"([^"\\]*)"\s*>$/.exec(symbol)?.[1]

const tensor = /^tensor<((?:(?:\d+|\?)x)*)([a-zA-Z]\w*(?:<\w+>)?)/
const vhloTensor = /^!vhlo\.tensor_v1<((?:(?:\d+|\?)x)*)!vhlo\.([a-zA-Z]\w*?)_v1/

const closings = new Set(Object.values(closingOf))
const affine = /^affine_(?:map|set)$/
const afterKey = new Set([",", "}"])

const start: Token = { kind: "end", text: "", from: 0, to: 0 }

class Reader {
  readonly #text: string
  readonly #deepest: number
  readonly #tokens: Tokens
  readonly operations: Array<Reading> = []
  readonly types = new Map<string, ScreenedType>()
  readonly attributes = new Set<string>()
  readonly dialects = new Set<string>()
  readonly unknown = new Set<string>()
  nesting = 0
  badLayout: string | undefined
  negativeFft = false
  /** What closes the brackets that are open. */
  readonly #open: Array<string> = []
  #within: number | undefined
  /** The tokens before this one, the last first. */
  readonly #before: Array<Token> = [start, start, start, start]
  #now: Token
  #next: Token

  constructor(text: string, deepest: number) {
    this.#text = text
    this.#deepest = deepest
    this.#tokens = new Tokens(text, deepest)
    this.#now = this.#tokens.next()
    this.#next = this.#tokens.next()
  }

  #step(): void {
    this.#before.pop()
    this.#before.unshift(this.#now)
    this.#now = this.#next
    this.#next = this.#tokens.next()
  }

  #mark(text: string, token = this.#next): boolean {
    return token.kind === "mark" && token.text === text
  }

  #operation(name: string): void {
    const plain = plainName(name)
    // A function before this one that has nothing in it is only declared.
    if (plain === "func.func") this.#within = this.operations.length
    this.operations.push({ name, references: [], within: this.#within, depth: this.#open.length })
    const operation = this.operations.at(-1)!
    if (this.#now.kind !== "name") return
    if (plain.endsWith(".custom_call") && this.#next.kind === "reference") {
      operation.target = this.#next.text
      this.#step()
    } else if (plain === "stablehlo.compare" && this.#next.kind === "name")
      operation.direction = this.#next.text
    else if (plain === "func.func") this.#functionHead(operation)
  }

  #functionHead(operation: Reading): void {
    if (this.#next.kind === "name") {
      operation.isPrivate = this.#next.text === "private"
      this.#step()
    }
    if (this.#next.kind !== "reference") return
    operation.symbol = this.#next.text
    this.#step()
  }

  /** What a key of a dictionary has as its value. The key is here, its `=` next. */
  #value(key: string): void {
    this.attributes.add(key)
    this.#step()
    const { kind, text } = this.#next
    const said = kind === "text" ? text : kind === "symbol" ? vhloText(text) : undefined
    const last = this.operations.at(-1)
    switch (key) {
      case "call_target_name": {
        const mine =
          last !== undefined && plainName(last.name).endsWith(".custom_call") && last.target === undefined
        // Elsewhere, it may be an operation's under another name.
        if (mine) last.target = said
        else
          this.operations.push({
            name: "stablehlo.custom_call",
            target: said,
            annotated: true,
            references: [],
            within: this.#within,
            depth: this.#open.length
          })
        return
      }
      case "sym_name":
        if (last !== undefined && plainName(last.name) === "func.func") last.symbol ??= said
        return
      case "sym_visibility":
        if (last !== undefined && plainName(last.name) === "func.func") last.isPrivate = said === "private"
        return
      case "mhlo.frontend_attributes":
        if (last !== undefined) last.annotated = true
        return
      case "callee":
      case "decomposition":
        if (kind === "symbol" && said !== undefined) last?.references.push(said)
    }
  }

  /** Whether the type that begins here is an argument's: of `%x : T`, where no other value stands before the `%x`. */
  #isArgument(): boolean {
    const [colon, value, first, other] = this.#before
    return (
      this.#mark(":", colon) &&
      value!.kind === "value" &&
      (this.#mark("(", first) || (this.#mark(",", first) && other!.kind !== "value"))
    )
  }

  #tensor(from: number, prefix: RegExp): void {
    const end = this.#text.indexOf(">", from)
    if (end < 0 || end > from + 512) return
    const text = this.#text.slice(from, this.#text[end + 1] === ">" ? end + 2 : end + 1)
    const found = prefix.exec(text.replaceAll(/\s/g, ""))
    if (found === null) return
    const [, sizes, element] = found
    // With so few digits, it is no large array.
    if (sizes!.replaceAll(/\D/g, "").length <= 10) return
    const shown = `tensor<${sizes}${element}>`
    const taken = this.#isArgument()
    const known = this.types.get(shown)
    if (known !== undefined && (known.taken || !taken)) return
    const shape = sizes!
      .split("x")
      .filter((size) => size !== "")
      .map((size) => (size === "?" ? -1n : BigInt(size)))
    this.types.set(shown, { shown, shape, bits: bitsOf(element!), taken })
  }

  /** A location holds texts before brackets that are no operations. */
  #location(): void {
    const outside = this.#open.length
    do {
      this.#step()
      this.#brackets()
    } while (this.#open.length > outside && this.#now.kind !== "end" && this.nesting <= this.#deepest)
  }

  /** Here, and in locations too, each bracket must be closed by its own: else what follows would be taken for inside. */
  #brackets(): void {
    if (this.#now.kind === "name" && affine.test(this.#now.text))
      throw new MlirFault(`it has an ${this.#now.text}, whose comparisons look like brackets`)
    if (this.#now.kind !== "mark") return
    const last = this.operations.at(-1)
    // What is in braces after a function's type is its body, whether or not it can be read.
    if (
      last !== undefined &&
      last.depth === this.#open.length &&
      plainName(last.name) === "func.func" &&
      this.#mark("{", this.#now) &&
      this.#before[0]!.text !== "attributes"
    )
      last.hasBody = true
    const { text, from } = this.#now
    const closing = closingOf[text]
    if (closing !== undefined) this.nesting = Math.max(this.nesting, this.#open.push(closing))
    else if (closings.has(text) && this.#open.pop() !== text)
      throw new MlirFault(`the brackets at ${from} do not match`)
  }

  /** A name that may stand without a dialect where an operation begins. */
  #shortName(text: string): void {
    if (text === "dense_resource") this.unknown.add("data from outside of the module")
    else if (text === "call" && this.#next.kind === "reference") this.#operation("func.call")
    else if (text === "return") this.#operation("func.return")
    else if (text === "module") this.#operation("builtin.module")
  }

  #name(): void {
    const { text } = this.#now
    const first = this.#mark("{", this.#before[0]) || this.#mark(",", this.#before[0])
    const dotted = text.includes(".")
    if (this.#mark("=") && (first || !dotted)) this.#value(text)
    else if (text === "loc" && this.#mark("(")) this.#location()
    else if (text === "tensor" && this.#mark("<")) this.#tensor(this.#now.from, tensor)
    else if (!dotted) this.#shortName(text)
    else if (
      first &&
      this.#next.kind === "mark" &&
      afterKey.has(this.#next.text) &&
      attributeDialects.test(text)
    )
      this.attributes.add(text)
    else this.#operation(text)
  }

  #other(): void {
    const { kind, text, from } = this.#now
    const last = this.operations.at(-1)
    if (kind === "text" || kind === "symbol") this.nesting = Math.max(this.nesting, bracketDepth(text))
    if (kind === "text") {
      if (this.#mark("(")) this.#operation(text)
      else if (this.#mark("=")) this.#value(text)
      else if (hasNegativeTile(text)) this.badLayout = text
    } else if (kind === "reference") last?.references.push(text)
    else if (kind === "symbol") {
      const dialect = /^[#!]([\w$-]+)[.<]/.exec(text)?.[1]
      if (dialect !== undefined) this.dialects.add(dialect)
      if (text.startsWith("!vhlo.tensor_v1<")) this.#tensor(from, vhloTensor)
      const direction = /^#\w+[.<]\s*comparison_direction(?:_v1)?[\s<]+(\w+)/.exec(text)?.[1]
      if (direction !== undefined && last !== undefined) last.direction = direction
    }
  }

  run(): void {
    while (this.#now.kind !== "end" && this.nesting <= this.#deepest) {
      this.#brackets()
      // Of what an FFT says, only its lengths are numbers.
      if (this.#mark("-", this.#now) && plainName(this.operations.at(-1)?.name ?? "") === "stablehlo.fft")
        this.negativeFft = true
      if (this.#now.kind === "name") this.#name()
      else this.#other()
      this.#step()
    }
  }
}

/** Sorts whose comparator is one comparison for being unequal. */
const isUnordered = (operations: ReadonlyArray<Reading>): boolean =>
  operations.some(({ name, depth }, i) => {
    const [first, second] = operations.slice(i + 1, i + 3)
    return (
      plainName(name) === "stablehlo.sort" &&
      first !== undefined &&
      plainName(first.name) === "stablehlo.compare" &&
      first.direction === "NE" &&
      first.depth > depth &&
      second !== undefined &&
      /\breturn/.test(second.name) &&
      second.depth === first.depth
    )
  })

/** What text says; throws an MlirFault. Deeper than `deepest`, it is not read. */
export const screenedText = (text: string, deepest: number): ScreenedModule => {
  const reader = new Reader(text, deepest)
  reader.run()
  const { operations, nesting, types, attributes, dialects, unknown, badLayout, negativeFft } = reader
  return {
    operations,
    nesting,
    types: [...types.values()],
    attributes,
    dialects,
    badLayout,
    functionsKnown: operations.every(
      ({ name, symbol }) => plainName(name) !== "func.func" || symbol !== undefined
    ),
    unknown,
    unordered: isUnordered(operations),
    negativeFft
  }
}

import { bracketDepth } from "../../formats/bracket-depth.ts"
import { ExpandedTokens } from "../../formats/mlir-aliases.ts"
import { closingOf, MlirFault, type Token } from "../../formats/mlir-tokens.ts"
import {
  hasNegativeTile,
  isUnordered,
  plainName,
  type ScreenedModule,
  type ScreenedOperation,
  shortFloats
} from "./module.ts"
import { boundsIn, ShardyTexts } from "./shardy-texts.ts"
import { TensorTypes } from "./tensor-types.ts"

type Reading = { -readonly [Key in keyof ScreenedOperation]: ScreenedOperation[Key] } & {
  references: Array<string>
  shardy?: Map<string, string | undefined>
  random?: Array<string>
}

/** Dialects whose attributes may have no value, and that have no operation of no operands. */
const attributeDialects = /^(?:jax|tf|mhlo)\./

/** A text in portable StableHLO's form. */
const vhloText = (symbol: string): string | undefined =>
  /^#vhlo\.string_v1<\s*"([^"\\]*)"\s*>$/.exec(symbol)?.[1]

/** The direction that an attribute names. */
const directionOf = (symbol: string): string | undefined =>
  /^#\w+[.<]\s*comparison_direction(?:_v1)?[\s<]+(\w+)/.exec(symbol)?.[1]

/** Names that begin an operation without a dialect, in a module's region and in a function's. */
const shortNames: Readonly<Record<string, string>> = {
  module: "builtin.module",
  unrealized_conversion_cast: "builtin.unrealized_conversion_cast",
  func: "func.func",
  call: "func.call",
  call_indirect: "func.call_indirect",
  constant: "func.constant",
  return: "func.return"
}

const closings = new Set(Object.values(closingOf))
const affine = /^affine_(?:map|set)$/
const afterKey = new Set([",", "}"])

const start: Token = { kind: "end", text: "", from: 0, to: 0 }

class Reader {
  readonly #deepest: number
  readonly #tokens: ExpandedTokens
  readonly operations: Array<Reading> = []
  readonly types = new TensorTypes()
  readonly attributes = new Set<string>()
  readonly dialects = new Set<string>()
  readonly unknown = new Set<string>()
  nesting = 0
  badLayout: string | undefined
  negativeFft = false
  /** What closes the brackets that are open. */
  readonly #open: Array<string> = []
  readonly shardy = new ShardyTexts()
  readonly bounds: Array<ReadonlyArray<bigint>> = []
  #within: number | undefined
  /** The last operation at each depth that still may go on. */
  readonly #owners: Array<Reading | undefined> = []
  /** The tokens before this one, the last first. */
  readonly #before: Array<Token> = [start, start, start, start]
  #now: Token
  #next: Token

  constructor(text: string, deepest: number) {
    this.#deepest = deepest
    this.#tokens = new ExpandedTokens(text, deepest)
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

  #push(name: string, more: Partial<Reading> = {}): Reading {
    const depth = this.#open.length
    const operation = { name, references: [], within: this.#within, depth, ...more }
    this.operations.push(operation)
    this.#owners.length = depth
    this.#owners[depth] = operation
    return operation
  }

  #operation(name: string): void {
    const plain = plainName(name)
    // A function before this one that has nothing in it is only declared.
    if (plain === "func.func") this.#within = this.operations.length
    const operation = this.#push(name)
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

  /** Whose attributes the innermost braces hold: as its properties in `<{}>`, or as others in `{}`. */
  #owner(): Reading | undefined {
    if (this.#open.at(-1) !== "}") return undefined
    return this.#owners[this.#open.length - (this.#open.at(-2) === ">" ? 2 : 1)]
  }

  /** What a key of a dictionary has as its value. The key is here, its `=` next. */
  #value(key: string): void {
    this.attributes.add(key)
    this.#step()
    const { kind, text } = this.#next
    if (key.startsWith("xla.sdy."))
      this.shardy.add(
        key,
        kind === "text" ? text : undefined,
        this.operations.at(-1)?.name,
        this.#open.length
      )
    const said = kind === "text" ? text : kind === "symbol" ? vhloText(text) : undefined
    const owner = this.#owner()
    const plain = owner === undefined ? "" : plainName(owner.name)
    switch (key) {
      case "call_target_name":
        // Which one counts if there are two depends on the form; elsewhere it may be another operation's.
        if (
          owner !== undefined &&
          plain.endsWith(".custom_call") &&
          owner.target === undefined &&
          said !== undefined
        )
          owner.target = said
        else this.#push("stablehlo.custom_call")
        return
      case "sym_name":
        if (plain === "func.func") owner!.symbol ??= said
        return
      case "sym_visibility":
        if (plain === "func.func") owner!.isPrivate ??= said === "private"
        return
      case "comparison_direction":
        if (plain === "stablehlo.compare" && owner!.direction !== "NE" && kind === "symbol")
          owner!.direction = directionOf(text)
        return
      case "mhlo.frontend_attributes":
        if (owner === undefined) return
        owner.annotated = true
        this.shardy.begin(owner, this.#open.length + 1)
        return
      case "callee":
      case "decomposition":
        if (kind === "symbol" && said !== undefined) this.operations.at(-1)?.references.push(said)
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

  /** A location holds texts before brackets that are no operations. */
  #location(): void {
    const outside = this.#open.length
    do {
      this.#step()
      this.#brackets()
    } while (this.#open.length > outside && this.#now.kind !== "end" && this.nesting <= this.#deepest)
  }

  /** Where the types of a random generator's numbers are noted. */
  #numbers(): Array<string> | undefined {
    const last = this.operations.at(-1)
    if (last === undefined || plainName(last.name) !== "stablehlo.rng") return undefined
    last.random ??= []
    return last.random
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
    if (closing === undefined) this.shardy.at(this.#open.length)
  }

  #name(): void {
    const { text } = this.#now
    const first = this.#mark("{", this.#before[0]) || this.#mark(",", this.#before[0])
    const dotted = text.includes(".")
    if (this.#mark("=") && (first || !dotted)) this.#value(text)
    else if (text === "loc" && this.#mark("(")) this.#location()
    else if (text === "tensor" && this.#mark("<")) this.types.begin(this.#isArgument(), this.#numbers())
    else if (/(?:^|x)f[46]E\dM\w+$/.test(text)) this.unknown.add(shortFloats)
    else if (text === "dense_resource") this.unknown.add("data from outside of the module")
    else if (shortNames[text] !== undefined) this.#operation(shortNames[text])
    else if (!dotted) return
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
    const { kind, text } = this.#now
    if (kind === "text" || kind === "symbol") this.nesting = Math.max(this.nesting, bracketDepth(text))
    if (kind === "text") {
      if (this.#mark("(")) this.#operation(text)
      else if (this.#mark("=")) this.#value(text)
      else if (hasNegativeTile(text)) this.badLayout = text
    } else if (kind === "reference") this.operations.at(-1)?.references.push(text)
    else if (kind === "symbol") {
      for (const [, dialect] of text.matchAll(/[#!]([\w$-]+)[.<]/g)) this.dialects.add(dialect!)
      if (this.dialects.has("vhlo")) this.unknown.add("portable StableHLO as text")
      this.types.portable(text, this.#isArgument())
      const bounds = boundsIn(text)
      if (bounds !== undefined) this.bounds.push(bounds)
    }
  }

  run(): void {
    while (this.#now.kind !== "end" && this.nesting <= this.#deepest) {
      this.types.take(this.#now)
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

/** What text says; throws an MlirFault. Deeper than `deepest`, it is not read. */
export const screenedText = (text: string, deepest: number): ScreenedModule => {
  const reader = new Reader(text, deepest)
  reader.run()
  const { operations, nesting, types, attributes, dialects, shardy, bounds, unknown } = reader
  return {
    operations,
    nesting,
    types: types.found,
    attributes,
    dialects,
    badLayout: reader.badLayout,
    functionsKnown: operations.every(
      ({ name, symbol }) => plainName(name) !== "func.func" || symbol !== undefined
    ),
    shardy: shardy.found,
    bounds,
    unknown,
    unordered: isUnordered(operations),
    negativeFft: reader.negativeFft
  }
}

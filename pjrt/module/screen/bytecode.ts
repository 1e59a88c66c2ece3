import { bracketDepth } from "../../formats/bracket-depth.ts"
import { BytecodeFault } from "../../formats/bytecode.ts"
import { codes } from "../../formats/bytecode-encodings.ts"
import { Entries } from "../../formats/bytecode-entries.ts"
import { readBytecode } from "../../formats/bytecode-file.ts"
import { type Operation, operationsOf } from "../../formats/bytecode-operations.ts"
import {
  hasNegativeTile,
  isUnordered,
  plainName,
  type ScreenedModule,
  type ScreenedOperation,
  type ScreenedType,
  shardyKind,
  shortFloats
} from "./module.ts"
import type { ShardyText } from "./shardy.ts"

/**
 * The index of a property in an operation's properties. They are written in order of their names, and optional ones
 * have a flag in their number (mlir/tools/mlir-tblgen/OpDefinitionsGen.cpp).
 */
const places: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "func.func": { arg_attrs: 0, sym_name: 4, sym_visibility: 5 },
  "func.call": { callee: 1 },
  "stablehlo.custom_call": { call_target_name: 2, called_computations: 3 },
  "stablehlo.composite": { decomposition: 1 },
  "stablehlo.compare": { comparison_direction: 1 },
  "stablehlo.fft": { fft_length: 0 }
}
const versionedPlaces: typeof places = {
  ...places,
  "func.func": { arg_attrs: 0, sym_name: 3, sym_visibility: 4 },
  "func.call": { callee: 0 }
}
const optional = new Set(["arg_attrs", "called_computations", "sym_visibility"])

/** Bits of an element of portable StableHLO, by the number of its type; see `encodings`. */
const vhloBits: Readonly<Record<number, number>> = {
  ...{
    0: 8,
    2: 16,
    3: 16,
    4: 32,
    5: 64,
    6: 8,
    7: 8,
    9: 64,
    10: 4,
    11: 8,
    12: 16,
    13: 32,
    14: 64,
    15: 4,
    16: 8
  },
  ...{
    17: 16,
    18: 32,
    19: 64,
    27: 8,
    28: 8,
    29: 8,
    31: 2,
    32: 2,
    34: 32,
    35: 8,
    36: 8,
    37: 4,
    38: 6,
    39: 6,
    40: 8
  }
}
const builtinBits: Readonly<Record<number, number>> = { 1: 64, 3: 16, 4: 16, 5: 32, 6: 64, 7: 80, 8: 128 }

class Reading {
  readonly #entries: Entries

  constructor(entries: Entries) {
    this.#entries = entries
  }

  bits(index: number): number {
    const entry = this.#entries.entry("type", index)
    if (!entry.ownForm) return 8
    const reader = entry.read()
    const code = reader.varint()
    if (entry.dialect === "vhlo")
      return code === codes.vhlo.type.complex ? 2 * this.bits(reader.varint()) : (vhloBits[code] ?? 1)
    if (entry.dialect !== "builtin") return 1
    if (code === codes.builtin.type.integer) return Math.floor(reader.varint() / 4)
    return code === codes.builtin.type.complex ? 2 * this.bits(reader.varint()) : (builtinBits[code] ?? 1)
  }

  types(taken: ReadonlySet<number>): ReadonlyArray<ScreenedType> {
    return this.#entries.file.types.flatMap((_, index) => {
      const tensor = this.#entries.tensor(index)
      if (tensor === undefined) return []
      const bits = this.bits(tensor.element)
      return [
        {
          shown: `tensor<${tensor.shape.join("x")} of ${bits} bits>`,
          shape: tensor.shape,
          bits,
          taken: taken.has(index)
        }
      ]
    })
  }

  /** An operation's attributes that are of interest, as indices, by their names. */
  #of(operation: Operation, plain: string): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    if (operation.properties !== undefined) {
      const wanted = (operation.name === plain ? places : versionedPlaces)[plain]
      const reader = this.#entries.file.properties[operation.properties]!()
      const numbers: Array<number> = []
      while (wanted !== undefined && !reader.done && numbers.length < 6) numbers.push(reader.varint())
      for (const [name, place] of Object.entries(wanted ?? {})) {
        const number = numbers[place]
        if (number === undefined) continue
        const flagged = optional.has(name) && operation.name === plain
        if (!flagged) found.set(name, number)
        else if (number % 2 === 1) found.set(name, Math.floor(number / 2))
      }
    }
    if (operation.attributes === undefined) return found
    // What stands here as well as among the properties is taken from here.
    const dictionary = this.#entries.dictionary(operation.attributes)
    if (dictionary === undefined) throw new BytecodeFault("an operation's attributes are in an unknown form")
    for (const [name, index] of dictionary) found.set(name, index)
    return found
  }

  operation(operation: Operation, within: number | undefined): ScreenedOperation {
    const { name } = operation
    const plain = plainName(name)
    const all = this.#of(operation, plain)
    const text = (key: string): string | undefined => {
      const index = all.get(key)
      return index === undefined ? undefined : this.#entries.text(index)
    }
    const frontend = all.get("mhlo.frontend_attributes")
    const called = all.get("called_computations")
    const direction = all.get("comparison_direction")
    const references = [
      text("callee"),
      text("decomposition"),
      ...(called === undefined ? [] : (this.#entries.elements(called) ?? [])).map((each) =>
        this.#entries.text(each)
      )
    ].filter((each) => each !== undefined)
    return {
      name,
      symbol: text("sym_name"),
      isPrivate: text("sym_visibility") === "private",
      references,
      target: text("call_target_name"),
      annotated: frontend !== undefined,
      shardy: frontend === undefined ? undefined : this.#shardyOf(frontend),
      random: plain === "stablehlo.rng" ? operation.results.map((type) => this.#number(type)) : undefined,
      within,
      depth: operation.depth,
      direction: direction === undefined ? undefined : this.#entries.comparison(direction)
    }
  }

  /** Shardy's texts in a dictionary. */
  #shardyOf(index: number): ReadonlyMap<string, string | undefined> {
    const all = [...(this.#entries.dictionary(index) ?? [])].filter(([key]) => key.startsWith("xla.sdy."))
    return new Map(all.map(([key, value]) => [key, this.#entries.text(value)]))
  }

  /** What Shardy is told anywhere, and, once more, what it must be told by operations and of functions' parameters. */
  shardy(operations: ReadonlyArray<Operation>): ReadonlyArray<ShardyText> {
    const texts = (index: number, kind: ShardyText["kind"]): ReadonlyArray<ShardyText> =>
      [...this.#shardyOf(index)].map(([key, said]) => ({ key, said, kind }))
    const anywhere = this.#entries.file.attributes.flatMap((_, index) => texts(index, "either"))
    if (anywhere.length === 0) return anywhere
    const placed = operations.flatMap((operation) => {
      const plain = plainName(operation.name)
      const all = this.#of(operation, plain)
      const own = all.get("mhlo.frontend_attributes")
      const parameters = plain === "func.func" ? all.get("arg_attrs") : undefined
      const theirs = (parameters === undefined ? [] : (this.#entries.elements(parameters) ?? [])).flatMap(
        (each) => this.#entries.dictionary(each)?.get("mhlo.frontend_attributes") ?? []
      )
      return [
        ...(own === undefined ? [] : texts(own, shardyKind(operation.name))),
        ...theirs.flatMap((each) => texts(each, "value"))
      ]
    })
    return [...anywhere, ...placed]
  }

  /** The type of a random generator's numbers, as MLIR names it; of one that is for none, no name. */
  #number(type: number): string {
    const element = this.#entries.tensor(type)?.element
    if (element === undefined) return ""
    const entry = this.#entries.entry("type", element)
    if (!entry.ownForm) return ""
    const code = entry.read().varint()
    const bits = this.bits(element)
    const own = entry.dialect === "builtin"
    if (own ? code === codes.builtin.type.integer : code >= 10 && code <= 19) return `i${bits}`
    return (own ? code >= 3 && code <= 6 : code >= 2 && code <= 5) ? `f${bits}` : ""
  }

  bounds(): ReadonlyArray<ReadonlyArray<bigint>> {
    return this.#entries.file.attributes.flatMap((_, index) => {
      const bounds = this.#entries.bounds(index)
      return bounds === undefined ? [] : [bounds]
    })
  }

  hasNegativeLength(operation: Operation): boolean {
    if (plainName(operation.name) !== "stablehlo.fft") return false
    const index = this.#of(operation, "stablehlo.fft").get("fft_length")
    return index !== undefined && this.#entries.integers(index).some((length) => length < 0n)
  }
}

/** What bytecode says; throws a BytecodeFault. Deeper than `deepest`, operations are not read. */
export const screenedBytecode = (code: Uint8Array, deepest: number): ScreenedModule => {
  const file = readBytecode(code)
  const { operations, nesting, argumentTypes } = operationsOf(file, deepest)
  const entries = new Entries(file)
  const unknown = new Set<string>()
  const note = (what: string): void => void unknown.add(what)
  for (const [kind, all] of [
    ["attribute", file.attributes],
    ["type", file.types]
  ] as const)
    for (const [index, { dialect, ownForm, read }] of all.entries()) {
      entries.depth(kind, index, deepestEntries, (entry) =>
        note(`${kind === "attribute" ? "an attribute" : "a type"} of ${entry.dialect}`)
      )
      // Text may be any attribute or type, whatever its dialect: MLIR parses it as it stands.
      const own: ReadonlyArray<number> =
        dialect === "builtin" || dialect === "vhlo" ? codes[dialect].type.shortFloats : []
      if (kind === "type" && ownForm && own.includes(read().varint())) note(shortFloats)
      if (!ownForm) note(`an attribute or a type of ${dialect}, as text`)
      else if (
        dialect === "builtin" &&
        kind === "attribute" &&
        read().varint() === codes.builtin.attribute.resource
      )
        note("data from outside of the module")
    }
  const reading = new Reading(entries)
  let within: number | undefined
  const read = operations.map((operation, i) => {
    if (plainName(operation.name) === "func.func") within = i
    return reading.operation(operation, within)
  })
  return {
    operations: read,
    nesting: file.strings.reduce((most, text) => Math.max(most, bracketDepth(text)), nesting),
    types: reading.types(new Set(argumentTypes)),
    attributes: new Set(file.attributes.flatMap((_, i) => [...(entries.dictionary(i)?.keys() ?? [])])),
    dialects: new Set([...file.attributes, ...file.types].map(({ dialect }) => dialect)),
    badLayout: file.strings.find(hasNegativeTile),
    shardy: reading.shardy(operations),
    bounds: reading.bounds(),
    functionsKnown: read.every(({ name, symbol }) => plainName(name) !== "func.func" || symbol !== undefined),
    unknown,
    unordered: isUnordered(read),
    negativeFft: operations.some((operation) => reading.hasNegativeLength(operation))
  }
}

/** Attributes and types lie no deeper in one another: MLIR reads them by recursion, and locations are the deepest. */
export const deepestEntries = 2000

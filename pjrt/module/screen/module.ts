import type { ShardyText } from "./shardy.ts"

/** An operation of a module, whichever form the module has. */
export interface ScreenedOperation {
  /** Its whole name as the compiler's parser takes it, such as `stablehlo.add` or `vhlo.add_v1`. */
  readonly name: string
  /** The symbol that it defines. */
  readonly symbol?: string | undefined
  readonly isPrivate?: boolean | undefined
  /** Whether what it defines has a body, where that is seen without an operation in it. */
  readonly hasBody?: boolean | undefined
  /** The symbols that it names: functions that it calls, decompositions. */
  readonly references: ReadonlyArray<string>
  /** What a custom call calls; undefined where it cannot be told. */
  readonly target?: string | undefined
  /** Whether it has frontend attributes. */
  readonly annotated?: boolean | undefined
  /** Those of its frontend attributes that are Shardy's; undefined is what is no text, or is there twice. */
  readonly shardy?: ReadonlyMap<string, string | undefined> | undefined
  /** The types of the numbers that a random generator gives. */
  readonly random?: ReadonlyArray<string> | undefined
  /** The function that encloses it, by the number of the operation. */
  readonly within: number | undefined
  /** How deeply it is nested: in regions, or in brackets. */
  readonly depth: number
  /** The direction of a comparison, such as `LT`. */
  readonly direction?: string | undefined
}

/** A type of an array: how many elements it has, and how many bits each; the sizes as they are shown. */
export interface ScreenedType {
  readonly shown: string
  readonly shape: ReadonlyArray<bigint>
  readonly bits: number
  /** Whether it is what a function or a block takes, and so stored as it is. */
  readonly taken: boolean
}

/** What a module says before it is compiled, read from its text or its bytecode. */
export interface ScreenedModule {
  readonly operations: ReadonlyArray<ScreenedOperation>
  /** How deep regions lie in one another; of text, brackets. */
  readonly nesting: number
  /** The types of all arrays in it that may be large, each once. */
  readonly types: ReadonlyArray<ScreenedType>
  /** The names in all dictionaries of attributes: those of operations, functions, parameters, and frontend attributes. */
  readonly attributes: ReadonlySet<string>
  /** The dialects of its attributes and types. */
  readonly dialects: ReadonlySet<string>
  /** Layouts of arrays that say tiles of negative sizes. */
  readonly badLayout: string | undefined
  /** All that Shardy is told in texts, wherever it stands. */
  readonly shardy: ReadonlyArray<ShardyText>
  /** The bounds of sizes that are not known, of one array each; what has none is left out. */
  readonly bounds: ReadonlyArray<ReadonlyArray<bigint>>
  /** Whether its functions can be told apart: where not, nothing can be said of calls. */
  readonly functionsKnown: boolean
  /** What of its attributes and types is in no form that is known, or brings data from outside. */
  readonly unknown: ReadonlySet<string>
  /** Whether a sort's comparator is one comparison for being unequal, which orders nothing. */
  readonly unordered: boolean
  /** Whether an FFT has a negative length. */
  readonly negativeFft: boolean
}

/** A name without the version that portable StableHLO gives it, and in the dialect that it stands for. */
export const plainName = (name: string): string => {
  const versioned = /^vhlo\.(\w+?)_v\d+$/.exec(name)?.[1]
  if (versioned === undefined) return name
  return `${/^(?:func|call|return)$/.test(versioned) ? "func" : "stablehlo"}.${versioned}`
}

/** What is said of floats of 4 or 6 bits: XLA's compiler for the CPU ends over constants of theirs. */
export const shortFloats = "floats of 4 or 6 bits"

/** How many bits an element has, by the type's name in MLIR; of one that is not known, 1. */
export const bitsOf = (element: string): number => {
  const complex = /^complex<(.*)>$/.exec(element)?.[1]
  if (complex !== undefined) return 2 * bitsOf(complex)
  const width = /^(?:bf|tf|f|[su]?i)(\d+)/.exec(element)?.[1]
  return element === "index" ? 64 : Math.max(1, Number(width ?? 1))
}

/** A layout with tiles of negative sizes, such as `{0,1:T(-8,128)}`. */
export const hasNegativeTile = (layout: string): boolean => /^\{[\d,]*:[^{}]*T\([^)]*-\d/.test(layout)

/** Whether there are sorts whose comparator is one comparison for being unequal. */
export const isUnordered = (operations: ReadonlyArray<ScreenedOperation>): boolean =>
  operations.some(({ name, depth }, i) => {
    const [first, second] = operations.slice(i + 1, i + 3)
    return (
      plainName(name) === "stablehlo.sort" &&
      first !== undefined &&
      plainName(first.name) === "stablehlo.compare" &&
      first.direction === "NE" &&
      first.depth > depth &&
      second !== undefined &&
      /\.return$/.test(plainName(second.name)) &&
      second.depth === first.depth
    )
  })

/** The kind that `xla.sdy.sharding` must be of where an operation says it. */
export const shardyKind = (name: string): ShardyText["kind"] =>
  /^(?:func\.\w+|stablehlo\.return|builtin\.module)$/.test(plainName(name)) ? "value" : "results"

import { showBytes } from "../../backend/size.ts"
import { plainName, type ScreenedModule, type ScreenedOperation } from "./module.ts"
import { shardyFault } from "./shardy.ts"

/** Why a module would end the process that compiles it, or the one that runs it. */
export interface ForeignFault {
  readonly message: string
  readonly hint: string
}

/**
 * How deep a module may be nested. XLA's passes recurse: regions 2,000 deep overflowed the stack of every plugin that
 * was tried, text with 8,000 brackets in one another did too.
 */
export const deepest = { regions: 1000, brackets: 2000 } as const

/** XLA counts an array's bytes with 63 bits, and aborts beyond (ShapeUtil::ByteSizeOf). */
const mostBytes = 2n ** 63n - 1n

/** From 2^39 bytes on, the loops that XLA's CPU compiler divides an array among divide by zero; with room for others. */
const mostStored = 2n ** 38n

const fault = (message: string, hint: string): ForeignFault => ({ message, hint })

/**
 * How deep functions may call one another, a call in a region counting once more for each region or bracket around it.
 * XLA's passes recurse: with 8 MiB of stack 1,000 calls compile and 1,500 overrun it (PJRT 0.115); with 2 MiB 400 do.
 */
export const deepestCalls = 500

/** What XLA's CPU compiler makes random numbers of; of others it ends the process. */
const randomNumbers = /^(?:[su]?i(?:32|64)|f16|bf16|f32|f64)$/

const oversize = ({ types, operations, bounds }: ScreenedModule): ForeignFault | undefined => {
  // Arrays that a fused loop only passes on are nowhere stored. What these make is, and so is what a function takes.
  const making = operations.some(({ name }) =>
    /^stablehlo\.(?:iota|dynamic_iota|sort|rng|rng_bit_generator)$/.test(plainName(name))
  )
  const products = bounds.map((each) => each.reduce((all, size) => all * size, 1n))
  const mostBound = products.reduce((most, each) => (each > most ? each : most), 1n)
  for (const { shape, bits, shown, taken } of types) {
    const bound = shape.some((size) => size < 0n) ? mostBound : 1n
    const sizes = [bound, ...shape.map((size) => (size < 0n ? 1n : size))]
    const bytes = sizes.includes(0n) ? 0n : (sizes.reduce((all, size) => all * size, BigInt(bits)) + 7n) / 8n
    if (bytes > mostBytes)
      return fault(
        `the program has an array ${shown}, of more bytes than a number of 63 bits counts`,
        "make its arrays smaller"
      )
    if ((making || taken) && bytes > mostStored)
      return fault(
        `the program has an array ${shown}, of ${showBytes(Number(bytes))}${taken ? "" : ", and an iota, a sort or a random generator, which store theirs"}`,
        `store no array of more than ${showBytes(Number(mostStored))}; work in pieces`
      )
  }
  return undefined
}

interface Functions {
  readonly heads: ReadonlyMap<string, ScreenedOperation>
  /** Those that have something in them, not only a name and a type. */
  readonly written: ReadonlySet<string>
  /** What each calls, and how deep in it. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>
}

const functionsOf = ({ operations }: ScreenedModule): Functions => {
  const heads = new Map<string, ScreenedOperation>()
  const calls = new Map<string, Map<string, number>>()
  const written = new Set<string>()
  for (const operation of operations) {
    const isFunction = plainName(operation.name) === "func.func"
    if (isFunction && operation.symbol !== undefined) {
      heads.set(operation.symbol, operation)
      if (operation.hasBody === true) written.add(operation.symbol)
    }
    const head = operation.within === undefined ? undefined : operations[operation.within]
    const within = head?.symbol
    if (within === undefined) continue
    if (!isFunction) written.add(within)
    const called = calls.get(within) ?? new Map<string, number>()
    const deep = Math.max(1, operation.depth - head!.depth)
    for (const each of operation.references) called.set(each, Math.max(called.get(each) ?? 0, deep))
    calls.set(within, called)
  }
  return { heads, written, calls }
}

/** Functions that call one another in a circle, from those on that other modules may call; else how deep calls lie. */
const circle = ({ heads, calls }: Functions): ReadonlyArray<string> | number => {
  const done = new Map<string, number>()
  for (const [root, { isPrivate }] of heads) {
    if (isPrivate === true) continue
    const way: Array<{ name: string; left: Array<string> }> = []
    const on = new Set<string>()
    const enter = (name: string): void => {
      on.add(name)
      way.push({ name, left: [...(calls.get(name)?.keys() ?? [])].filter((each) => heads.has(each)) })
    }
    if (!done.has(root)) enter(root)
    while (way.length > 0) {
      const { name, left } = way.at(-1)!
      const next = left.pop()
      if (next === undefined) {
        way.pop()
        on.delete(name)
        let depth = 0
        for (const [each, deep] of calls.get(name) ?? [])
          depth = Math.max(depth, deep + (done.get(each) ?? 0))
        done.set(name, depth)
      } else if (on.has(next))
        return [...way.map((each) => each.name).slice(way.findIndex((each) => each.name === next)), next]
      else if (!done.has(next)) enter(next)
    }
  }
  return [...done.values()].reduce((most, depth) => Math.max(most, depth), 0)
}

const calling = new Set(["func.call", "stablehlo.composite", "stablehlo.custom_call"])

const functionFault = (module: ScreenedModule): ForeignFault | undefined => {
  if (!module.functionsKnown) return undefined
  const functions = functionsOf(module)
  const { heads, written } = functions
  const main = heads.get("main")
  if (main?.isPrivate === true)
    return fault(
      "the program's function @main is private, so that it counts as unused",
      "the function that is to be run must be a func.func public @main: make it public"
    )
  if (main !== undefined && !written.has("main"))
    return fault("the program's function @main has no body", "give the function's body, not its type alone")
  for (const { name, references } of module.operations) {
    if (!calling.has(plainName(name))) continue
    const missing = references.find((each) => !written.has(each))
    if (missing !== undefined)
      return fault(
        `the program's ${name} calls @${missing}, ${heads.has(missing) ? "which has no body" : "which is no function of it"}`,
        "put the whole function into the module"
      )
  }
  const round = circle(functions)
  if (typeof round === "number")
    return round <= deepestCalls
      ? undefined
      : fault(
          `the program's functions call one another ${round} deep: the compiler's stack holds ${deepestCalls}`,
          "call functions one after the other, or put what repeats into a while"
        )
  return fault(
    `the program's functions call one another in a circle: ${round.map((name) => `@${name}`).join(" -> ")}`,
    "XLA has no recursion; write it as a while"
  )
}

/** A function's result whose sharding is a note must say it, of that one result. */
const shardingFault = ({ operations, shardy }: ScreenedModule): ForeignFault | undefined => {
  const results = operations.flatMap(({ target, shardy: own }) =>
    target === "xla.sdy.FuncResultSharding"
      ? [
          {
            key: "xla.sdy.sharding",
            said: own?.get("xla.sdy.sharding"),
            kind: "results",
            single: true
          } as const
        ]
      : []
  )
  const message = shardyFault([...shardy, ...results], operations[0]?.shardy?.get("xla.sdy.meshes"))
  if (message === undefined) return undefined
  return fault(
    `the program's ${message}`,
    "write xla.sdy.meshes on the module and shardings of its meshes as Shardy prints them, or use sdy.sharding"
  )
}

/** What of a module is known to end the process that compiles or runs it, and can be told beforehand. */
export const foreignFault = (module: ScreenedModule): ForeignFault | undefined => {
  if (module.badLayout !== undefined)
    return fault(
      `the program has an array of layout ${module.badLayout}, with a tile of negative size`,
      "give sizes from 1 on"
    )
  if (module.unordered)
    return fault("a sort of the program compares by NE, which is no order", "compare by LT or GT")
  if (module.negativeFft)
    return fault("an FFT of the program has a negative length", "give the sizes of the axes that it is over")
  const bound = module.bounds.flat().find((each) => each < 0n)
  if (bound !== undefined)
    return fault(`the program has an array with a size of at most ${bound}`, "give bounds from 0 on")
  const number = module.operations
    .flatMap(({ random }) => random ?? [])
    .find((each) => !randomNumbers.test(each))
  if (number !== undefined)
    return fault(
      `the program's stablehlo.rng makes numbers of type ${number || "another"}, which XLA's compiler does not`,
      "make random numbers of i32, i64, f16, bf16, f32 or f64, and convert them"
    )
  return shardingFault(module) ?? oversize(module) ?? functionFault(module)
}

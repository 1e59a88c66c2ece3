/** Values that often stand where another belongs: what each is, and what to write instead. */

type Kind =
  | "Promise"
  | "Effect"
  | "Stream"
  | "generator"
  | "device array"
  | "host array"
  | "spec"
  | "tensor"
  | "jitted function"

/** Under this key the prototype of a class says its kind. */
const mark = Symbol.for("loopcarry/kind")

/** Gives all objects of a class their kind, across copies of this package. */
export const markKind = (prototype: object, kind: Kind): void => {
  Object.defineProperty(prototype, mark, { value: kind })
}

const looked = (value: object): Kind | undefined => {
  if (typeof value === "function")
    return Symbol.for("loopcarry/Jitted") in value ? "jitted function" : undefined
  if (mark in value) return value[mark] as Kind
  if (value instanceof Promise) return "Promise"
  if ("~effect/Effect" in value) return "Effect"
  if ("~effect/Stream" in value) return "Stream"
  return /^\[object (?:Async)?Generator\]$/.test(Object.prototype.toString.call(value))
    ? "generator"
    : undefined
}

const kindOf = (value: unknown): Kind | undefined => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined
  try {
    return looked(value)
  } catch {
    // Of a proxy that was revoked, nothing can be read.
    return undefined
  }
}

/** What a value is, in words; undefined for what its class says well, and for a tensor, which says what it is. */
export const kindName = (value: unknown): string | undefined => {
  const kind = kindOf(value)
  if (kind === undefined || kind === "tensor") return undefined
  return kind === "Effect" ? "an Effect" : `a ${kind}`
}

/** Takes the rejection of a promise that nobody waits for: Node ends the process over one that nobody takes. */
const hushed = (value: unknown): void => void (value as Promise<unknown>).catch(() => {})

type Hints = Readonly<Partial<Record<Kind, string>>>

const hintIn = (hints: Hints, value: unknown): string | undefined => {
  const kind = kindOf(value)
  if (kind === "Promise") hushed(value)
  return kind && hints[kind]
}

const tracing: Hints = {
  Promise:
    "a Promise has no value yet: where the function is async, leave async and await out; else await it before tracing",
  Effect:
    "an Effect has no value yet: yield* it outside the traced function, and give its value as an argument; of a jitted function, call the plain function",
  Stream: "run a Stream outside the traced function, and give what it gives as an argument",
  generator: "a traced function is no generator: leave the * of function* and yield* out",
  "device array": "make it an argument of the traced function, whose parameter then stands for it",
  "host array": "make it an argument of the traced function, or a tensor of it: constant(array.data)",
  spec: "a spec says what a parameter is; use the parameter itself: jit([f32(3)], (x) => add(x, 1))",
  "jitted function": "in a traced function, use the plain function that was given to jit"
}

/** What to do about what stands where a tensor belongs, while tracing. */
export const tracingHint = (value: unknown): string | undefined => hintIn(tracing, value)

const data: Hints = {
  Promise: "a Promise has no value yet: await it first, or yield* Effect.promise(() => …)",
  Effect: "an Effect has no value until it is run: put yield* before it",
  Stream: "yield* Stream.runCollect(…) gives what a Stream puts out",
  generator: "make a list of it: [...values]",
  "device array": "it is on a device already; yield* array.read gives its elements",
  "host array": "give its elements: array.data",
  spec: "a spec says what data are; give the data themselves, such as [1, 2, 3]",
  tensor: "a tensor of a program has no elements; give numbers, or what a jitted function gives",
  "jitted function": "call it, and put yield* before the call"
}

/** What to do about what stands where host data or a device array belongs. */
export const dataHint = (value: unknown): string | undefined => hintIn(data, value)

/** Why a value is no host data, and what to do; undefined where it may be some. */
export const dataFault = (value: unknown): readonly [message: string, hint: string] | undefined => {
  const hint = dataHint(value)
  return hint === undefined ? undefined : [`is ${kindName(value) ?? "a tensor"}, not data`, hint]
}

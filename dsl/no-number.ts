import { scopeError } from "./errors.ts"

/** What JavaScript does with numbers and lists, and a class of ours does not take: each says what to write instead. */
export interface Instead {
  /** What the object is, for the message: `f32[3]`. */
  readonly shown: (self: object) => string
  /** Why it is no number and no list. */
  readonly why: string
  /** For `x + 1`, `x < y`, `x == 1`. */
  readonly arithmetic: string
  /** For `x[0]`, and `x[0] = 1`. */
  readonly element?: string
  readonly assignment?: string
  /** For `x.length`. */
  readonly length?: string
  /** For `for (const row of x)`, `[...x]`, `const [a, b] = x`, `x.map(f)`. */
  readonly items?: string
  /** For `JSON.stringify(x)`. */
  readonly json?: string
}

/** Indices that say so. What lies beyond is undefined, as in any object. */
const indices = 64

const methods = ["map", "forEach", "filter", "reduce", "some", "every", "join"] as const

/** Makes the objects of a class refuse to be numbers, and lists where the words for that are given. */
export const refuseNumbers = (prototype: object, operation: string, instead: Instead): void => {
  const define = (key: PropertyKey, descriptor: PropertyDescriptor): void => {
    Object.defineProperty(prototype, key, { configurable: true, enumerable: false, ...descriptor })
  }
  const refusing = (what: string, hint: string) =>
    function (this: object): never {
      throw scopeError(operation, `${instead.shown(this)} ${what}: ${instead.why}`, hint)
    }
  const { arithmetic, element, assignment, length, items, json } = instead
  const refuseSum = refusing("is not a JavaScript number", arithmetic)
  define(Symbol.toPrimitive, {
    value(this: object, hint: string) {
      return hint === "string" ? this.toString() : refuseSum.call(this)
    }
  })
  if (element !== undefined && assignment !== undefined)
    for (const index of [-1, ...Array(indices).keys()]) {
      const what = `has no element [${index}]`
      define(index, { get: refusing(what, element), set: refusing(what, assignment) })
    }
  if (length !== undefined) define("length", { get: refusing("has no length", length) })
  if (items !== undefined) {
    for (const name of methods) define(name, { value: refusing(`has no ${name}`, items) })
    // A method, for whoever only looks whether there is one.
    define(Symbol.iterator, { value: refusing("is no list", items) })
  }
  if (json !== undefined) define("toJSON", { value: refusing("is no JSON", json) })
}

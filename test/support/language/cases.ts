import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type DType, isComplex, isFloat } from "../../../dsl/dtype.ts"
import { Spec } from "../../../dsl/spec.ts"
import { isTensor, type Tensor } from "../../../dsl/tensor.ts"
import { flatten, type Tree } from "../../../dsl/tree.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { nested } from "../nested.ts"
import { type Fn, functions } from "./functions.ts"

export interface Given {
  readonly dtype: DType
  readonly shape: ReadonlyArray<number>
  readonly data: ReadonlyArray<number | string | boolean>
}

export type Kind = "value" | "vjp" | "jvp" | "hvp" | "vmap"

export interface Case extends Readonly<Partial<Record<Kind | "ts" | "cts", ReadonlyArray<Given>>>> {
  readonly name: string
  readonly kinds: ReadonlyArray<Kind>
  readonly args: ReadonlyArray<Given>
  readonly args2: ReadonlyArray<Given>
}

const casesOf = (file: string): ReadonlyArray<Case> =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${file}.json`, import.meta.url), "utf8")).cases

const decompositions = new Set(casesOf("linalg").map(({ name }) => name))

export const cases: ReadonlyArray<Case> = ["language", "linalg", "distributions"].flatMap(casesOf)

/**
 * What a compiler is asked of a case. Loops of linear algebra take it long, and forward and second derivatives are made
 * of the primitives that the others are made of: the interpreter is asked for all, and compilers for all in CI.
 */
export const asCompiled = (one: Case): Case =>
  decompositions.has(one.name) && process.env.LOOPCARRY_ALL_FIXTURES !== "1"
    ? { ...one, kinds: one.kinds.filter((kind) => kind !== "jvp" && kind !== "hvp") }
    : one

const specOf = ({ dtype, shape }: Given) => new Spec(dtype, shape)
const data = ({ data, shape }: Given) => nested(data, shape)
const isSmooth = ({ dtype }: { readonly dtype: DType }) => isFloat(dtype) || isComplex(dtype)

const leavesOf = (result: unknown): ReadonlyArray<Tensor> =>
  flatten<Tensor>(result as Tree, isTensor, "test", "result").leaves

/** All that is asked of a function, as one program: the value, derivatives, and a batch of two. */
export const everything = (called: Fn, one: Pick<Case, "kinds">, ...[args, args2, ts, cts]: Asked) => {
  const fn = (...xs: ReadonlyArray<Tensor>) => leavesOf(called(...(xs as ReadonlyArray<never>)))
  const active = args.flatMap((arg, i) => (isSmooth(arg) ? [i] : []))
  const points = active.map((i) => args[i]!)
  /** The smooth results of the smooth arguments. */
  const smooth = (...xs: ReadonlyArray<Tensor>) => {
    const full = args.map((arg, i) => (active.includes(i) ? xs[active.indexOf(i)]! : arg))
    return fn(...full).filter(isSmooth)
  }
  const pulled = (...xs: ReadonlyArray<Tensor>) =>
    lc.vjp(smooth, ...xs)[1](cts as never) as ReadonlyArray<Tensor>
  const makers: Readonly<Record<Kind, () => ReadonlyArray<Tensor>>> = {
    value: () => fn(...args),
    vjp: () => pulled(...points),
    jvp: () => lc.jvp(smooth, points, ts as never)[1] as ReadonlyArray<Tensor>,
    hvp: () => lc.jvp(pulled, points, ts as never)[1] as ReadonlyArray<Tensor>,
    vmap: () => {
      const batch = args.map((arg, i) => lc.stack([arg, args2[i]!]))
      return lc.vmap(fn)(...(batch as unknown as ReadonlyArray<never>)) as ReadonlyArray<Tensor>
    }
  }
  return one.kinds.map((kind) => makers[kind]())
}

/** Arguments, those of a second call, tangents and cotangents. */
export type Asked = readonly [
  args: ReadonlyArray<Tensor>,
  args2: ReadonlyArray<Tensor>,
  ts: ReadonlyArray<Tensor>,
  cts: ReadonlyArray<Tensor>
]

type Run = Effect.Effect<unknown, never, never>

const singles: Partial<Record<DType, DType>> = { f64: "f32", c128: "c64" }

/** A case in single precision, as accelerators work; of some of them double precision is emulated, and slowly. */
const inSingles = (one: Case): Case => {
  const narrow = (group: ReadonlyArray<Given> | undefined) =>
    (group ?? []).map((given) => ({ ...given, dtype: singles[given.dtype] ?? given.dtype }))
  return {
    ...one,
    args: narrow(one.args),
    args2: narrow(one.args2),
    ts: narrow(one.ts),
    cts: narrow(one.cts)
  }
}

/** A case as a jitted function and what it is called with. */
export const jitted = (one: Case) => {
  const groups = [one.args, one.args2, one.ts ?? [], one.cts ?? []]
  const program = lc.jit(
    groups.map((group) => group.map(specOf)),
    (...given: ReadonlyArray<unknown>) =>
      everything(functions[one.name]!, one, ...(given as unknown as Asked)) as unknown as Tree
  )
  return {
    program: program as unknown as ((...given: ReadonlyArray<never>) => Run) & typeof program,
    inputs: groups.map((group) => group.map(data)) as unknown as ReadonlyArray<never>
  }
}

/** The program of a case in single precision, where the function does not insist on another dtype. */
export const sourceInSingles = (one: Case) =>
  jitted(inSingles(one)).program.source.pipe(Effect.catch(() => jitted(one).program.source))

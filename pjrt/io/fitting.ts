import { isRecord, shown } from "../../dsl/required.ts"
import { type Aval, sameAval, show } from "../../dsl/shape.ts"
import { isSpec, type Spec } from "../../dsl/spec.ts"
import { keyPath, listed } from "../../dsl/tree.ts"
import { ArgumentError } from "../backend/errors.ts"
import { MismatchError } from "./errors.ts"
import type { NdArray } from "./ndarray.ts"

/** Specs by name, as a file of named arrays has them. */
export type NamedSpecs = Readonly<Record<string, Spec>>

/** The arrays that named specs stand for. */
export type NamedArrays<T extends NamedSpecs> = {
  readonly [K in keyof T]: T[K] extends Spec<infer D, infer S> ? NdArray<D, S> : never
}

/** Refuses an array of a file that is of another type than was asked for. */
export const requireAval = (file: string, path: string, found: Aval, wanted: Aval): void => {
  if (sameAval(found, wanted)) return
  throw new MismatchError({
    file,
    path,
    message: `${file}: ${path} is ${show(found)}, but ${show(wanted)} was asked for`,
    hint:
      found.dtype === wanted.dtype
        ? "ask for the shape that was saved"
        : "ask for the dtype that was saved, and convert it after; nothing is converted silently"
  })
}

/** Refuses what are no specs by name. Throws an ArgumentError. */
export const requireNamedSpecs = (operation: string, specs: unknown): NamedSpecs => {
  const wrong = isRecord(specs) ? Object.entries(specs).find(([, spec]) => !isSpec(spec)) : ["specs", specs]
  if (wrong === undefined) return specs as NamedSpecs
  const path = isRecord(specs) ? keyPath("specs", wrong[0] as string) : "specs"
  throw new ArgumentError({
    path,
    message: `${path} is ${shown(wrong[1])}, not ${isRecord(specs) ? "a spec" : "a record of specs"}`,
    hint: `say what each array is: ${operation}("FILE", { x: f32(3) })`
  })
}

/** Refuses names that a file does not have. */
export const requireNames = (
  file: string,
  wanted: ReadonlyArray<string>,
  found: ReadonlyArray<string>
): void => {
  const known = new Set(found)
  const lost = wanted.find((name) => !known.has(name))
  if (lost === undefined) return
  throw new MismatchError({
    file,
    path: lost,
    message: `${file}: it has no array ${JSON.stringify(lost)}`,
    hint: found.length === 0 ? "it has none at all" : `it has ${listed(found)}`
  })
}

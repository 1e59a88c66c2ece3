import { isFloat } from "../dtype.ts"
import { dtypeError, treeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { requireFunction, requireRecord, shown } from "../required.ts"
import { sameAval, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { type Flat, flatten, leavesLike, type Structure, type Tree, unflatten } from "../tree.ts"
import { filled } from "../values.ts"
import type { GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, type Leaves, next, wide } from "./leaves.ts"

/** A state as a transformation sees it: a tree whose parts it knows. */
// biome-ignore lint/suspicious/noExplicitAny: each transformation knows its own state, which `update` has checked
export type State = any

/** What an update knows beside gradients and state. */
export interface Context {
  /** The name of the function that the user called. */
  readonly op: string
  /** The gradients as they were given, where `grads` are what others have made of them. */
  readonly given: Leaves
  readonly params: Leaves | undefined
  readonly objective: { readonly value: Value; readonly valueFn: (params: Tree) => unknown } | undefined
  readonly structure: Structure
}

/**
 * A transformation of leaves; `GradientTransformation` is the same for users. Half floats come and go as f32, and are
 * rounded once, when all parts of a transformation are done. A state keeps the dtypes that `init` gives it.
 */
export interface Raw {
  readonly name: string
  readonly init: (params: Leaves, like: (leaves: Leaves) => Tree, op: string) => State
  readonly update: (grads: Leaves, state: State, context: Context) => readonly [Leaves, State]
}

const raws = new WeakMap<object, Raw>()

/** The tree of leaves that stand in a structure. */
export const likeOf =
  (structure: Structure) =>
  (leaves: Leaves): Tree =>
    unflatten<Tensor>(
      structure,
      leaves.map((leaf) => tensorOf<never, never>(leaf))
    )

/** The leaves of a part of a state. */
export const leavesOf = (tree: Tree): Leaves =>
  flatten<Tensor>(tree, isTensor, "state", "state").leaves.map(valueOf)

/** The tree of floats that a user gave. */
export const floatsOf = (op: string, what: string, tree: unknown): Flat<Tensor> => {
  const flat = flatten<Tensor>(tree as Tree, isTensor, op, what)
  flat.leaves.forEach((leaf, i) => {
    if (isFloat(leaf.dtype)) return
    throw dtypeError(
      op,
      say("noFloat", { op, path: flat.paths[i]!, a: show(leaf) }),
      "keep it in a tree of its own beside the parameters, or convert it to a float"
    )
  })
  return flat
}

/** The leaves of a tree that must be like another, in the order of that one. */
export const leavesAlike = (
  op: string,
  what: string,
  first: Flat<Tensor>,
  name: string,
  tree: unknown,
  hint: string
): Leaves => {
  const found = leavesLike(first.structure, flatten<Tensor>(tree as Tree, isTensor, op, what), what, show)
  if (!("path" in found)) {
    found.forEach((leaf, i) => {
      if (sameAval(leaf, first.leaves[i]!)) return
      const own = first.paths[i]!
      const path = `${what}${own.slice(name.length)}`
      throw treeError(
        op,
        path,
        say("treeParts", { op, path, a: show(leaf), first: own, b: show(first.leaves[i]!) }),
        hint
      )
    })
    return found.map(valueOf)
  }
  const own = `${name}${found.path.slice(what.length)}`
  const leaf = first.paths.indexOf(own)
  throw treeError(
    op,
    found.path,
    say("treeParts", {
      op,
      path: found.path,
      a: found.found,
      first: own,
      b: leaf < 0 ? found.wanted : show(first.leaves[leaf]!)
    }),
    hint
  )
}

const stateHint = "give the state that init or the last update of the same optimizer gave"

/** The state as `init` would give it for such parameters: no other is taken. */
const checkedState = (
  op: string,
  raw: Raw,
  like: (leaves: Leaves) => Tree,
  grads: Leaves,
  state: unknown
): State => {
  const wanted = flatten<Tensor>(raw.init(grads, like, op), isTensor, op, "init")
  if (state === undefined) throw valueError(op, `${op}: the state is missing`, stateHint)
  const leaves = leavesAlike(op, "state", wanted, "init", state, stateHint)
  return likeOf(wanted.structure)(leaves)
}

const objectiveOf = (op: string, given: unknown): Context["objective"] => {
  if (given === undefined) return undefined
  const record = requireRecord(op, "the objective", given, "give { value, valueFn }") as {
    readonly value: unknown
    readonly valueFn: (params: Tree) => unknown
  }
  const { value, valueFn } = record
  if (!isTensor(value) || value.shape.length > 0 || !isFloat(value.dtype))
    throw valueError(
      op,
      `${op}: the value of the loss is ${isTensor(value) ? show(value) : shown(value)}, not a float scalar`,
      "give the loss at the parameters, as valueAndGrad gives it"
    )
  return { value: valueOf(value), valueFn: requireFunction(op, "valueFn", valueFn) }
}

/** The parameters, which some transformations need. */
export const paramsOf = ({ op, params }: Context): Leaves => {
  if (params !== undefined) return params
  throw valueError(op, `${op}: the parameters are missing`, "give them: update(grads, state, params)")
}

/** A transformation as users see it. */
export const transformation = <K extends TransformationKind>(raw: Raw): GradientTransformation<K> => {
  const made = {
    init: (params: unknown) => {
      const op = `${raw.name}.init`
      const flat = floatsOf(op, "params", params)
      return raw.init(flat.leaves.map(valueOf), likeOf(flat.structure), op)
    },
    update: (grads: unknown, state: unknown, params?: unknown, objective?: unknown) => {
      const op = `${raw.name}.update`
      const flat = floatsOf(op, "grads", grads)
      const given = flat.leaves.map(valueOf)
      const like = likeOf(flat.structure)
      const hint = "give parameters of the same structure, dtypes and shapes as the gradients"
      const context: Context = {
        op,
        given,
        params: params === undefined ? undefined : leavesAlike(op, "params", flat, "grads", params, hint),
        objective: objectiveOf(op, objective),
        structure: flat.structure
      }
      const [updates, next] = raw.update(given.map(wide), checkedState(op, raw, like, given, state), context)
      return [like(alike(updates, given)), next]
    }
  }
  raws.set(made, raw)
  return made as unknown as GradientTransformation<K>
}

/** What a transformation does to leaves, of one that a user wrote too. */
export const rawOf = (op: string, what: string, given: unknown): Raw => {
  const known = typeof given === "object" && given !== null ? raws.get(given) : undefined
  if (known !== undefined) return known
  const { init, update } = (typeof given === "object" && given !== null ? given : {}) as Partial<
    Readonly<Record<"init" | "update", (...args: ReadonlyArray<unknown>) => unknown>>
  >
  if (typeof init !== "function" || typeof update !== "function")
    throw valueError(
      op,
      `${op}: ${what} is ${shown(given)}, which is no gradient transformation`,
      "give one that this library makes, such as clip(1), or a record { init, update }"
    )
  return {
    name: op,
    init: (params, like) => init(like(params)),
    update: (leaves, state, { op: called, given: first, params, objective, structure }) => {
      const like = likeOf(structure)
      const grads = alike(leaves, first)
      const more = params === undefined ? [] : [like(params)]
      const about =
        objective === undefined ? [] : [{ ...objective, value: tensorOf<never, never>(objective.value) }]
      const [updates, next] = update(like(grads), state, ...more, ...about) as readonly [Tree, State]
      const flat = flatten<Tensor>(like(grads), isTensor, called, "grads")
      const hint = "give updates of the same structure, dtypes and shapes as the gradients"
      return [leavesAlike(called, "updates", flat, "grads", updates, hint).map(wide), next]
    }
  }
}

const zero = (): Value => filled({ dtype: "i32", shape: [] }, 0)

/** A counter of steps that begins. */
export const started = (): Tensor => tensorOf<never, never>(zero())

/** The counter of a state. */
export const countOf = ({ count }: State): Value => valueOf(count)

export const tensor = (value: Value): Tensor => tensorOf<never, never>(value)

/** A transformation that looks at the number of the step, if at anything but the gradients. */
export const counted = <K extends TransformationKind>(
  name: string,
  counts: boolean,
  update: (grads: Leaves, count: Value, context: Context) => Leaves
): GradientTransformation<K> =>
  transformation({
    name,
    init: () => (counts ? { count: started() } : null),
    update: (grads, state, context) => {
      if (!counts) return [update(grads, zero(), context), null]
      const count = countOf(state)
      return [update(grads, count, context), { count: tensor(next(count)) }]
    }
  })

import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { localAval, type Sharding } from "../../dsl/mesh.ts"
import { prefixLeaves } from "../../dsl/prefix.ts"
import { requireOptions } from "../../dsl/required.ts"
import { show } from "../../dsl/shape.ts"
import { isSharding } from "../../dsl/sharding.ts"
import { isSpec, type Spec, type Specs } from "../../dsl/spec.ts"
import { type Flat, flatten, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { type Arrays, DeviceArray } from "../array/array.ts"
import { encode } from "../array/host.ts"
import { putSharded, ShardedArray } from "../array/sharded.ts"
import { Backend, type HostArray } from "../backend/backend.ts"
import { ArgumentError, type DeviceUnavailable, type PutError } from "../backend/errors.ts"
import { inPhase } from "../backend/spans.ts"
import { MismatchError, type ReadError } from "./errors.ts"
import { type IoError, type OpenFile, openFile, requirePath, working } from "./file.ts"
import { loadArray } from "./load-array.ts"
import { safetensorsFaults } from "./safetensors.ts"
import { argumentError } from "./save-tree.ts"
import { checksumKey, treeKey } from "./saved.ts"
import { matchLeaves, type SavedHeader, type StoredLeaf, savedHeader } from "./saved-header.ts"
import type { HostScalar } from "./tree-text.ts"

/** Why a tree cannot be loaded. */
export type LoadError = ReadError | MismatchError | PutError | DeviceUnavailable

/** How a tree is loaded. */
export interface LoadOptions {
  /**
   * How the arrays lie on the devices of a mesh: a tree like that of the specs, in which one sharding may stand for a
   * whole branch, and null for the device alone.
   */
  readonly sharding?: TreeOf<Sharding>
}

interface Wanted {
  readonly specs: Flat<Spec>
  readonly shardings: ReadonlyArray<Sharding | null>
}

const isPlacing = (value: unknown): value is Sharding | null => value === null || isSharding(value)

const wantedOf = (given: unknown, options: LoadOptions | undefined): Wanted => {
  const { sharding = null } = requireOptions("loadTree", options, ["sharding"])
  const specs = flatten<Spec>(given as Specs, isSpec, "loadTree", "tree", "spec")
  const shardings = prefixLeaves<Sharding | null>(
    "loadTree",
    "sharding",
    specs.structure,
    sharding,
    isPlacing,
    "a sharding or null"
  )
  shardings.forEach((each, i) => {
    if (each !== null) localAval("loadTree", each.mesh, each.spec, specs.leaves[i]!)
  })
  return { specs, shardings }
}

/** A number that was saved, as an array of the dtype that is asked for. Throws a MismatchError. */
const scalarArray = (file: string, path: string, value: HostScalar, spec: Spec): HostArray => {
  const { dtype, shape } = spec
  const not = (why: string) =>
    new MismatchError({
      file,
      path,
      message: `${file}: ${path} is the ${typeof value} ${value}, but ${show(spec)} was asked for${why}`,
      hint: "ask for a scalar of a dtype that has the number"
    })
  if (shape.length > 0) throw not("")
  try {
    return { dtype, shape, bytes: encode(value, spec, path) }
  } catch (error) {
    throw error instanceof ArgumentError ? not(`; it ${error.message.slice(path.length + 1)}`) : error
  }
}

const loadLeaf = (
  backend: Backend["Service"],
  file: OpenFile,
  { specs, shardings }: Wanted,
  i: number,
  leaf: StoredLeaf,
  scope: Scope.Scope
): Effect.Effect<DeviceArray, LoadError> => {
  const [path, spec, sharding] = [specs.paths[i]!, specs.leaves[i]!, shardings[i]!]
  if (!("value" in leaf)) {
    // A file of another library has c128 as pairs of f64.
    const array = { ...leaf, dtype: spec.dtype, shape: spec.shape }
    return loadArray(backend, file, path, array, sharding, scope)
  }
  return Effect.flatMap(
    working<HostArray, IoError>(file.name, async () => scalarArray(file.name, path, leaf.value, spec)),
    (array) =>
      sharding === null
        ? Effect.map(inPhase("upload", backend.put(array, scope)), (buffer) => new DeviceArray(buffer))
        : Effect.map(
            inPhase("upload", putSharded(backend, array, sharding, scope)),
            (shards) => new ShardedArray(array, sharding, shards)
          )
  ) as Effect.Effect<DeviceArray, LoadError>
}

const releaseAll = (arrays: ReadonlyArray<DeviceArray>) =>
  Effect.forEach(arrays, (array) => array.release, { discard: true })

/** `loadTree` from a file that is open, by specs whose type nobody has checked. `accept` may refuse what its header says. */
export const loadAny = (
  name: string,
  given: unknown,
  options: LoadOptions | undefined,
  accept: (header: SavedHeader) => void = () => {}
): Effect.Effect<unknown, LoadError, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const scope = yield* Scope.Scope
    const wanted = yield* Effect.try({
      try: () => wantedOf(given, options),
      catch: (error) => argumentError(error, "specs")
    })
    return yield* Effect.scoped(
      Effect.gen(function* () {
        const file = yield* openFile(name)
        const leaves = yield* working<ReadonlyArray<StoredLeaf>, IoError>(
          name,
          async () => {
            const header = await savedHeader(file)
            accept(header)
            return matchLeaves(name, header, wanted.specs)
          },
          safetensorsFaults
        )
        const arrays: Array<DeviceArray> = []
        // What is loaded before a failure is of no use to anybody.
        yield* Effect.forEach(
          leaves,
          (leaf, i) =>
            Effect.map(loadLeaf(backend, file, wanted, i, leaf, scope), (array) => {
              arrays.push(array)
            }),
          { discard: true }
        ).pipe(Effect.onError(() => releaseAll(arrays)))
        return unflatten(wanted.specs.structure, arrays)
      })
    ) as Effect.Effect<unknown, LoadError>
  })

/**
 * Loads a tree that `saveTree` has saved to the device, as arrays of the dtypes and shapes that the specs say. A number
 * that was saved may be loaded as any dtype that has it. Large arrays are read to where they stay. A safetensors file of
 * another library is a tree too: its names are keys joined by dots. Another structure, dtype or shape fails with a
 * `MismatchError` that names the place. A damaged file fails with a `FormatError`, one that cannot be read with a
 * `FileError`, the device with a `PutError` or `DeviceUnavailable`.
 *
 * @example
 * yield* saveTree("layers.safetensors", { layers: [ndarray(f32(2), [1, 2]), null], rate: 0.5 })
 * const { layers, rate } = yield* loadTree("layers.safetensors", { layers: [f32(2), null], rate: f32() })
 * yield* rate.read // 0.5
 */
export const loadTree = <const T extends Specs>(
  path: string,
  specs: T,
  options?: LoadOptions
): Effect.Effect<Arrays<T>, LoadError, Backend | Scope.Scope> =>
  Effect.flatMap(requirePath("loadTree", path), (name) => loadAny(name, specs, options)) as never

/** What is said beside a tree that was saved. */
const texts = ({ metadata }: SavedHeader): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== treeKey && key !== checksumKey))

/**
 * Reads the texts that `saveTree` has kept beside a tree, and none of its arrays. A file that is none fails with a
 * `FormatError`, one that cannot be read with a `FileError`, a path that is no text with an `ArgumentError`.
 *
 * @example
 * yield* saveTree("noted.safetensors", { x: 1 }, { metadata: { note: "first" } })
 * const { note } = yield* readMetadata("noted.safetensors")
 * note // "first"
 */
export const readMetadata = (
  path: string
): Effect.Effect<Readonly<Record<string, string>>, ReadError | ArgumentError> =>
  Effect.gen(function* () {
    const file = yield* openFile(yield* requirePath("readMetadata", path))
    return yield* working(file.name, async () => texts(await savedHeader(file)), safetensorsFaults)
  }).pipe(Effect.scoped)

import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import { isTraceError } from "../../dsl/errors.ts"
import { localAval, type Sharding } from "../../dsl/mesh.ts"
import { shown } from "../../dsl/required.ts"
import type { Shape } from "../../dsl/shape.ts"
import { requireSharding } from "../../dsl/sharding.ts"
import { isSpec, type Spec } from "../../dsl/spec.ts"
import { Backend, type OpenScope } from "../backend/backend.ts"
import { ArgumentError, type DeviceUnavailable, type PutError } from "../backend/errors.ts"
import { inPhase, moving } from "../backend/spans.ts"
import { DeviceArray } from "./array.ts"
import { encode, type HostInput } from "./host.ts"
import { putSharded, ShardedArray } from "./sharded.ts"

/**
 * Checks host data against a spec and copies it to the device, or divides it among the devices of a mesh. The array
 * belongs to the caller's scope. The effect fails with an `ArgumentError` for data that do not fit, a `PutError` of
 * the device, or `DeviceUnavailable` where a mesh has more devices.
 *
 * @example
 * const rows = yield* put(f32(4, 2), new Float32Array(8), sharding(mesh({ x: 2 }), "x"))
 * rows // f32[4,2]
 * yield* rows.read // Float32Array [0, 0, 0, 0, 0, 0, 0, 0]
 */
export const put = <D extends DType, S extends Shape>(
  spec: Spec<D, S>,
  value: HostInput<D>,
  sharding?: Sharding
): Effect.Effect<DeviceArray<D, S>, PutError | DeviceUnavailable, Backend | OpenScope> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const scope = yield* Scope.Scope
    const array = yield* Effect.try({
      try: () => {
        if (!isSpec(spec))
          throw new ArgumentError({
            path: "spec",
            message: `spec is ${shown(spec)}, not a spec`,
            hint: "give a spec and its data: put(f32(3), [1, 2, 3])"
          })
        if (sharding !== undefined) {
          const { mesh, spec: parts } = requireSharding("put", sharding)
          localAval("put", mesh, parts, spec)
        }
        return { dtype: spec.dtype, shape: spec.shape, bytes: encode(value, spec, "value") }
      },
      catch: (error) => {
        if (!isTraceError(error)) return error as ArgumentError
        const { message, hint } = error
        return new ArgumentError({ path: "sharding", message, hint })
      }
    })
    const told = moving(array, backend.device.name)
    return sharding === undefined
      ? new DeviceArray<D, S>(yield* inPhase("upload", backend.put(array, scope), told))
      : new ShardedArray<D, S>(
          spec,
          sharding,
          yield* inPhase("upload", putSharded(backend, array, sharding, scope), told)
        )
  })

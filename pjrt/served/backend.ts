import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { Backend, type DeviceBuffer } from "../backend/backend.ts"
import { CompileError, type DeviceError, type ExecuteError, type PutError } from "../backend/errors.ts"
import { lengthFault } from "../backend/failures.ts"
import { forInterpreter, ownDevice } from "../backend/own-device.ts"
import { ownerOf } from "../backend/owner.ts"
import { onceEach } from "../backend/programs.ts"
import { countsOf } from "../module/device-counts.ts"
import { ServedBuffer, usingAll } from "./buffer.ts"
import { servedExecutable } from "./executable.ts"
import { typed } from "./link.ts"
import { type Start, serve } from "./serving.ts"

/**
 * The backend of a device on the other side of a link. When the link is lost, its calls in flight fail with
 * `DeviceLost`. The next call makes a new link, on which programs are compiled again when they are run.
 */
export const servedBackend = (start: Start): Effect.Effect<Backend["Service"], DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Scope.Scope
    const serving = yield* serve(start)
    const { opened } = serving
    const programs = onceEach(scope)

    return Backend.of({
      ...opened,
      target: { platform: opened.device.platform, takes: "stablehlo" },
      identity: typed(Effect.flatMap(serving.link, (link) => link.identity)),
      compile: (source) => {
        if ("program" in source) return Effect.fail(forInterpreter(opened.device.name))
        const counts = countsOf(source)
        if (counts instanceof CompileError) return Effect.fail(counts)
        const made = servedExecutable(serving, scope, { ...source, counts }, (link, id) =>
          typed(link.compile(id, source))
        )
        return programs.once(source, made)
      },
      load: (serialized, source) =>
        servedExecutable(serving, scope, source, (link, id) => typed(link.load(id, serialized, source))),
      put: (array, owner, wanted) =>
        typed<DeviceBuffer, PutError>(
          Effect.gen(function* () {
            const fault = lengthFault(array)
            if (fault !== undefined) return yield* fault
            const target = yield* ownDevice(opened, wanted)
            const link = yield* serving.link
            const id = serving.nextId()
            const aval = { dtype: array.dtype, shape: array.shape }
            const moved = { total: array.bytes.length, bytes: 0 }
            yield* link.watch("uploading", link.put(id, array, target.id, moved), moved)
            return new ServedBuffer(link, id, aval, target).ownedBy(ownerOf(owner))
          })
        ),
      copy: (buffer, wanted, owner) =>
        typed<DeviceBuffer, ExecuteError>(
          Effect.gen(function* () {
            const target = yield* ownDevice(opened, wanted)
            const from = serving.own(buffer, "buffer")
            if (!(from instanceof ServedBuffer)) return yield* Effect.fail(from)
            const id = serving.nextId()
            yield* usingAll([from], from.link.copy(id, from.id, target.id))
            return new ServedBuffer(from.link, id, from, target).ownedBy(ownerOf(owner))
          })
        ),
      memory: (wanted) =>
        typed(
          Effect.flatMap(ownDevice(opened, wanted), ({ id }) =>
            Effect.flatMap(serving.link, (link) => link.memory(id))
          )
        ),
      compiled: programs.compiled
    })
  })

import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { writeProcess } from "../../native/process-memory.ts"
import { Backend, type Buffer } from "../Backend.ts"
import type { DeviceOptions } from "../device.ts"
import { type DeviceError, type ExecuteError, lengthFault, type PutError } from "../errors.ts"
import { ownerOf } from "../owner.ts"
import { onceEach } from "../programs.ts"
import { ChildBuffer } from "./buffer.ts"
import { childExecutable } from "./executable.ts"
import { type Child, typed } from "./process.ts"
import { inlineBytes, pieceBytes, sentSource, toBase64 } from "./protocol.ts"
import { serve } from "./serving.ts"

/**
 * Writes straight into memory of the other process; where that is forbidden, the bytes go there piece by piece. The
 * memory may not be given back while a thread still writes there, so that the writing is not interrupted.
 */
const upload = (child: Child, id: number, bytes: Uint8Array): Effect.Effect<void, unknown> =>
  Effect.gen(function* () {
    const address = yield* child.call("reserve", { id, bytes: bytes.length }, () =>
      child.tell("unreserve", { id })
    )
    const copied = yield* Effect.uninterruptible(
      Effect.callback<boolean>((resume) =>
        writeProcess(child.pid, bytes, address, (done) => resume(Effect.succeed(done)))
      )
    )
    for (let at = 0; !copied && at < bytes.length; at += pieceBytes)
      yield* child.call("fill", { id, at, bytes: toBase64(bytes.subarray(at, at + pieceBytes)) })
  })

/**
 * The backend of a device whose plugin lives in a process of its own. That process's end is the error `DeviceLost` of
 * the calls it was working on; the next call starts another, where programs are compiled anew as they are run.
 */
export const childBackend: (
  name: string,
  options: DeviceOptions
) => Effect.Effect<Backend["Service"], DeviceError, Scope.Scope> = Effect.fnUntraced(
  function* (name, options) {
    const scope = yield* Scope.Scope
    const serving = yield* serve(name, options)
    const { opened } = serving
    const programs = onceEach(scope)

    return Backend.of({
      ...opened,
      identity: typed(Effect.flatMap(serving.child, (child) => child.call("identity", null))),
      compile: (source) =>
        programs.once(
          source,
          childExecutable(serving, scope, source, (child, id) =>
            typed(child.call("compile", { id, source: sentSource(source) }))
          )
        ),
      load: (serialized, source) =>
        childExecutable(serving, scope, source, (child, id) =>
          typed(child.call("load", { id, serialized: toBase64(serialized), source }))
        ),
      put: (array, owner, wanted = opened.device) =>
        typed<Buffer, PutError>(
          Effect.gen(function* () {
            const fault = lengthFault(array)
            if (fault !== undefined) return yield* fault
            const child = yield* serving.child
            const id = serving.nextId()
            const aval = { dtype: array.dtype, shape: array.shape }
            const buffer = new ChildBuffer(child, id, aval, serving.device(wanted.id))
            if (array.bytes.length <= inlineBytes) {
              // Not awaited: where it fails, the array's first use does, and says why.
              child.tell("put", { id, aval, bytes: toBase64(array.bytes), device: wanted.id })
            } else {
              const reserved = serving.nextId()
              const ask = { id, aval, bytes: { reserved }, device: wanted.id }
              const put = upload(child, reserved, array.bytes).pipe(
                Effect.andThen(child.call("put", ask, () => child.tell("release", { id }))),
                Effect.onError(() => Effect.sync(() => child.tell("unreserve", { id: reserved })))
              )
              yield* child.watch("uploading", put)
            }
            ownerOf(owner).take(buffer)
            return buffer
          })
        ),
      copy: (buffer, wanted, owner) =>
        typed<Buffer, ExecuteError>(
          Effect.gen(function* () {
            const from = serving.own(buffer, "buffer")
            if (!(from instanceof ChildBuffer)) return yield* Effect.fail(from)
            const id = serving.nextId()
            const ask = { id, from: from.id, device: wanted.id }
            yield* from.child.call("copy", ask, () => from.child.tell("release", { id }))
            const made = new ChildBuffer(from.child, id, from, serving.device(wanted.id))
            ownerOf(owner).take(made)
            return made
          })
        ),
      memory: (wanted) =>
        typed(Effect.flatMap(serving.child, (child) => child.call("memory", { device: wanted.id }))),
      compiled: programs.compiled
    })
  }
)

import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { bytesOf, show } from "../../dsl/shape.ts"
import { Backend, type Executable, type HostArray, type ProgramSource } from "../Backend.ts"
import { ArgumentError, type CompileError, deviceClosed } from "../errors.ts"
import { ownerOf } from "../owner.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compile, compileError } from "./executable.ts"
import { putBuffer } from "./put.ts"

const keyOf = (source: ProgramSource): string => {
  const code = typeof source.code === "string" ? source.code : Buffer.from(source.code).toString("latin1")
  return `${(source.donated ?? []).join()}\n${code}`
}

const wrongLength = (array: HostArray): ArgumentError =>
  new ArgumentError({
    path: "array",
    message: `${show(array)} needs ${bytesOf(array)} bytes, not ${array.bytes.length}`,
    hint: "give as many elements as the shape says"
  })

/** The backend of one device of a client whose plugin is loaded into this process. Everything ends with `scope`. */
export const pluginBackend = (client: Client, device: PjrtDevice, scope: Scope.Scope): Backend["Service"] => {
  const programs = new Map<string, Deferred.Deferred<Executable, CompileError>>()
  const compiled = { programs: 0, milliseconds: 0 }

  const timed = (source: ProgramSource) =>
    Effect.suspend(() => {
      const started = performance.now()
      return compile(client, device, source).pipe(
        Effect.tap(() =>
          Effect.sync(() => {
            compiled.programs++
            compiled.milliseconds += performance.now() - started
          })
        )
      )
    })

  return Backend.of({
    device,
    devices: client.devices,
    version: client.platformVersion,
    compile: (source) =>
      Effect.suspend(() => {
        if (client.handle.closed) return Effect.fail(compileError(deviceClosed(device.name)))
        const key = keyOf(source)
        const known = programs.get(key)
        if (known !== undefined) return Deferred.await(known)
        const made = Deferred.makeUnsafe<Executable, CompileError>()
        programs.set(key, made)
        // Compiling belongs to the backend, not to who asked first: a caller that gives up leaves it to the next.
        return timed(source).pipe(
          Effect.tapError(() => Effect.sync(() => programs.delete(key))),
          Scope.provide(scope),
          // Also when the device is closed meanwhile, so that nobody waits for ever.
          Effect.onExit((exit) => Deferred.done(made, exit)),
          Effect.ignore,
          Effect.forkIn(scope),
          Effect.andThen(Deferred.await(made))
        )
      }),
    put: (array, owner) =>
      bytesOf(array) === array.bytes.length
        ? Effect.map(putBuffer(client, device, array), (buffer) => buffer.ownedBy(ownerOf(owner)))
        : Effect.fail(wrongLength(array)),
    compiled: () => ({ ...compiled })
  })
}

import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { show } from "../../dsl/shape.ts"
import { cpuFeatures } from "../../native/cpu.ts"
import { pluginDigest } from "../../native/plugins/identity.ts"
import {
  Backend,
  type DeviceBuffer,
  type DeviceInfo,
  type Executable,
  type Identity,
  type ProgramSource
} from "../backend/backend.ts"
import type { CompileFailure, ExecuteError, PutError } from "../backend/errors.ts"
import { deviceClosed, lengthFault } from "../backend/failures.ts"
import { foreign, forInterpreter, ownDevice } from "../backend/own-device.ts"
import { type Owner, ownerOf } from "../backend/owner.ts"
import { onceEach } from "../backend/programs.ts"
import { PluginBuffer } from "./buffer.ts"
import { compileCached } from "./cached.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compile, load } from "./compile.ts"
import { compileError } from "./compile-error.ts"
import { copyBuffer } from "./copy.ts"
import { deviceMemory } from "./memory.ts"
import { putBuffer } from "./put.ts"
import { stablehloRange } from "./stablehlo-range.ts"

/** The backend of one device of a client whose plugin is loaded into this process. Everything ends with `scope`. */
export const pluginBackend = (
  client: Client,
  device: PjrtDevice,
  scope: Scope.Scope,
  cache: boolean
): Backend["Service"] => {
  const programs = onceEach(scope)
  const { traits } = client

  const identity = Effect.map(
    pluginDigest(client.api.path),
    (plugin): Identity => ({
      platform: client.platform,
      version: client.platformVersion,
      plugin,
      cpu: traits.forThisProcessor ? cpuFeatures() : null,
      stablehlo: stablehloRange(client.api),
      devices: client.devices.map(({ kind }) => kind).join()
    })
  )

  const whileOpen = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E | CompileFailure> =>
    Effect.suspend(
      (): Effect.Effect<A, E | CompileFailure> =>
        client.handle.closed ? Effect.fail(compileError(deviceClosed(device.name))) : effect
    )

  const own = (wanted?: DeviceInfo) => ownDevice({ device, devices: client.devices }, wanted)

  const owned = <E>(made: Effect.Effect<PluginBuffer, E>, owner: Owner): Effect.Effect<DeviceBuffer, E> =>
    Effect.map(made, (buffer) => buffer.ownedBy(owner))

  const compiling = (source: ProgramSource): Effect.Effect<Executable, CompileFailure, Scope.Scope> =>
    client.watch(
      "compiling",
      // What is dumped is what the compiler does.
      cache && source.dump === undefined
        ? compileCached(client, device, identity, source, programs.countCached)
        : compile(client, device, source)
    )

  return Backend.of({
    device,
    devices: client.devices,
    target: { platform: client.platform, takes: "stablehlo" },
    version: client.platformVersion,
    identity,
    compile: (source, holder) =>
      "program" in source
        ? Effect.fail(forInterpreter(device.name))
        : whileOpen(programs.once(source, compiling(source), holder)),
    load: (serialized, source) =>
      whileOpen(Scope.provide(load(client, device, serialized, source, traits.hostMemory), scope)),
    put: (array, owner, wanted) =>
      Effect.flatMap(own(wanted), (target): Effect.Effect<DeviceBuffer, PutError> => {
        const fault = lengthFault(array)
        if (fault !== undefined) return Effect.fail(fault)
        return owned(client.watch("uploading", putBuffer(client, target, array)), ownerOf(owner))
      }),
    takesMemory: true,
    copy: (buffer, wanted, owner) =>
      Effect.flatMap(own(wanted), (target): Effect.Effect<DeviceBuffer, ExecuteError> => {
        if (!(buffer instanceof PluginBuffer) || buffer.client !== client)
          return Effect.fail(foreign("buffer", show(buffer), device))
        const gone = buffer.gone
        return gone === undefined ? owned(copyBuffer(buffer, target), ownerOf(owner)) : Effect.fail(gone)
      }),
    memory: (wanted) =>
      Effect.flatMap(own(wanted), (target) =>
        client.handle.closed
          ? Effect.fail(deviceClosed(device.name))
          : Effect.succeed(deviceMemory(client, target))
      ),
    compiled: programs.compiled
  })
}

import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Executable, Identity, ProgramSource } from "../backend/backend.ts"
import { CompileError, type CompileFailure } from "../backend/errors.ts"
import type { DeviceCounts } from "../backend/partition.ts"
import { allTold, type XlaOptions } from "../backend/xla.ts"
import { type CompiledHeader, signatureOf, sourceOfHeader } from "../formats/compiled.ts"
import { countsOf } from "../module/device-counts.ts"
import { sourceFault } from "../module/screen/read.ts"
import { surroundings } from "../platforms/plugins.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compile, load } from "./compile.ts"
import { cacheKey, readProgram, removeProgram, writeProgram } from "./disk-cache.ts"
import { doesPrint } from "./print.ts"

/** What a compiled program depends on beside its code: the plugin's build, the processor, the devices, the options. */
const headerOf = (
  client: Client,
  identity: Identity,
  device: PjrtDevice,
  source: ProgramSource,
  counts: DeviceCounts
): CompiledHeader => ({
  target: `${device.name} of ${identity.devices}`,
  platform: identity.platform,
  version: identity.version,
  plugin: identity.plugin,
  cpu: identity.cpu,
  xla: allTold(client.told, source.code),
  ...signatureOf(source, counts)
})

/** What else the code depends on, as far as this platform's compiler has read it. */
const surroundingsOf = ({ api, platform }: Client, xla: XlaOptions): ReadonlyArray<string> =>
  surroundings(platform, api.environment, Object.values(xla).map(String))

/**
 * Loads a program from the cache on disk; or compiles it and stores it there. `loaded` is called where it was cached.
 */
export const compileCached = (
  client: Client,
  device: PjrtDevice,
  identity: Effect.Effect<Identity>,
  source: ProgramSource,
  loaded: () => void
): Effect.Effect<Executable, CompileFailure, Scope.Scope> =>
  Effect.gen(function* () {
    const counts = countsOf(source)
    if (counts instanceof CompileError) return yield* counts
    const fault = sourceFault(source)
    if (fault !== undefined) return yield* fault
    const header = headerOf(client, yield* identity, device, source, counts)
    const key = cacheKey(header, surroundingsOf(client, header.xla), source.code)
    const kept = readProgram(key, header)
    const prints = doesPrint(source)
    if (kept !== undefined) {
      const made = yield* Effect.exit(load(client, device, kept, sourceOfHeader(header), prints))
      if (made._tag === "Success") {
        loaded()
        return made.value
      }
      removeProgram(key)
    }
    const made = yield* compile(client, device, { ...source, screened: true, prints })
    // A plugin that cannot serialize what it has compiled just compiles again next time.
    const serialized = yield* Effect.option(made.serialized)
    if (serialized._tag === "Some") writeProgram(key, header, serialized.value)
    return made
  })

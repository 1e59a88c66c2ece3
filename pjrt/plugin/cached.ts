import { availableParallelism } from "node:os"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { cudaTools, namedFiles } from "../../native/plugins/environment.ts"
import type { Executable, Identity, ProgramSource } from "../backend/backend.ts"
import { CompileError, type CompileFailure } from "../backend/errors.ts"
import type { DeviceCounts } from "../backend/partition.ts"
import { allTold, type XlaOptions } from "../backend/xla.ts"
import { type CompiledHeader, signatureOf, sourceOfHeader } from "../formats/compiled.ts"
import { countsOf } from "../module/device-counts.ts"
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

/**
 * What else the code depends on: the environment that the compiler has read, and the files that its flags name. On the
 * CPU, also the number of threads, among which it divides loops. For CUDA, also the tools that it runs.
 */
const surroundings = ({ api, platform }: Client, xla: XlaOptions): ReadonlyArray<string> => [
  ...api.environment,
  ...namedFiles([...api.environment, ...Object.values(xla).map(String)]),
  ...(platform === "cpu" ? [`threads=${availableParallelism()}`] : []),
  ...(platform === "cuda" ? cudaTools() : [])
]

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
    const header = headerOf(client, yield* identity, device, source, counts)
    const key = cacheKey(header, surroundings(client, header.xla), source.code)
    const kept = readProgram(key, header)
    if (kept !== undefined) {
      const made = yield* Effect.exit(load(client, device, kept, sourceOfHeader(header), doesPrint(source)))
      if (made._tag === "Success") {
        loaded()
        return made.value
      }
      removeProgram(key)
    }
    const made = yield* compile(client, device, source)
    // A plugin that cannot serialize what it has compiled just compiles again next time.
    const serialized = yield* Effect.option(made.serialized)
    if (serialized._tag === "Some") writeProgram(key, header, serialized.value)
    return made
  })

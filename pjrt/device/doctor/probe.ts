import * as Effect from "effect/Effect"
import { showBytes } from "../../backend/size.ts"
import { type Finding, finding, type Probe } from "../../platforms/findings.ts"
import { stablehloRange } from "../../plugin/stablehlo-range.ts"
import * as Device from "../device.ts"
import { trial } from "./trial.ts"

const load = (plugin: string) =>
  Effect.map(Device.loadPlugin(plugin), (api): ReadonlyArray<Finding> => {
    const range = stablehloRange(api)
    const told = range === null ? "which does not tell its StableHLO" : `StableHLO ${range.join(" to ")}`
    const spoken = `PJRT API ${api.version.major}.${api.version.minor}`
    return [finding("plugin", "ok", `${plugin} loads; ${spoken}, ${told}`)]
  })

const run = (device: string, plugin: string) =>
  Effect.gen(function* () {
    const started = performance.now()
    const backend = yield* Device.openHere(device, plugin, { cache: false })
    const opened = Math.round(performance.now() - started)
    const { values, right } = yield* trial(backend)
    const names = backend.devices.map(({ name, kind }) => `${name} (${kind})`).join(", ")
    const { inUse, limit } = yield* backend.memory(backend.device)
    const memory =
      limit === undefined
        ? []
        : [finding("memory", "ok", `${showBytes(inUse ?? 0)} of ${showBytes(limit)} in use`)]
    return [
      finding("devices", "ok", `${names}, opened in ${opened} ms`),
      right
        ? finding("run", "ok", "a program compiles and runs, and its result is right")
        : finding("run", "problem", `1 2 3 plus 1 gives ${values.join(" ")}`, "try another plugin or driver"),
      ...memory
    ]
  })

/** Tries one thing, in the process that holds the plugin. */
export const probe = (what: Probe): Effect.Effect<ReadonlyArray<Finding>, unknown> =>
  Effect.scoped(what.step === "load" ? load(what.plugin) : run(what.device, what.plugin))

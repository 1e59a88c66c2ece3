import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Device from "../device.ts"
import { stablehloRange } from "../plugin/stablehlo-range.ts"
import { showBytes } from "../size.ts"
import { type Finding, finding, type Probe } from "./findings.ts"

/** Adds 1 to three numbers: small, and it goes through every part of a plugin. */
const program = `module { func.func public @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %one = stablehlo.constant dense<1.0> : tensor<3xf32>
  %y = stablehlo.add %x, %one : tensor<3xf32>
  return %y : tensor<3xf32>
} }`

const vector = { dtype: "f32", shape: [3] } as const

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
    const backend = yield* Device.open(device, { plugin, offline: true, cache: false })
    const opened = Math.round(performance.now() - started)
    const scope = yield* Scope.Scope
    const executable = yield* backend.compile({ code: program, inputs: [vector] })
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
    const x = yield* backend.put({ ...vector, bytes }, scope)
    const [y] = yield* executable.run([x], scope)
    const values = Array.from(new Float32Array((yield* y!.bytes).buffer))
    const right = values.join() === "2,3,4"
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

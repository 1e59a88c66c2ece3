import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Device from "../device.ts"
import { parseAddress } from "../remote/client/address.ts"
import { type Finding, finding, type Verdict } from "./findings.ts"

const about = (check: string, verdict: Verdict, message: string, next?: string): Finding =>
  finding(check, verdict, message, next, "remote")

const program = `module { func.func public @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = stablehlo.add %x, %x : tensor<3xf32>
  return %y : tensor<3xf32>
} }`

const calls = 20

const trial = (name: string) =>
  Effect.gen(function* () {
    const started = performance.now()
    const backend = yield* Device.open(name)
    const opened = Math.round(performance.now() - started)
    const scope = yield* Scope.Scope
    const identity = yield* backend.identity
    const range = identity.stablehlo === null ? "" : `; StableHLO ${identity.stablehlo.join(" to ")}`
    const devices = backend.devices.map(({ name: device, kind }) => `${device.split("/").at(-1)} (${kind})`)
    const executable = yield* backend.compile({ code: program, inputs: [{ dtype: "f32", shape: [3] }] })
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
    const x = yield* backend.put({ dtype: "f32", shape: [3], bytes }, scope)
    const times: Array<number> = []
    let found = new Uint8Array(12)
    for (let i = 0; i < calls; i++) {
      const begun = performance.now()
      const [y] = yield* executable.run([x], scope)
      found = yield* y!.bytes
      times.push(performance.now() - begun)
    }
    const right = new Float32Array(found.buffer).join() === "2,4,6"
    return [
      about("worker", "ok", `answers, and lets this client in, in ${opened} ms`),
      about("plugin", "ok", `${identity.platform}, ${identity.version}${range}`),
      about("devices", "ok", devices.join(", ")),
      right
        ? about("run", "ok", "a program compiles and runs, and its result is right")
        : about(
            "run",
            "problem",
            "a program gives a wrong result",
            "see: loopcarry doctor, where the worker is"
          ),
      about("round trip", "ok", `a small call takes ${Math.min(...times).toFixed(2)} ms at best`)
    ]
  })

/** Whether a worker is there, lets this client in, and does what it is for. */
export const remoteFindings = (name: string): Effect.Effect<ReadonlyArray<Finding>> => {
  const address = parseAddress(name.slice("remote://".length))
  if (address === undefined)
    return Effect.succeed([
      about("address", "problem", `${name} is no address of a worker`, "it is remote://host[:port][/device]")
    ])
  return Effect.scoped(trial(name)).pipe(
    Effect.catch((error) => Effect.succeed([about("worker", "problem", error.message, error.hint)]))
  )
}

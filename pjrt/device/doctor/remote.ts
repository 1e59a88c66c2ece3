import * as Effect from "effect/Effect"
import { type Finding, finding, type Verdict } from "../../platforms/findings.ts"
import { parseAddress } from "../../served/remote/address.ts"
import * as Device from "../device.ts"
import { trial } from "./trial.ts"

const about = (check: string, verdict: Verdict, message: string, next?: string): Finding =>
  finding(check, verdict, message, next, "remote")

const calls = 20

const tried = (name: string) =>
  Effect.gen(function* () {
    const started = performance.now()
    const backend = yield* Device.open(name)
    const opened = Math.round(performance.now() - started)
    const identity = yield* backend.identity
    const range = identity.stablehlo === null ? "" : `; StableHLO ${identity.stablehlo.join(" to ")}`
    const devices = backend.devices.map(({ name: device, kind }) => `${device.split("/").at(-1)} (${kind})`)
    const { right, best } = yield* trial(backend, calls)
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
      about("round trip", "ok", `a small call takes ${best.toFixed(2)} ms at best`)
    ]
  })

/** Whether a worker is there, lets this client in, and does what it is for. */
export const remoteFindings = (name: string): Effect.Effect<ReadonlyArray<Finding>> => {
  const address = parseAddress(name.slice("remote://".length))
  if (address === undefined)
    return Effect.succeed([
      about("address", "problem", `${name} is no address of a worker`, "it is remote://host[:port][/device]")
    ])
  return Effect.scoped(tried(name)).pipe(
    Effect.catch((error) => Effect.succeed([about("worker", "problem", error.message, error.hint)]))
  )
}

import * as Effect from "effect/Effect"
import { Backend } from "../../pjrt/backend/backend.ts"
import { deviceFlags, flag } from "../../pjrt/cli/flags.ts"
import { openDevice } from "../../pjrt/cli/main.ts"
import { benchmarks, type Measured, showMeasured } from "../benchmarks.ts"
import { makeCommand } from "../command.ts"
import { remoteBenchmarks } from "../remote-benchmarks.ts"
import { startups } from "../startup.ts"

const flags = {
  startup: flag.boolean("also time whole processes of a clone: npm start, and an example"),
  remote: flag.boolean("also time transfers to a worker of this machine's CPU, and calls to it"),
  ...deviceFlags
}

const usage = `loopcarry bench: how fast calls, reads and tracing are on this machine and device`

export const command = makeCommand({
  usage,
  flags,
  words: 0,
  run: (values) =>
    Effect.gen(function* () {
      const backend = yield* openDevice(values)
      const measured: Array<Measured> = []
      const tell = (one: Measured) => {
        measured.push(one)
        if (!values.json) process.stdout.write(`${showMeasured(one)}\n`)
      }
      for (const benchmark of benchmarks) {
        tell(yield* Effect.provideService(Effect.scoped(benchmark), Backend, backend))
      }
      if (values.remote) for (const one of yield* remoteBenchmarks) tell(one)
      if (values.startup) for (const startup of startups) tell(yield* startup)
      if (values.json) process.stdout.write(`${JSON.stringify({ device: backend.device.name, measured })}\n`)
    }).pipe(Effect.scoped)
})

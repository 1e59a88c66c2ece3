import * as Effect from "effect/Effect"
import { Backend } from "../../pjrt/backend/backend.ts"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, type FlagValues, flag, type outputFlags } from "../../pjrt/cli/flags.ts"
import { openDevice } from "../../pjrt/cli/main.ts"
import { sideBySide } from "../bench/side-by-side.ts"
import { benchmarks, type Measured, showMeasured } from "../benchmarks.ts"
import { makeCommand } from "../command.ts"
import { remoteBenchmarks } from "../remote-benchmarks.ts"
import { startups } from "../startup.ts"

const flags = {
  jax: flag.boolean("in place of the figures: the programs of scans beside JAX, which is installed for it"),
  rows: flag.string(undefined, "only the programs of scans whose name has this regular expression"),
  rounds: flag.int(30, "how many rounds of each program of scans are timed"),
  python: flag.string(undefined, "a Python that has JAX, in place of one in the cache folder"),
  startup: flag.boolean("also time whole processes of a clone: npm start, and an example"),
  remote: flag.boolean("also time transfers to a worker of this machine's CPU, and calls to it"),
  ...deviceFlags
}

type Values = FlagValues<typeof flags & typeof outputFlags>

const usage = `loopcarry bench: how fast calls, reads and tracing are on this machine and device

  loopcarry bench --jax           programs of scans, here and by JAX in turns
  loopcarry bench --rows RNN      some of them, without JAX`

const toStdout = (line: string): void => void process.stdout.write(`${line}\n`)

const toStderr = (line: string): void => void process.stderr.write(`${line}\n`)

const compare = (values: Values) =>
  Effect.gen(function* () {
    if (values.rounds < 1)
      return yield* new UsageError({
        message: `--rounds takes a whole number from 1, not ${values.rounds}`,
        hint: "see --help"
      })
    // What was compiled before would be no measure of compiling.
    const backend = yield* openDevice({ ...values, "no-cache": true })
    const comparison = yield* sideBySide({
      jax: values.jax,
      python: values.python,
      rows: values.rows,
      rounds: values.rounds,
      tell: values.json ? toStderr : toStdout,
      progress: toStderr
    }).pipe(Effect.provideService(Backend, backend))
    if (values.json) toStdout(JSON.stringify(comparison))
  })

const figures = (values: Values) =>
  Effect.gen(function* () {
    const backend = yield* openDevice(values)
    const measured: Array<Measured> = []
    const tell = (one: Measured) => {
      measured.push(one)
      if (!values.json) toStdout(showMeasured(one))
    }
    for (const benchmark of benchmarks) {
      tell(yield* Effect.provideService(Effect.scoped(benchmark), Backend, backend))
    }
    if (values.remote) for (const one of yield* remoteBenchmarks) tell(one)
    if (values.startup) for (const startup of startups) tell(yield* startup)
    if (values.json) toStdout(JSON.stringify({ device: backend.device.name, measured }))
  })

export const command = makeCommand({
  usage,
  flags,
  words: 0,
  run: (values) => Effect.scoped(values.jax || values.rows !== undefined ? compare(values) : figures(values))
})

/**
 * Checks a device from end to end and measures it, needing nothing but Node and this clone, built:
 *
 *     node --import tsx test/device/check.ts --device cuda [--output report.json]
 *
 * The fixtures of the language against JAX, the examples, programs of several devices as far as there are devices,
 * transfers, errors, the command as a process, then the benchmarks. Prints what it does; the exit status is 1 where
 * anything is wrong. `pack.mjs` beside it makes one file of all of this, for a machine without Node.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import cumulativeSum from "../../examples/cumulative-sum.ts"
import dataParallel from "../../examples/data-parallel.ts"
import gradientDescent from "../../examples/gradient-descent.ts"
import movingAverage from "../../examples/moving-average.ts"
import nestedScan from "../../examples/nested-scan.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, f32, jit, put, read } from "../../pjrt/loopcarry.ts"
import { benchmarks, showMeasured } from "../../scripts/benchmarks.ts"
import { cases, jitted } from "../support/language/cases.ts"
import { missesOf } from "../support/language/compare.ts"
import { commandChecks } from "./commands.ts"
import { type Check, numberChecks } from "./numbers.ts"

const { values: flags } = parseArgs({
  options: {
    device: { type: "string", default: "cuda" },
    output: { type: "string" },
    "virtual-devices": { type: "string" },
    "no-command": { type: "boolean", default: false },
    "no-bench": { type: "boolean", default: false }
  }
})

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Each function of the language, with its derivatives and its batch: what differs from JAX. */
const fixtures: ReadonlyArray<Check> = cases.map((one) => [
  one.name,
  Effect.gen(function* () {
    const { program, inputs } = jitted(one)
    const tree = yield* program(...inputs)
    const found = (yield* read(tree as never)) as unknown as ReadonlyArray<ReadonlyArray<unknown>>
    return one.kinds.flatMap((kind, i) =>
      one[kind]!.flatMap((want, k) =>
        missesOf(flags.device, one.name, found[i]![k], want).map((miss) => `${kind} ${k} ${miss}`)
      )
    )
  })
])

const examples: ReadonlyArray<Check> = [cumulativeSum, nestedScan, movingAverage, gradientDescent].map(
  (example) => [example.name, Effect.map(example.report, () => [])]
)

const several: Check = [
  dataParallel.name,
  Effect.gen(function* () {
    const { devices } = yield* Backend
    if (devices.length < dataParallel.devices) return []
    yield* dataParallel.report
    return []
  })
]

/** What comes back is what was sent, and what is wrong is said. */
const transfers: ReadonlyArray<Check> = [
  [
    "64 MB to the device and back",
    Effect.gen(function* () {
      const length = 1 << 24
      const data = Float32Array.from({ length }, (_, i) => i)
      const x = yield* put(f32(length), data)
      const y = yield* (yield* jit([f32(length)], (a) => add(a, 1))(x)).read
      const wrong = y.findIndex((value, i) => value !== Math.fround(i + 1))
      return wrong < 0 ? [] : [`element ${wrong} is ${y[wrong]}`]
    })
  ],
  [
    "memory is counted",
    Effect.gen(function* () {
      const { device, memory } = yield* Backend
      const { arrays, inUse, limit } = yield* memory(device)
      say(`  ${arrays.length} arrays, ${inUse} bytes in use of ${limit}`)
      return []
    })
  ],
  [
    "a program that is wrong is refused",
    Effect.gen(function* () {
      const { compile } = yield* Backend
      const exit = yield* Effect.exit(compile({ code: "module {" }))
      return Exit.isFailure(exit) ? [] : ["it was compiled"]
    })
  ]
]

const runChecks = <R>(title: string, checks: ReadonlyArray<Check<R>>) =>
  Effect.gen(function* () {
    const failed: Array<{ readonly name: string; readonly why: ReadonlyArray<string> }> = []
    const started = performance.now()
    for (const [name, check] of checks) {
      const exit = yield* Effect.exit(Effect.scoped(check))
      const why = Exit.isSuccess(exit) ? exit.value : [String(exit.cause).split("\n")[0]!]
      if (why.length === 0) continue
      failed.push({ name, why })
      say(`  ${name}: ${why.slice(0, 3).join("; ")}`)
    }
    const seconds = (performance.now() - started) / 1000
    say(`${title}: ${checks.length - failed.length} of ${checks.length} right, ${seconds.toFixed(1)} s`)
    return { title, checks: checks.length, failed, seconds }
  })

/** What the kernel says of an NVIDIA driver, if there is one. */
const driver = existsSync("/proc/driver/nvidia/version")
  ? readFileSync("/proc/driver/nvidia/version", "utf8").split("\n")[0]!
  : undefined

/** In processes of their own, each with the whole device: they run before this process takes it. */
const commands: ReadonlyArray<Check<never>> = commandChecks.map(([name, run]) => [
  name,
  Effect.promise(() => run(flags.device))
])

const inProcess = Effect.gen(function* () {
  const backend = yield* Backend
  const names = backend.devices.map(({ name, kind }) => `${name} (${kind})`).join(", ")
  say(`${names}; ${backend.version}; Node ${process.versions.node}`)
  const sections = [
    yield* runChecks("transfers and errors", transfers),
    yield* runChecks("numbers", numberChecks),
    yield* runChecks("examples", [...examples, several]),
    yield* runChecks("the language against JAX", fixtures)
  ]
  const measured = []
  if (!flags["no-bench"]) {
    for (const benchmark of benchmarks) {
      const one = yield* Effect.exit(Effect.scoped(benchmark))
      if (Exit.isFailure(one)) {
        say(`  a benchmark failed: ${String(one.cause).split("\n")[0]}`)
        continue
      }
      measured.push(one.value)
      say(showMeasured(one.value))
    }
  }
  return { devices: names, version: backend.version, driver, node: process.versions.node, sections, measured }
})

const count = flags["virtual-devices"]
const device = Device.layer(flags.device, { virtualDevices: count === undefined ? undefined : Number(count) })

const main = Effect.gen(function* () {
  const command = flags["no-command"] ? [] : [yield* runChecks("the command", commands)]
  const { sections, ...rest } = yield* Effect.scoped(Effect.provide(inProcess, device))
  const report = { ...rest, sections: [...command, ...sections] }
  if (flags.output !== undefined) writeFileSync(flags.output, `${JSON.stringify(report, null, 2)}\n`)
  if (report.sections.some(({ failed }) => failed.length > 0)) process.exitCode = 1
})

await Effect.runPromise(main)

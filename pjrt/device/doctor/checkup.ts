import * as Effect from "effect/Effect"
import { koffiFault } from "../../../native/koffi.ts"
import { pluginless } from "../../../native/plugins/find.ts"
import { type Finding, finding, type Probe, runLonger } from "../../platforms/findings.ts"
import { hintFor } from "../../platforms/hints.ts"
import { type DeviceRequest, parseDeviceName } from "../../platforms/names.ts"
import type { Platform } from "../../platforms/platform.ts"
import { defaultEntry, findInstalled, howToGet } from "../../platforms/plugins.ts"
import { type PlatformName, platforms } from "../../platforms/table.ts"
import { Child } from "../../served/child/process.ts"
import { hostFindings } from "./host.ts"

export interface CheckupOptions {
  /** The device to look at; all platforms where none is named. */
  readonly device?: string | undefined
  readonly plugin?: string | undefined
  /** How long one trial in a process of its own may take, in seconds. */
  readonly timeLimit: number
}

/** Tries something in a process of its own: a crash, a hang, an error is a finding. */
const tried = (
  platform: DeviceRequest["platform"],
  probe: Probe,
  seconds: number,
  slow: string
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.scoped(
    Effect.gen(function* () {
      const child = yield* Effect.acquireRelease(Effect.orDie(Child.start(platform)), (one) => one.close)
      const what = probe.step === "load" ? "loading the plugin" : "opening the device and running a program"
      return yield* child.call("probe", probe).pipe(
        Effect.map((findings) => findings.map((each) => ({ ...each, platform }))),
        Effect.timeoutOrElse({
          duration: `${seconds} seconds`,
          orElse: () => {
            child.kill()
            return Effect.succeed([
              finding(probe.step, "problem", `${what} takes longer than ${seconds} s`, slow, platform)
            ])
          }
        }),
        Effect.catch((error) =>
          Effect.succeed([
            finding(
              probe.step,
              "problem",
              `${what} fails: ${error.message}`,
              hintFor(platform, error.message) ?? error.hint,
              platform
            )
          ])
        )
      )
    })
  )

const howToInstall = (platform: PlatformName): string => {
  const entry = defaultEntry(platform)
  return entry === undefined ? howToGet(platform, "run") : `loopcarry plugins fetch ${entry.name}`
}

const checkPlatform = (
  { name: platform, doctor }: Platform<PlatformName>,
  asked: boolean,
  { device, plugin, timeLimit }: CheckupOptions
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const { isPresent, findings, slow } = yield* Effect.promise(doctor)
    const found = yield* findInstalled(platform, { plugin, purpose: "compile" }).pipe(
      Effect.catch((error) =>
        Effect.succeed({ problem: finding("plugin", "problem", error.message, error.hint, platform) })
      )
    )
    if (found !== undefined && "problem" in found) return [found.problem]
    const about = findings(found?.path)
    if (found === undefined) {
      return [
        ...about,
        finding("plugin", "absent", "no plugin is installed", howToInstall(platform), platform)
      ]
    }
    const source = finding("found", "ok", `${found.path} (${found.source})`, undefined, platform)
    const name = asked && device !== undefined ? device : platform
    const runs = asked || isPresent()
    return [
      ...about,
      source,
      ...(yield* checkPlugin(platform, found.path, runs ? name : undefined, timeLimit, slow))
    ]
  })

/** Whether a plugin loads, and whether its device runs a program, where one is named. */
const checkPlugin = (
  platform: DeviceRequest["platform"],
  plugin: string,
  device: string | undefined,
  timeLimit: number,
  slow: string
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const loaded = yield* tried(platform, { step: "load", plugin }, timeLimit, slow)
    if (device === undefined || loaded.some(({ verdict }) => verdict === "problem")) return loaded
    return [...loaded, ...(yield* tried(platform, { step: "run", device, plugin }, timeLimit, slow))]
  })

/** Looks at all that keeps devices from working. What a plugin might crash of is tried in processes of its own. */
export const checkup = (options: CheckupOptions): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const request = options.device === undefined ? undefined : parseDeviceName(options.device)
    const wanted = platforms.filter(({ name }) => request === undefined || request.platform === name)
    const findings: Array<Finding> = [...hostFindings()]
    if (request?.platform === "remote") {
      const { remoteFindings } = yield* Effect.promise(() => import("./remote.ts"))
      return [...findings, ...(yield* remoteFindings(options.device!))]
    }
    if (request?.platform === "reference")
      return [...findings, finding("interpreter", "ok", "it needs no plugin", undefined, "reference")]
    const fault = koffiFault()
    if (fault !== undefined)
      return [
        ...findings,
        finding(
          "koffi",
          "problem",
          `no plugin can be called here: ${fault}`,
          `without plugins there are ${pluginless}`
        )
      ]
    if (request?.platform === "plugin")
      return [
        ...findings,
        ...(yield* checkPlugin("plugin", request.path, options.device, options.timeLimit, runLonger))
      ]
    for (const platform of wanted) {
      const asked = request !== undefined
      const found = yield* checkPlatform(platform, asked, options)
      // What was asked for and is not there keeps it from working.
      findings.push(
        ...found.map((each) =>
          asked && each.verdict === "absent" ? { ...each, verdict: "problem" as const } : each
        )
      )
    }
    return findings
  })

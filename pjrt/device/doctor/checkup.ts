import * as Effect from "effect/Effect"
import { koffiFault } from "../../../native/koffi.ts"
import type { Platform } from "../../../native/plugins/catalog.ts"
import { findInstalled, pluginless } from "../../../native/plugins/find.ts"
import { type Finding, finding, type Probe } from "../../platforms/findings.ts"
import { hintFor } from "../../platforms/hints.ts"
import { type DeviceRequest, parseDeviceName } from "../../platforms/names.ts"
import { Child } from "../../served/child/process.ts"
import { cudaFindings, hasGpu } from "./cuda.ts"
import { hostFindings } from "./host.ts"
import { hasTpu, tpuFindings } from "./tpu.ts"

export interface CheckupOptions {
  /** The device to look at; all platforms where none is named. */
  readonly device?: string | undefined
  readonly plugin?: string | undefined
  /** How long one trial in a process of its own may take, in seconds. */
  readonly timeLimit: number
}

const platforms: ReadonlyArray<Platform> = ["cpu", "cuda", "tpu"]

/** Tries something in a process of its own: a crash, a hang, an error is a finding. */
const tried = (
  platform: DeviceRequest["platform"],
  probe: Probe,
  seconds: number
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
              finding(
                probe.step,
                "problem",
                `${what} takes longer than ${seconds} s`,
                platform === "tpu"
                  ? "off a TPU VM set TPU_SKIP_MDS_QUERY=1; on a slice of several hosts start the program on all of them"
                  : "run again with --time-limit SECONDS and --verbose",
                platform
              )
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

/** Whether the hardware is there, so that its device is worth opening. */
const hardware: Readonly<Record<Platform, () => boolean>> = { cpu: () => true, cuda: hasGpu, tpu: hasTpu }

const checkPlatform = (
  platform: Platform,
  asked: boolean,
  { device, plugin, timeLimit }: CheckupOptions
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const found = yield* findInstalled(platform, { plugin, purpose: "compile" }).pipe(
      Effect.catch((error) =>
        Effect.succeed({ problem: finding("plugin", "problem", error.message, error.hint, platform) })
      )
    )
    if (found !== undefined && "problem" in found) return [found.problem]
    const about = platform === "cuda" ? cudaFindings(found?.path) : platform === "tpu" ? tpuFindings() : []
    if (found === undefined) {
      return [
        ...about,
        finding(
          "plugin",
          "absent",
          "no plugin is installed",
          `loopcarry plugins fetch ${platform === "cuda" ? "cuda13" : platform}`,
          platform
        )
      ]
    }
    const source = finding("found", "ok", `${found.path} (${found.source})`, undefined, platform)
    const name = asked && device !== undefined ? device : platform
    const runs = asked || hardware[platform]()
    return [
      ...about,
      source,
      ...(yield* checkPlugin(platform, found.path, runs ? name : undefined, timeLimit))
    ]
  })

/** Whether a plugin loads, and whether its device runs a program, where one is named. */
const checkPlugin = (
  platform: DeviceRequest["platform"],
  plugin: string,
  device: string | undefined,
  timeLimit: number
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const loaded = yield* tried(platform, { step: "load", plugin }, timeLimit)
    if (device === undefined || loaded.some(({ verdict }) => verdict === "problem")) return loaded
    return [...loaded, ...(yield* tried(platform, { step: "run", device, plugin }, timeLimit))]
  })

/** Looks at all that keeps devices from working. What a plugin might crash of is tried in processes of its own. */
export const checkup = (options: CheckupOptions): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const request = options.device === undefined ? undefined : parseDeviceName(options.device)
    const wanted = platforms.filter((each) => request === undefined || request.platform === each)
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
      return [...findings, ...(yield* checkPlugin("plugin", request.path, options.device, options.timeLimit))]
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

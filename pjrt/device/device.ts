import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { controlsFault } from "../../dsl/passes/names.ts"
import { isObject, shown } from "../../dsl/required.ts"
import { PjrtApi } from "../../native/api.ts"
import { PluginCorrupt, PluginRejected } from "../../native/errors.ts"
import { koffiFault } from "../../native/koffi.ts"
import { thisMachine } from "../../native/plugins/catalog.ts"
import { pluginless } from "../../native/plugins/find.ts"
import { callRoom, memoryShortage, roomFor } from "../../native/room.ts"
import { Backend, type OpenScope } from "../backend/backend.ts"
import { counted } from "../backend/counted.ts"
import type { DeviceOptions } from "../backend/device-options.ts"
import { type DeviceError, DeviceRequestError, DeviceUnavailable } from "../backend/errors.ts"
import { makeWatch, type Overrun } from "../backend/watch.ts"
import { xlaFault, xlaHint } from "../backend/xla.ts"
import { hintFor, hintForAny } from "../platforms/hints.ts"
import { type DeviceRequest, deviceNames, parseDeviceName } from "../platforms/names.ts"
import type { ClientOptions, Platform } from "../platforms/platform.ts"
import { findPlugin, platformOfLibrary, pluginFacts, preparePluginEnvironment } from "../platforms/plugins.ts"
import { findPlatform, platformNamed } from "../platforms/table.ts"
import { pluginBackend } from "../plugin/backend.ts"
import { type Client, makeClient, type PjrtDevice } from "../plugin/client.ts"
import { profileTo } from "./profile.ts"

export type { DeviceOptions }

const unavailable = (device: string, message: string, hint: string): DeviceUnavailable =>
  new DeviceUnavailable({ device, message, hint })

const misuse = (device: string, message: string, hint: string): DeviceRequestError =>
  new DeviceRequestError({ device: typeof device === "string" ? device : shown(device), message, hint })

/** A plugin that the user names is split as the CPU is. */
const cpu = platformNamed("cpu")

const most = cpu.mostVirtual ?? 1

/** Options are per platform: a plugin refuses, or dies of, those it does not know. */
const clientOptions = (platform: Platform | undefined, { virtualDevices }: DeviceOptions): ClientOptions =>
  platform !== undefined
    ? platform.clientOptions(virtualDevices)
    : virtualDevices === undefined
      ? {}
      : cpu.clientOptions(virtualDevices)

const noRoom = (device: string, shortage: string): DeviceUnavailable =>
  unavailable(
    device,
    `${device} cannot be opened here: ${shortage}`,
    "raise the limit (ulimit -v unlimited, ulimit -d unlimited), or bound real memory in its place: systemd-run -p MemoryMax=, a container's limit"
  )

/** Fails where this process has too little room left for a plugin, which would end the process. */
const hasRoomFor = (file: string): Effect.Effect<void, DeviceUnavailable> =>
  Effect.suspend(() => {
    const shortage = memoryShortage(roomFor(file))
    return shortage === undefined ? Effect.void : Effect.fail(noRoom(`plugin:${file}`, shortage))
  })

/** Fails where this process can call no plugin: then what needs none is still to be had. */
export const callsPlugins = (device: string): Effect.Effect<void, DeviceUnavailable> =>
  Effect.suspend(() => {
    const shortage = memoryShortage({ space: callRoom, data: callRoom })
    if (shortage !== undefined) return Effect.fail(noRoom(device, shortage))
    const fault = koffiFault()
    if (fault === undefined) return Effect.void
    return Effect.fail(
      unavailable(
        device,
        `${device} needs a plugin, and none can be called here (${thisMachine()}): ${fault}`,
        `here are to be had: ${pluginless}`
      )
    )
  })

/** Loads a plugin's library into this process, for the rest of its life. */
export const loadPlugin = (
  file: string
): Effect.Effect<PjrtApi, PluginRejected | PluginCorrupt | DeviceUnavailable> =>
  Effect.andThen(
    Effect.andThen(callsPlugins(`plugin:${file}`), hasRoomFor(file)),
    Effect.try({
      try: () => {
        preparePluginEnvironment(file)
        return PjrtApi.load(file, pluginFacts(file))
      },
      catch: (thrown) => {
        if (thrown instanceof PluginCorrupt) return thrown
        const error = thrown as PluginRejected
        const hint = hintForAny(error.message)
        return hint === undefined ? error : new PluginRejected({ ...error, message: error.message, hint })
      }
    })
  )

const otherPlugin = "name a plugin of the right platform, or leave --plugin and LOOPCARRY_PLUGIN out"

/** What to do where a plugin's client does not open. A plugin of another platform refuses the options of this one. */
const unopenedHint = (platform: DeviceRequest["platform"], message: string): string =>
  /Unexpected option name passed to PJRT_Client_Create/.test(message)
    ? otherPlugin
    : (hintFor(platform, message) ?? findPlatform(platform)?.unopened ?? cpu.unopened)

const pick = (
  name: string,
  request: DeviceRequest,
  client: Client,
  options: DeviceOptions
): Effect.Effect<PjrtDevice, DeviceUnavailable> => {
  if (request.platform !== "plugin" && client.platform !== request.platform) {
    return Effect.fail(
      unavailable(
        name,
        `the plugin drives ${client.platform}, but ${request.platform} was asked for`,
        otherPlugin
      )
    )
  }
  const index = "index" in request ? request.index : 0
  const device = client.devices[index]
  if (device !== undefined) return Effect.succeed(device)
  const names = client.devices.map((each) => each.name).join(", ")
  return Effect.fail(
    unavailable(
      name,
      `there is no device ${name}: ${client.platform} has ${names === "" ? "no devices" : names}`,
      options.virtualDevices === undefined && index < (findPlatform(request.platform)?.mostVirtual ?? 0)
        ? `a CPU can be split: --virtual-devices ${index + 1}`
        : "see: loopcarry devices"
    )
  )
}

const locate = Effect.fnUntraced(function* (
  request: Exclude<DeviceRequest, { readonly platform: "reference" | "remote" }>,
  options: DeviceOptions
) {
  switch (request.platform) {
    case "plugin":
      return request.path
    default:
      return (yield* findPlugin(request.platform, options)).path
  }
})

/** PJRT cannot cancel: what took too long in this process goes on there. */
const inBackground: Overrun = {
  hint: "it goes on in the background and holds a thread, for a plugin cannot be stopped; with --isolate its process is ended",
  stop: Effect.void
}

/** Whether to see first in a process of its own if a device opens. */
const triedElsewhere = (request: DeviceRequest, plugin: string): boolean =>
  [findPlatform(request.platform), platformOfLibrary(plugin)].some((each) => each?.triedElsewhere())

const usesCache = ({ cache = true }: DeviceOptions): boolean => cache && !process.env.LOOPCARRY_NO_CACHE

/** Why these options do not go with a device, and what to do instead. */
const misfit = (
  { platform }: DeviceRequest,
  options: DeviceOptions
): readonly [message: string, hint: string] | undefined => {
  if (!isObject(options))
    return [`the device's options are ${shown(options)}, not a record`, "leave them out"]
  const { virtualDevices: count, isolate, profile, xla } = options
  const fault = xla && xlaFault(xla)
  if (fault !== undefined) return [fault, xlaHint]
  const passes = controlsFault(options)
  if (passes !== undefined) return passes
  if (platform === "remote") return undefined
  if (count !== undefined && (!Number.isInteger(count) || count < 1 || count > most))
    return [`${shown(count)} virtual devices cannot be made`, `give a number from 1 to ${most}`]
  const known = findPlatform(platform)
  if (count !== undefined && known !== undefined && known.mostVirtual === undefined)
    return [`${platform} devices are real`, "--virtual-devices is for cpu"]
  if (platform !== "reference") return undefined
  if (count !== undefined) return ["the reference device is one", "--virtual-devices is for cpu"]
  return isolate || profile !== undefined || xla !== undefined
    ? ["the reference device has no plugin, and no XLA", "leave --isolate, --profile and --xla out"]
    : undefined
}

const noDevice = (name: string): DeviceRequestError =>
  misuse(
    name,
    `${typeof name === "string" && name !== "" ? name : shown(name)} is no device name`,
    `device names are: ${deviceNames}`
  )

/** As `open`, of a device whose plugin has been found, in the process that is to hold it. */
export const openHere: (
  name: string,
  plugin: string,
  options: DeviceOptions
) => Effect.Effect<Backend["Service"], DeviceError, OpenScope> = Effect.fnUntraced(
  function* (name, plugin, options) {
    const request = parseDeviceName(name)
    if (request === undefined) return yield* noDevice(name)
    const api = yield* loadPlugin(plugin)
    const client = yield* makeClient(api, clientOptions(findPlatform(request.platform), options), {
      watch: makeWatch(options, inBackground),
      print: options.print,
      xla: options.xla
    }).pipe(
      Effect.mapError((error) =>
        unavailable(
          name,
          `${name} cannot be opened: ${error.message} (${error.code})`,
          unopenedHint(request.platform, error.message)
        )
      )
    )
    if (options.profile !== undefined) yield* profileTo(api, name, options.profile)
    const device = yield* pick(name, request, client, options)
    return pluginBackend(client, device, yield* Scope.Scope, usesCache(options))
  }
)

/** Opens a device whose plugin a process of its own holds. */
const inChild = Effect.fnUntraced(function* (name: string, plugin: string, options: DeviceOptions) {
  const { childBackend } = yield* Effect.promise(() => import("../served/child/backend.ts"))
  return yield* childBackend(name, plugin, options)
})

/** The backend of a device name that has been read. */
const openRequested: (
  name: string,
  request: DeviceRequest,
  options: DeviceOptions
) => Effect.Effect<Backend["Service"], DeviceError, OpenScope> = Effect.fnUntraced(
  function* (name, request, options) {
    if (request.platform === "remote") {
      const { remoteBackend } = yield* Effect.promise(() => import("../served/remote/client/backend.ts"))
      return yield* remoteBackend(name, request.address, options)
    }
    if (request.platform === "reference") {
      const { referenceBackend } = yield* Effect.promise(() => import("../reference/backend.ts"))
      return referenceBackend(options.print)
    }
    yield* callsPlugins(name)
    const plugin = yield* locate(request, options)
    if (options.isolate) return yield* inChild(name, plugin, options)
    if (triedElsewhere(request, plugin)) yield* Effect.scoped(inChild(name, plugin, options))
    return yield* openHere(name, plugin, options)
  }
)

/**
 * Opens a device by its name: `cpu`, `cpu:1`, `cuda`, `tpu`, `reference`, `plugin:<path>` or `remote://host:port`.
 * Never takes another device. Everything is given back when the scope closes. The effect fails with a `DeviceError`:
 * `DeviceRequestError` for a wrong name or option, `DeviceUnavailable` where the device is not there.
 *
 * @example
 * const backend = yield* Device.open("reference")
 * backend.device.name // "reference"
 */
export const open: (
  name: string,
  options?: DeviceOptions
) => Effect.Effect<Backend["Service"], DeviceError, OpenScope> = Effect.fnUntraced(function* (
  name,
  options = {}
) {
  const request = parseDeviceName(name)
  if (request === undefined) return yield* noDevice(name)
  const fault = misfit(request, options)
  if (fault !== undefined) return yield* misuse(name, ...fault)
  const backend = yield* openRequested(name, request, options)
  const { optimize, reassociate, strict } = options
  const put: typeof backend.put = (array, ...rest) => {
    counted.bytesUp += array.bytes.length
    return backend.put(array, ...rest)
  }
  return { ...backend, put, target: { ...backend.target, optimize, reassociate, strict } }
})

/**
 * Makes the layer that provides the `Backend` of a device name, open for as long as the layer. It fails as `open`,
 * with a `DeviceError`.
 *
 * @example
 * const double = jit([f32()], (x) => mul(x, 2))
 * const doubled = Effect.flatMap(double(21), (y) => y.read).pipe(Effect.scoped)
 * yield* Effect.provide(doubled, Device.layer("reference")) // 42
 */
export const layer = (name: string, options?: DeviceOptions): Layer.Layer<Backend, DeviceError> =>
  Layer.effect(Backend, open(name, options))

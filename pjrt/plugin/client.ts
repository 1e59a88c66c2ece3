import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Aval } from "../../dsl/shape.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import { type Address, textFrom } from "../../native/ffi.ts"
import { Args, readWords } from "../../native/struct.ts"
import { toStandardError } from "../array/printed.ts"
import type { DeviceInfo } from "../backend/backend.ts"
import type { Watch } from "../backend/watch.ts"
import type { Told, XlaOptions } from "../backend/xla.ts"
import type { ClientOptions, Traits } from "../platforms/platform.ts"
import { nameReported, traitsOf } from "../platforms/table.ts"
import { toldXla } from "../platforms/told.ts"
import { Handle } from "./handle.ts"
import { namedValues } from "./named-values.ts"
import { listenToPrograms } from "./print.ts"

/** One device of a client. */
export interface PjrtDevice extends DeviceInfo {
  readonly pointer: Address
}

export interface Client {
  readonly api: PjrtApi
  readonly handle: Handle
  /** What everything that may take long goes through. */
  readonly watch: Watch
  /** How many runs in flight wait for this thread now and then, because they print. */
  waiting: number
  /** The arrays on its devices that are neither released nor donated. */
  readonly live: Set<Aval & { readonly device: PjrtDevice }>
  /** `cpu`, `cuda`, `tpu`: its name in the table of platforms, or what the plugin says where it has none there. */
  readonly platform: string
  readonly platformVersion: string
  readonly traits: Traits
  readonly devices: ReadonlyArray<PjrtDevice>
  /** What its compiler is told. */
  readonly told: Told
}

/** What a client is made with, beside the plugin's own options. */
export interface ClientSettings {
  readonly watch: Watch
  /** Told what programs print; standard error where nobody is. */
  readonly print?: ((text: string) => void) | undefined
  readonly xla?: XlaOptions | undefined
}

/** What a device, here or only described, is called by its maker. */
export const kindOf = (api: PjrtApi, description: Address): string => {
  const kind = new Args("DeviceDescription_Kind").set("device_description", description)
  api.call(kind)
  return textFrom(kind.get("device_kind"), kind.get("device_kind_size"))
}

const describe = (api: PjrtApi, platform: string, pointer: Address): PjrtDevice => {
  const description = new Args("Device_GetDescription").set("device", pointer)
  api.call(description)
  const of = description.get("device_description")
  const id = new Args("DeviceDescription_Id").set("device_description", of)
  api.call(id)
  return {
    name: `${platform}:${id.getInt32("id")}`,
    platform,
    id: id.getInt32("id"),
    kind: kindOf(api, of),
    pointer
  }
}

const open = (
  api: PjrtApi,
  pointer: Address,
  { watch, print = toStandardError, xla }: ClientSettings
): Client => {
  const handle = new Handle(api, "Client_Destroy", pointer)
  const name = new Args("Client_PlatformName").set("client", pointer)
  api.call(name)
  const version = new Args("Client_PlatformVersion").set("client", pointer)
  api.call(version)
  const devices = new Args("Client_AddressableDevices").set("client", pointer)
  api.call(devices)
  const platform = nameReported(textFrom(name.get("platform_name"), name.get("platform_name_size")))
  const traits = traitsOf(platform)
  if (traits.hostMemory) listenToPrograms(api, print)
  return {
    api,
    handle,
    watch,
    waiting: 0,
    live: new Set(),
    platform,
    traits,
    platformVersion: textFrom(version.get("platform_version"), version.get("platform_version_size")),
    devices: readWords(devices.get("addressable_devices"), devices.get("num_addressable_devices")).map(
      (device) => describe(api, platform, device)
    ),
    told: toldXla(platform, api, xla)
  }
}

/**
 * Creates the plugin's client, on another thread since some platforms take their time. It is destroyed when the scope
 * has closed and the last buffer, executable and call in flight are gone.
 */
export const makeClient = (
  api: PjrtApi,
  options: ClientOptions,
  settings: ClientSettings
): Effect.Effect<Client, PjrtError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<Client, PjrtError>((resume) => {
      const values = namedValues(options)
      let abandoned = false
      const args = new Args("Client_Create").hold(values)
      if (values.count > 0) args.point("create_options", values.block).set("num_options", values.count)
      api.callAsync(args, (error) => {
        if (error !== undefined) return resume(Effect.fail(error))
        try {
          const client = open(api, args.get("client"), settings)
          if (abandoned) client.handle.close()
          else resume(Effect.succeed(client))
        } catch (thrown) {
          resume(Effect.fail(thrown as PjrtError))
        }
      })
      return Effect.sync(() => {
        abandoned = true
      })
    }),
    (client) => Effect.sync(() => client.handle.close()),
    { interruptible: true }
  )

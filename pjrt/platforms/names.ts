import { findPlatform, type PlatformName, platforms } from "./table.ts"

/** What a device name asks for. */
export type DeviceRequest =
  | { readonly platform: PlatformName; readonly index: number }
  | { readonly platform: "plugin"; readonly path: string }
  | { readonly platform: "reference" }
  | { readonly platform: "remote"; readonly address: string }

/** Names of devices that plugins of this machine drive. */
export const pluginDeviceNames = platforms.flatMap(({ examples }) => examples).join(", ")

export const deviceNames = `${pluginDeviceNames}, reference, plugin:<path>, remote://host:port/tpu:0`

/** Reads a device name of the public contract; undefined where it is none. */
export const parseDeviceName = (name: string): DeviceRequest | undefined => {
  if (typeof name !== "string") return undefined
  if (name.startsWith("plugin:") && name.length > "plugin:".length) {
    return { platform: "plugin", path: name.slice("plugin:".length) }
  }
  if (name.startsWith("remote://")) return { platform: "remote", address: name.slice("remote://".length) }
  if (name === "reference") return { platform: "reference" }
  const [, kind, index = "0"] = /^([a-z]+)(?::(\d+))?$/.exec(name) ?? []
  const platform = kind === undefined ? undefined : findPlatform(kind)
  return platform === undefined ? undefined : { platform: platform.name, index: Number(index) }
}

import type { Platform } from "../../native/plugins/catalog.ts"

/** What a device name asks for. */
export type DeviceRequest =
  | { readonly platform: Platform; readonly index: number }
  | { readonly platform: "plugin"; readonly path: string }
  | { readonly platform: "reference" }
  | { readonly platform: "remote"; readonly address: string }

export const deviceNames =
  "cpu, cpu:1, cuda, cuda:0, tpu, tpu:3, reference, plugin:<path>, remote://host:port/tpu:0"

/** Reads a device name of the public contract; undefined where it is none. */
export const parseDeviceName = (name: string): DeviceRequest | undefined => {
  if (typeof name !== "string") return undefined
  if (name.startsWith("plugin:") && name.length > "plugin:".length) {
    return { platform: "plugin", path: name.slice("plugin:".length) }
  }
  if (name.startsWith("remote://")) return { platform: "remote", address: name.slice("remote://".length) }
  if (name === "reference") return { platform: "reference" }
  const found = /^(cpu|cuda|tpu)(?::(\d+))?$/.exec(name)
  return found === null ? undefined : { platform: found[1] as Platform, index: Number(found[2] ?? 0) }
}

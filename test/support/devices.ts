import { readFileSync } from "node:fs"

interface Exported {
  /** What jax.export has serialized. */
  readonly file: Uint8Array
  readonly text: string
  /** What JAX gives for a f32[4,6] that counts from 0. */
  readonly outputs: ReadonlyArray<{
    readonly shape: ReadonlyArray<number>
    readonly data: ReadonlyArray<number>
  }>
}

/** A program as text, and in forms of bytecode. */
export type Forms = Readonly<Record<string, string | Uint8Array>>

const fixture = JSON.parse(readFileSync(new URL("../fixtures/devices.json", import.meta.url), "utf8"))

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"))

const forms = (name: string): Forms =>
  Object.fromEntries(
    Object.entries<string>(fixture[name]).map(([form, code]) => [form, form === "text" ? code : bytes(code)])
  )

const exported = (name: string): Exported => {
  const { file, ...rest } = fixture.exported[name]
  return { ...rest, file: bytes(file) }
}

/** The sum of a f32[4] over two replicas. */
export const replicas = forms("replicas")
/** The same in a module that does not say for how many. */
export const uncounted = forms("uncounted")
/** The sum of a f32[5,4] whose rows lie on two partitions. */
export const partitions = forms("partitions")
/** The same in a module that says so by its sharding alone. */
export const unattributed = forms("unattributed")
/** Two results that lie in parts, and one that the partitions work out by themselves. */
export const products = exported("products")
export const manual = exported("manual")

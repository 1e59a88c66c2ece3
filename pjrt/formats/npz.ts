import { zipParts } from "../../native/zip/writer.ts"
import type { HostArray } from "../backend/backend.ts"
import { npyParts } from "./npy.ts"

/** Named arrays as the parts of an `.npz` file: a zip archive of `.npy` members, stored as they are, not copied. */
export const npzParts = (
  arrays: ReadonlyArray<readonly [name: string, HostArray]>
): ReadonlyArray<Uint8Array> => zipParts(arrays.map(([name, array]) => [`${name}.npy`, npyParts(array)]))

/** Named arrays as an `.npz` file. */
export const writeNpz = (arrays: Readonly<Record<string, HostArray>>): Uint8Array =>
  Buffer.concat(npzParts(Object.entries(arrays)))

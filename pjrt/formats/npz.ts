import { zip } from "../../native/zip/writer.ts"
import type { HostArray } from "../backend/backend.ts"
import { writeNpy } from "./npy.ts"

/** Named arrays as an `.npz` file: a zip archive of `.npy` members, stored as they are. */
export const writeNpz = (arrays: Readonly<Record<string, HostArray>>): Uint8Array =>
  zip(Object.entries(arrays).map(([key, array]) => [`${key}.npy`, writeNpy(array)]))

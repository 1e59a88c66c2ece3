import path from "node:path"
import { list } from "../../../native/files.ts"

/** TPU chips are /dev/accel0, … up to v4, and PCI devices given to user space, /dev/vfio/0, …, from v5 on. */
export const tpuChips = (): ReadonlyArray<string> => {
  const chips = (folder: string, chip: RegExp) =>
    list(folder)
      .filter((name) => chip.test(name))
      .map((name) => path.join(folder, name))
  return [...chips("/dev", /^accel\d+$/), ...chips("/dev/vfio", /^\d+$/)]
}

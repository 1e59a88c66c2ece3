import * as Effect from "effect/Effect"
import { count as words } from "../../dsl/count.ts"
import type { DeviceInfo } from "../backend/backend.ts"
import { DeviceUnavailable } from "../backend/errors.ts"
import { findPlatform } from "./table.ts"

/** The device that is named and those after it, as many as a mesh has; `what` names the mesh where there are too few. */
export const devicesFrom = <D extends DeviceInfo>(
  devices: ReadonlyArray<D>,
  device: D,
  count: number,
  what: string
): Effect.Effect<ReadonlyArray<D>, DeviceUnavailable> => {
  const from = devices.findIndex(({ id }) => id === device.id)
  const found = devices.slice(from, from + count)
  const most = findPlatform(device.platform)?.mostVirtual
  if (found.length === count) return Effect.succeed(found)
  return Effect.fail(
    new DeviceUnavailable({
      device: device.name,
      message: `${what} needs ${words(count, "device")}, but from ${device.name} on there ${
        found.length === 1 ? "is 1" : `are ${found.length}`
      }`,
      hint:
        most !== undefined
          ? from + count <= most
            ? `a CPU can be split: --virtual-devices ${from + count}`
            : `a CPU is split into ${most} devices at most: write the program for fewer`
          : "use a smaller mesh, or a machine with more devices; see: loopcarry devices"
    })
  )
}

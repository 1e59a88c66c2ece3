import { count } from "../../dsl/count.ts"
import { type Aval, sameAval, show } from "../../dsl/shape.ts"
import type { DeviceBuffer } from "../backend/backend.ts"
import { ArgumentError, type ExecuteError } from "../backend/errors.ts"
import { foreignBuffer } from "../backend/own-device.ts"
import { donatedOf } from "../backend/partition.ts"
import { PluginBuffer } from "./buffer.ts"
import type { PjrtDevice } from "./client.ts"

/** What the arguments of a run must be. */
export interface Taken {
  readonly devices: ReadonlyArray<PjrtDevice>
  readonly inputs: ReadonlyArray<Aval> | undefined
  readonly donated: ReadonlyArray<number>
}

/** Memory that a program takes over may belong to nobody else: no array that is read in place, no other parameter. */
const donationFault = (
  { devices, donated }: Pick<Taken, "devices" | "donated">,
  args: ReadonlyArray<PluginBuffer>
): ArgumentError | undefined => {
  if (donated.length === 0) return undefined
  for (const one of donatedOf(args, donated, devices.length)) {
    const i = args.indexOf(one)
    const why = one.viewed
      ? "an array read in place with view still shows its memory"
      : args.lastIndexOf(one) !== i
        ? "it is given twice"
        : undefined
    if (why !== undefined) {
      return new ArgumentError({
        path: `args[${i}]`,
        message: `args[${i}] is to be donated, but ${why}`,
        hint: "donate an array that nothing else uses; a copy can be put or copied"
      })
    }
  }
  return undefined
}

/** Why a program cannot run on these, or undefined where it can. */
export const argumentFault = (
  { devices, inputs, donated }: Taken,
  args: ReadonlyArray<DeviceBuffer>
): ExecuteError | undefined => {
  const perDevice = inputs?.length ?? args.length / devices.length
  if (args.length !== perDevice * devices.length || !Number.isInteger(perDevice)) {
    const each = devices.length === 1 ? "" : ` for each of ${devices.length} devices`
    return new ArgumentError({
      path: "args",
      message: `the program takes ${count(Math.ceil(perDevice), "array")}${each}, not ${args.length}`,
      hint: "give one array for each parameter of @main"
    })
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    const device = devices[perDevice === 0 ? 0 : Math.floor(i / perDevice)]!
    if (!(arg instanceof PluginBuffer) || arg.device.pointer !== device.pointer) {
      return foreignBuffer(`args[${i}]`, arg, device.name)
    }
    const gone = arg.gone
    if (gone !== undefined) return gone
    const wanted = inputs?.[i % perDevice]
    if (wanted !== undefined && !sameAval(wanted, arg)) {
      return new ArgumentError({
        path: `args[${i}]`,
        message: `args[${i}] is ${show(arg)}, but the program takes ${show(wanted)} there`,
        hint: "convert or reshape the argument; PJRT itself would read its bytes as they are"
      })
    }
  }
  return donationFault({ devices, donated }, args as ReadonlyArray<PluginBuffer>)
}

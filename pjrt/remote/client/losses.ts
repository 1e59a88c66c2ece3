import { type DeviceLost, DeviceUnavailable, OutcomeUnknown } from "../../errors.ts"

/** A run was under way when its session was lost. */
export const unknownOutcome = (address: string, { message }: DeviceLost): OutcomeUnknown =>
  new OutcomeUnknown({
    device: `remote://${address}`,
    message: `whether the program has run is not known, and its results are gone: ${message}`,
    hint: "run it again, if running it twice does no harm"
  })

/** What a worker does for nobody. */
export const notRemote = (address: string, message: string): DeviceUnavailable =>
  new DeviceUnavailable({
    device: `remote://${address}`,
    message,
    hint: "send the program itself, or load it on a device of this machine"
  })

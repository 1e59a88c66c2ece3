import { count } from "../../../../dsl/count.ts"
import { type DeviceLost, DeviceUnavailable, OutcomeUnknown, RemoteError } from "../../../backend/errors.ts"

/** A run was under way when its session was lost. */
export const unknownOutcome = (address: string, { message }: DeviceLost): OutcomeUnknown =>
  new OutcomeUnknown({
    device: `remote://${address}`,
    message: `whether the program has run is not known, and its results are gone: ${message}`,
    hint: "run it again, if running it twice does no harm"
  })

/** A program that the worker would not even read. */
export const tooLong = (address: string, bytes: number, limit: number): RemoteError =>
  new RemoteError({
    address,
    reason: "limit",
    message: `the program has ${count(bytes, "byte")}, and the worker reads messages of ${limit}`,
    hint: "give large constants as arguments, or the worker a higher limit: --limit programBytes=N"
  })

/** What a worker does for nobody. */
export const notRemote = (address: string, message: string): DeviceUnavailable =>
  new DeviceUnavailable({
    device: `remote://${address}`,
    message,
    hint: "send the program itself, or load it on a device of this machine"
  })

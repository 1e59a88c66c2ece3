import { RemoteError } from "../../errors.ts"

export const protocolFault = (message: string): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "protocol",
    message,
    hint: "use the same version of loopcarry on both sides"
  })

export const denied = new RemoteError({
  address: "worker",
  reason: "denied",
  message: "the worker does not let this client in: its token is missing or wrong",
  hint: "give the worker's token in LOOPCARRY_TOKEN_FILE or LOOPCARRY_TOKEN"
})

export const noSession = (before: string | undefined): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "protocol",
    message: before ?? "it was silent for too long, or the worker was started anew",
    hint: "open the device again"
  })

export const draining = new RemoteError({
  address: "worker",
  reason: "limit",
  message: "the worker is ending and takes no new sessions",
  hint: "use another worker, or try again when it has been started anew"
})

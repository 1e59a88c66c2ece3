import { RemoteError, RunError } from "../../backend/errors.ts"

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

export const begunAlready = new RemoteError({
  address: "worker",
  reason: "limit",
  message: "the worker serves one session only, and that has begun already",
  hint: "use another worker, or wait until this one has been started anew"
})

/** A session names something that does not exist. Either the client is wrong, or the worker restarted. */
export const unknown = (what: string): RunError =>
  new RunError({
    code: "NOT_FOUND",
    call: "none",
    message: `${what} is not known to the worker`,
    hint: "this is a fault of loopcarry's, or of another client that uses this session; please report it"
  })

import { DeviceUnavailable } from "../../backend/errors.ts"
import { isLoopback } from "../../served/remote/address.ts"
import { pemFault } from "../../served/remote/pem.ts"
import { tokenFault } from "../../served/remote/token.ts"
import { limitsFault } from "./limits.ts"
import type { WorkerOptions } from "./options.ts"

/** Why a worker may not listen at this address with these credentials, or undefined. */
export const exposedFault = ({
  host,
  tls,
  token,
  limits
}: Pick<WorkerOptions, "host" | "tls" | "token" | "limits">): DeviceUnavailable | undefined => {
  const unkept = limitsFault(limits)
  if (unkept !== undefined) {
    return new DeviceUnavailable({ device: host, message: unkept, hint: "see: loopcarry serve --help" })
  }
  const unsent = token === undefined ? undefined : tokenFault(token)
  if (unsent !== undefined) {
    return new DeviceUnavailable({
      device: host,
      message: `the worker's ${unsent}`,
      hint: "make one with: loopcarry serve --generate-certificate"
    })
  }
  const names = { ca: "the clients' authority", cert: "the worker's certificate", key: "its key" }
  const message = tls && pemFault({ ca: tls.clientCa, cert: tls.cert, key: tls.key }, names)
  if (message !== undefined) {
    return new DeviceUnavailable({
      device: host,
      message,
      hint: "make them with: loopcarry serve --generate-certificate"
    })
  }
  const what =
    isLoopback(host) || (tls !== undefined && (token !== undefined || tls.clientCa !== undefined))
      ? undefined
      : tls === undefined
        ? "TLS"
        : "a token, or the authority of its clients' certificates"
  if (what === undefined) return undefined
  return new DeviceUnavailable({
    device: host,
    message: `to listen on ${host}, which others reach, a worker needs ${what}`,
    hint: "see loopcarry serve --help for --tls-cert, --tls-key and --token-file; or listen on 127.0.0.1 behind an SSH tunnel"
  })
}

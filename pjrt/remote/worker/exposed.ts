import { DeviceUnavailable } from "../../errors.ts"
import { isLoopback } from "../client/address.ts"
import type { WorkerOptions } from "./worker.ts"

/** Why a worker may not listen where it is told to, or undefined. */
export const exposedFault = ({
  host,
  tls,
  token
}: Pick<WorkerOptions, "host" | "tls" | "token">): DeviceUnavailable | undefined => {
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

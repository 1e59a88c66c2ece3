/** Where a worker listens where nobody says. */
export const defaultPort = 7471

/** A worker, and which of its devices. */
export interface Address {
  readonly host: string
  readonly port: number
  /** `cpu:0`; the worker's own choice where it is undefined. */
  readonly device: string | undefined
  /** `host:port` */
  readonly name: string
}

const loopback = /^(localhost|127(\.\d+){3}|::1)$/

/** Whether an address never leaves this machine. */
export const isLoopback = (host: string): boolean => loopback.test(host)

/** `host:port`, with brackets around an IPv6 address. */
export const hostPort = (host: string, port: number): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

/** Reads `host[:port][/device]`, as it stands after `remote://`; undefined where it is none. */
export const parseAddress = (text: string): Address | undefined => {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?(?:\/([a-z]+(?::\d+)?))?$/.exec(
    text
  )
  if (found === null) return undefined
  const host = (found[1] ?? found[2])!
  const port = found[3] === undefined ? defaultPort : Number(found[3])
  if (port < 1 || port > 65535) return undefined
  const device = found[4] === undefined || found[4].includes(":") ? found[4] : `${found[4]}:0`
  return { host, port, device, name: hostPort(host, port) }
}

import * as Effect from "effect/Effect"
import { readNamed } from "../../../../native/files.ts"
import { secretFault } from "../../../../native/secrets.ts"
import { DeviceUnavailable } from "../../../backend/errors.ts"
import { warn } from "../../../backend/warning.ts"
import { pemFault } from "../pem.ts"
import { tokenFault } from "../token.ts"

/** What lets a client in, and lets it know the worker. */
export interface Credentials {
  readonly token: string | undefined
  /** The authorities that sign the worker's certificate; the system's where it is undefined. */
  readonly ca: Buffer | undefined
  /** The client's own certificate and key, where the worker asks for one. */
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
}

const file = (device: string, variable: string): Effect.Effect<Buffer | undefined, DeviceUnavailable> =>
  Effect.try({
    try: () => {
      const name = process.env[variable]
      return name ? readNamed(name) : undefined
    },
    catch: (error) =>
      new DeviceUnavailable({
        device,
        message: `${variable} names a file that cannot be read: ${(error as Error).message}`,
        hint: `give ${variable} the path of a file that you may read, or leave it out`
      })
  })

/** As `file`, where others must not read it. */
const secret = (device: string, variable: string): Effect.Effect<Buffer | undefined, DeviceUnavailable> =>
  Effect.tap(file(device, variable), (content) => {
    const fault = content === undefined ? undefined : secretFault(process.env[variable]!)
    if (fault === undefined) return Effect.void
    const message = `${variable}: ${fault.message}`
    if (fault.verdict === "refused")
      return Effect.fail(new DeviceUnavailable({ device, message, hint: fault.hint }))
    return Effect.sync(() => warn(message))
  })

/** From the environment: `LOOPCARRY_TOKEN_FILE` or `LOOPCARRY_TOKEN`, `LOOPCARRY_CA`, `LOOPCARRY_CERT` and `LOOPCARRY_KEY`. */
export const credentialsOf = (device: string): Effect.Effect<Credentials, DeviceUnavailable> =>
  Effect.gen(function* () {
    const token = yield* secret(device, "LOOPCARRY_TOKEN_FILE")
    const ca = yield* file(device, "LOOPCARRY_CA")
    const cert = yield* file(device, "LOOPCARRY_CERT")
    const key = yield* secret(device, "LOOPCARRY_KEY")
    const names = { ca: "LOOPCARRY_CA", cert: "LOOPCARRY_CERT", key: "LOOPCARRY_KEY" }
    const message = pemFault({ ca, cert, key }, names)
    if (message !== undefined) {
      return yield* new DeviceUnavailable({
        device,
        message,
        hint: "give the paths of PEM files, such as loopcarry serve --generate-certificate makes"
      })
    }
    const given = token?.toString("utf8").trim() ?? (process.env.LOOPCARRY_TOKEN?.trim() || undefined)
    const unsent = given === undefined ? undefined : tokenFault(given)
    if (unsent !== undefined) {
      return yield* new DeviceUnavailable({
        device,
        message: `the ${unsent}`,
        hint: "give the worker's token in LOOPCARRY_TOKEN_FILE or LOOPCARRY_TOKEN"
      })
    }
    return {
      token: given,
      ca,
      cert,
      key
    }
  })

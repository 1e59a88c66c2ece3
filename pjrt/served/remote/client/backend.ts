import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Backend, DeviceInfo } from "../../../backend/backend.ts"
import type { DeviceOptions } from "../../../backend/device-options.ts"
import { type DeviceError, DeviceRequestError, RemoteError } from "../../../backend/errors.ts"
import { packageVersion } from "../../../backend/version.ts"
import { servedBackend } from "../../backend.ts"
import { type Address, parseAddress } from "../address.ts"
import { protocols, receivedIdentity } from "../domain.ts"
import { messageType, paths } from "../http2.ts"
import { encode } from "../wire/encode.ts"
import { answerOf } from "./answers.ts"
import { Connection, Disconnected } from "./connection.ts"
import { type Credentials, credentialsOf } from "./credentials.ts"
import { RemoteLink } from "./link.ts"
import { RemoteSession } from "./session.ts"

const headersOf = ({ token }: Credentials): Readonly<Record<string, string>> => ({
  "content-type": messageType,
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
})

/** Opens a session on a worker. */
const open = (address: Address, credentials: Credentials, options: DeviceOptions) =>
  Effect.gen(function* () {
    const connection = new Connection(address, credentials)
    const headers = headersOf(credentials)
    const hello = encode("Request", {
      call: 0,
      settled: 0,
      released: [],
      got: [],
      ask: {
        type: "Hello",
        protocolMin: protocols.oldest,
        protocolMax: protocols.newest,
        product: packageVersion(),
        device: address.device
      }
    })
    const lost = new RemoteError({
      address: address.name,
      reason: "unreachable",
      message: `the worker at ${address.name} closed the connection before it answered`,
      hint: "check that a loopcarry worker listens there"
    })
    const answer = yield* connection.request({ path: paths.session, headers, parts: [hello] }).pipe(
      Effect.mapError((error) => (error instanceof Disconnected ? lost : error)),
      Effect.flatMap((reply) => answerOf(address.name, reply)),
      Effect.onError(() => Effect.sync(() => connection.close()))
    )
    if (answer.type !== "Welcome") return yield* lost
    const far = (device: DeviceInfo): DeviceInfo => ({
      ...device,
      name: `remote://${address.name}/${device.name}`
    })
    const devices = answer.devices.map(far)
    const device = devices.find(({ id }) => id === answer.device) ?? devices[0]!
    const session = new RemoteSession(connection, new Connection(address, credentials), headers, answer)
    return {
      link: new RemoteLink(session, receivedIdentity(answer.identity), devices, options),
      opened: { device, devices, version: answer.identity.version }
    }
  })

/** How long a worker that was there may take to be there again, in seconds, and when it is looked for, in milliseconds. */
const backWithin = 20
const lookEvery = 200

/** A worker that has ended is started anew by its supervisor. */
const whenBack = <A, E>(opening: Effect.Effect<A, E>, seconds: number): Effect.Effect<A, E> => {
  const until = performance.now() + 1000 * seconds
  const again: Effect.Effect<A, E> = Effect.catch(opening, (error) =>
    error instanceof RemoteError && error.reason === "unreachable" && performance.now() < until
      ? Effect.andThen(Effect.sleep(lookEvery), again)
      : Effect.fail(error)
  )
  return again
}

/** What only a device of this machine has. */
const localOnly = (name: string, options: DeviceOptions): DeviceRequestError | undefined => {
  const flags = {
    plugin: "--plugin",
    virtualDevices: "--virtual-devices",
    isolate: "--isolate",
    profile: "--profile",
    xla: "--xla"
  }
  for (const [option, flag] of Object.entries(flags)) {
    if (!options[option as keyof DeviceOptions]) continue
    return new DeviceRequestError({
      device: name,
      message: `${flag} is for a device of this machine`,
      hint: `leave it out, or give it to loopcarry serve where the device is`
    })
  }
  return undefined
}

/**
 * The backend of a worker's device. Programs are sent once, arrays stay there, and only what is read comes back. A
 * connection that is lost is made again; what the worker does meanwhile, it does once.
 */
export const remoteBackend = (
  name: string,
  address: string,
  options: DeviceOptions
): Effect.Effect<Backend["Service"], DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const parsed = parseAddress(address)
    if (parsed === undefined) {
      return yield* new DeviceRequestError({
        device: name,
        message: `${name} is no address of a worker`,
        hint: "it is remote://host[:port][/device], such as remote://10.0.0.5:7471/tpu:0"
      })
    }
    const fault = localOnly(name, options)
    if (fault !== undefined) return yield* fault
    const credentials = yield* credentialsOf(name)
    const opening = open(parsed, credentials, options)
    let known = false
    const start = Effect.suspend(() => (known ? whenBack(opening, options.patience ?? backWithin) : opening))
    return yield* servedBackend(
      Effect.tap(start, () =>
        Effect.sync(() => {
          known = true
        })
      )
    )
  })

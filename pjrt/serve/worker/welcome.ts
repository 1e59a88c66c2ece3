import type * as Tracer from "effect/Tracer"
import type { Identity } from "../../backend/backend.ts"
import { RemoteError } from "../../backend/errors.ts"
import { protocols, sentIdentity } from "../../served/remote/domain.ts"
import type { Answer, Hello } from "../../served/remote/wire/wire.gen.ts"
import type { Shared } from "./answers.ts"
import { protocolFault } from "./faults.ts"
import { Session } from "./session.ts"
import type { Sessions } from "./sessions.ts"

/** What a worker is to its clients. */
export interface WorkerContext extends Shared {
  readonly product: string
  readonly identity: Identity
  readonly sessions: Sessions
  /** Bytes that a message may have. */
  readonly messageLimit: number
  /** Receives each call as a span, where tracing is on. */
  readonly tracer: Tracer.Tracer | undefined
}

/** Begins a session, where the client's protocol is supported and the device is here. */
export const welcome = (
  context: WorkerContext,
  hello: Hello,
  address: string
): (Answer & { type: "Welcome" }) | RemoteError => {
  const { sessions, product, limits, backend, identity, messageLimit } = context
  const protocol = Math.min(hello.protocolMax, protocols.newest)
  if (protocol < Math.max(hello.protocolMin, protocols.oldest)) {
    return protocolFault(
      `the client (${hello.product}) speaks protocols ${hello.protocolMin} to ${hello.protocolMax}, the worker (${product}) ${protocols.oldest} to ${protocols.newest}`
    )
  }
  const device =
    hello.device === undefined ? backend.device : backend.devices.find(({ name }) => name === hello.device)
  if (device === undefined) {
    return new RemoteError({
      address: "worker",
      reason: "denied",
      message: `the worker has no device ${hello.device}: it has ${backend.devices.map(({ name }) => name).join(", ")}`,
      hint: "name one of these after the address, or none"
    })
  }
  const resting = context.suspicion.resting(address)
  if (resting !== undefined) return resting
  const session = sessions.open(hello.product, address)
  if (!(session instanceof Session)) return session as RemoteError
  return {
    type: "Welcome",
    protocol,
    product,
    session: session.id,
    lease: limits.leaseSeconds * 1000,
    identity: sentIdentity(identity),
    device: device.id,
    devices: backend.devices.map(({ id, name, platform, kind }) => ({ id, name, platform, kind })),
    messageLimit,
    inFlight: limits.inFlight
  }
}

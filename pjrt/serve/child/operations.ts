import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { bytesOf } from "../../../dsl/shape.ts"
import { addressOf, copyFrom, copyTo } from "../../../native/ffi.ts"
import { HostMemory } from "../../../native/memory.ts"
import type { Backend, Borrowed, DeviceBuffer, DeviceInfo, Executable } from "../../backend/backend.ts"
import { OutOfMemory, RunError } from "../../backend/errors.ts"
import { showBytes } from "../../backend/size.ts"
import * as Device from "../../device/device.ts"
import { probe } from "../../device/doctor/probe.ts"
import { compileWith } from "../../device/targets/compile.ts"
import { PluginBuffer } from "../../plugin/buffer.ts"
import {
  type Base64,
  eagerBytes,
  fromBase64,
  inlineBytes,
  type Operation,
  type Operations,
  receivedSource,
  toBase64
} from "../../served/child/protocol.ts"
import type { Made } from "../../served/link.ts"

/** An Exit is the answer itself; where that must be waited for, an Effect. */
type Answer<A> = Effect.Effect<A, unknown>

type Handlers = {
  readonly [O in Operation]: (ask: Operations[O]["ask"]) => Answer<Operations[O]["answer"]>
}

const unknown = (what: string): RunError =>
  new RunError({
    code: "NOT_FOUND",
    call: "none",
    message: `${what} is not known to the process that holds the plugin`,
    hint: "this is a fault of loopcarry's; please report it"
  })

const noMemory = (bytes: number): OutOfMemory =>
  new OutOfMemory({
    message: `the process that holds the plugin has no memory for an upload of ${showBytes(bytes)}`,
    held: "",
    hint: "use smaller arrays, or release results that are no longer needed (end their scope)"
  })

/** A copy, which is there for as long as it is held. */
const copied = (bytes: Uint8Array<ArrayBuffer>): Borrowed & { readonly bytes: Uint8Array } => ({
  address: addressOf(bytes),
  bytes,
  giveBack: () => {}
})

/** Without what has no meaning elsewhere. */
const plain = ({ name, platform, id, kind }: DeviceInfo): DeviceInfo => ({ name, platform, id, kind })

/** Small results that are ready, to go with the answer of their run. */
const eagerly = (results: ReadonlyArray<DeviceBuffer>): ReadonlyArray<Base64> | null => {
  let total = 0
  for (const result of results) total += bytesOf(result)
  if (total > eagerBytes) return null
  const all: Array<Base64> = []
  for (const result of results) {
    const bytes = result.bytesNow?.()
    if (bytes === undefined) return null
    all.push(toBase64(bytes))
  }
  return all
}

/** What the process that holds a plugin does when it is asked: a backend whose objects are named by numbers. */
export const operations = (print: (text: string) => void) => {
  const scope = Scope.makeUnsafe()
  let backend: Backend["Service"] | undefined
  /** An array, or why it could not be made. */
  const buffers = new Map<number, Exit.Exit<DeviceBuffer, unknown>>()
  const executables = new Map<number, Executable>()
  /** Where the parent writes arrays that are to be put. */
  const reserved = new Map<number, HostMemory>()
  const pinned = new Map<number, Borrowed>()
  let pins = 0

  const opened = Effect.suspend(() =>
    backend === undefined ? Effect.fail(unknown("the device")) : Effect.succeed(backend)
  )
  const bufferOf = (id: number): Exit.Exit<DeviceBuffer, unknown> =>
    buffers.get(id) ?? Exit.fail(unknown(`array ${id}`))
  const executableOf = (id: number): Exit.Exit<Executable, RunError> => {
    const found = executables.get(id)
    return found === undefined ? Exit.fail(unknown(`executable ${id}`)) : Exit.succeed(found)
  }
  /** The other side has seen that there is such a device. */
  const deviceOf = (from: Backend["Service"], id: number): DeviceInfo =>
    from.devices.find((each) => each.id === id)!
  const keep = (id: number, made: Effect.Effect<DeviceBuffer, unknown>): Answer<null> =>
    Effect.flatMap(Effect.exit(made), (exit) => {
      buffers.set(id, exit)
      return Exit.isSuccess(exit) ? Exit.succeed(null) : Exit.failCause(exit.cause)
    })
  const made = (id: number, executable: Executable): Made => {
    executables.set(id, executable)
    const { inputs, outputs, devices } = executable
    return { inputs, outputs, devices: devices.map(plain) }
  }

  const handlers: Handlers = {
    open: ({ name, plugin, options }) =>
      Effect.map(Scope.provide(Device.openHere(name, plugin, { ...options, print }), scope), (device) => {
        backend = device
        return { device: plain(device.device), devices: device.devices.map(plain), version: device.version }
      }),
    identity: () => Effect.flatMap(opened, (on) => on.identity),
    compile: ({ id, source }) =>
      Effect.flatMap(opened, (on) => Effect.map(on.compile(receivedSource(source)), (one) => made(id, one))),
    load: ({ id, serialized, source }) =>
      Effect.flatMap(opened, (on) =>
        Effect.map(on.load(fromBase64(serialized), source), (one) => made(id, one))
      ),
    analysis: ({ executable }) => Effect.flatMap(executableOf(executable), (one) => one.analysis),
    tilings: ({ executable }) => Effect.flatMap(executableOf(executable), (one) => one.tilings),
    serialized: ({ executable }) =>
      Effect.map(
        Effect.flatMap(executableOf(executable), (one) => one.serialized),
        toBase64
      ),
    reserve: ({ id, bytes }) =>
      Effect.suspend(() => {
        const memory = HostMemory.allocate(bytes)
        if (memory === undefined) return Effect.fail(noMemory(bytes))
        reserved.set(id, memory)
        return Effect.succeed(memory.address)
      }),
    fill: ({ id, at, bytes }) =>
      Effect.suspend(() => {
        const memory = reserved.get(id)
        if (memory === undefined) return Effect.fail(unknown("the memory of an upload"))
        copyTo(memory.address + at, fromBase64(bytes))
        return Effect.succeed(null)
      }),
    unreserve: ({ id }) =>
      Effect.sync(() => {
        reserved.get(id)?.free()
        reserved.delete(id)
        return null
      }),
    put: ({ id, aval, bytes: sent, device }) =>
      Effect.flatMap(opened, (on) => {
        const memory = typeof sent === "string" ? undefined : reserved.get(sent.reserved)
        if (typeof sent !== "string") reserved.delete(sent.reserved)
        const bytes = typeof sent === "string" ? fromBase64(sent) : memory?.bytes
        if (bytes === undefined) return Effect.fail(unknown("the memory of an upload"))
        const array = { ...aval, bytes, ...(memory === undefined ? {} : { memory }) }
        return keep(id, on.put(array, scope, deviceOf(on, device)))
      }),
    run: ({ executable, args, first }) => {
      const inputs: Array<DeviceBuffer> = []
      for (const id of args) {
        const found = bufferOf(id)
        if (Exit.isFailure(found)) return Exit.failCause(found.cause)
        inputs.push(found.value)
      }
      return Effect.flatMap(executableOf(executable), (one) =>
        Effect.map(one.run(inputs, scope), (results) => {
          results.forEach((result, i) => {
            buffers.set(first + i, Exit.succeed(result))
          })
          return eagerly(results)
        })
      )
    },
    read: ({ id }) =>
      Effect.gen(function* () {
        const buffer = yield* bufferOf(id)
        if (bytesOf(buffer) <= inlineBytes) return toBase64(yield* buffer.bytes)
        const lent = buffer instanceof PluginBuffer ? yield* buffer.borrow : undefined
        const held = lent ?? copied(yield* buffer.bytes)
        pinned.set(++pins, held)
        return { address: held.address, pin: pins }
      }),
    part: ({ pin, at, bytes }) =>
      Effect.suspend(() => {
        const held = pinned.get(pin)
        if (held === undefined) return Effect.fail(unknown("the memory of a read"))
        return Effect.succeed(toBase64(copyFrom(held.address + at, bytes)))
      }),
    unpin: ({ pin }) =>
      Effect.sync(() => {
        pinned.get(pin)?.giveBack()
        pinned.delete(pin)
        return null
      }),
    copy: ({ id, from, device }) =>
      Effect.gen(function* () {
        const on = yield* opened
        return yield* keep(id, on.copy(yield* bufferOf(from), deviceOf(on, device), scope))
      }),
    release: ({ id }) => {
      const known = buffers.get(id)
      buffers.delete(id)
      if (known !== undefined && Exit.isSuccess(known)) known.value.release()
      return Exit.succeed(null)
    },
    memory: ({ device }) => Effect.flatMap(opened, (on) => on.memory(deviceOf(on, device))),
    compileFor: ({ target, source, plugin, xla }) =>
      Effect.map(compileWith(plugin, target, receivedSource(source), xla), (done) => ({
        ...done,
        serialized: toBase64(done.serialized)
      })),
    close: () => Effect.as(Scope.close(scope, Exit.void), null),
    probe
  }

  return <O extends Operation>(op: O, ask: Operations[O]["ask"]) => handlers[op](ask)
}

import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../../dsl/shape.ts"
import { readProcess, writeProcess } from "../../native/process-memory.ts"
import { Backend, type Buffer, type DeviceInfo, type Executable } from "../Backend.ts"
import type { DeviceOptions } from "../device.ts"
import {
  ArgumentError,
  BufferGone,
  type CompileFailure,
  type DeviceError,
  DeviceLost,
  type ExecuteError,
  type PutError,
  type TransferError
} from "../errors.ts"
import { ownerOf } from "../owner.ts"
import { onceEach } from "../programs.ts"
import { shared } from "../shared.ts"
import { Child } from "./process.ts"
import {
  type Base64,
  fromBase64,
  inlineBytes,
  type Made,
  type Opened,
  type SentSource,
  sentSource,
  toBase64
} from "./protocol.ts"

let ids = 0
/** Names for so many arrays or executables, unique in this process. */
const nextId = (count = 1): number => {
  const first = ids
  ids += count
  return first
}

/** Which errors an operation of a backend may give is known here; over the channel they are all of one type. */
const typed = <A, E>(effect: Effect.Effect<A, unknown>): Effect.Effect<A, E> => effect as Effect.Effect<A, E>

/** A child that has the device open. */
interface Serving {
  readonly child: Child
  readonly opened: Opened
}

class ChildBuffer implements Buffer {
  readonly dtype: DType
  readonly shape: Shape
  readonly device: DeviceInfo
  readonly id: number
  readonly child: Child
  /** The elements, where they came with the run that made them. */
  readonly #known: Base64 | undefined
  #gone: "released" | "donated" | undefined

  constructor(child: Child, id: number, aval: Aval, device: DeviceInfo, known?: Base64) {
    this.#known = known
    this.child = child
    this.id = id
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.device = device
  }

  get gone(): BufferGone | DeviceLost | undefined {
    if (this.#gone !== undefined) {
      return new BufferGone({
        reason: this.#gone,
        message: `this ${show(this)} on ${this.device.name} was ${this.#gone} and holds nothing any more`,
        hint: "keep it in a scope that lives as long as it is used, and do not donate it"
      })
    }
    if (this.child.lost === undefined) return undefined
    return new DeviceLost({
      device: this.device.name,
      message: `this ${show(this)} was lost: ${this.child.lost.message}`,
      hint: "put or work it out again"
    })
  }

  release(): void {
    this.#end("released")
  }

  donate(): void {
    this.#end("donated")
  }

  #end(how: "released" | "donated"): void {
    if (this.#gone !== undefined) return
    this.#gone = how
    this.child.tell("release", { id: this.id })
  }

  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend(() => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)

      if (this.#known !== undefined) return Effect.succeed(fromBase64(this.#known))
      return typed(
        Effect.flatMap(
          this.child.call("read", { id: this.id, inline: bytesOf(this) <= inlineBytes }),
          (answer) => (typeof answer === "string" ? Effect.succeed(fromBase64(answer)) : this.#fetch(answer))
        )
      )
    })
  }

  get view(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return this.bytes
  }

  /** Copies straight from the other process; where that is forbidden, through messages. */
  #fetch({ address, bytes, pin }: { address: number; bytes: number; pin: number }) {
    return Effect.callback<Uint8Array<ArrayBuffer>, unknown>((resume) => {
      const into = new Uint8Array(new ArrayBuffer(bytes))
      readProcess(this.child.pid, address, into, (copied) => {
        this.child.tell("unpin", { pin })
        resume(
          copied
            ? Effect.succeed(into)
            : Effect.map(this.child.call("read", { id: this.id, inline: true }), (answer) =>
                fromBase64(answer as Base64)
              )
        )
      })
    })
  }
}

/**
 * The backend of a device whose plugin lives in a process of its own. That process's end is the error `DeviceLost` of
 * the calls it was working on; the next call starts another, where programs are compiled anew as they are run.
 */
export const childBackend: (
  name: string,
  options: DeviceOptions
) => Effect.Effect<Backend["Service"], DeviceError, Scope.Scope> = Effect.fnUntraced(function* (
  name,
  { progress, print, isolate: _, ...options }
) {
  const scope = yield* Scope.Scope
  let current: Serving | undefined

  /** A fresh child with the device open. One that cannot open it is of no use. */
  const start = Effect.suspend((): Effect.Effect<Serving, DeviceError> => {
    const child = new Child(name, { print, verbose: process.env.TF_CPP_MIN_LOG_LEVEL === "0" })
    const opened: Effect.Effect<Opened, DeviceError> = typed(child.call("open", { name, options }))
    return opened.pipe(
      Effect.onError(() => child.close),
      Effect.map((answer) => {
        current = { child, opened: answer }
        return current
      })
    )
  })
  let starting = shared(scope, start)

  /** The child that now serves, started again where the last one has ended. */
  const serving = Effect.suspend((): Effect.Effect<Serving, DeviceError> => {
    if (current !== undefined && current.child.lost === undefined) return Effect.succeed(current)
    if (current !== undefined) starting = shared(scope, start)
    current = undefined
    return starting
  })

  yield* Effect.addFinalizer(() => current?.child.close ?? Effect.void)
  progress?.(`starting a process for the plugin of ${name}`)
  const { device, devices, version } = (yield* serving).opened

  const deviceById = (id: number): DeviceInfo => devices.find((each) => each.id === id) ?? device
  const programs = onceEach(scope)

  const own = (arg: Buffer, path: string): ChildBuffer | ArgumentError | BufferGone | DeviceLost => {
    if (!(arg instanceof ChildBuffer) || !devices.includes(arg.device)) {
      return new ArgumentError({
        path,
        message: `${path} is on ${arg.device.name} of another client or device, but the program runs on ${device.name}`,
        hint: "put the array on the program's device"
      })
    }
    return arg.gone ?? arg
  }

  /** An executable that is made again in each process that runs it. */
  const executable = (
    source: Omit<SentSource, "code">,
    make: (child: Child, id: number) => Effect.Effect<Made, CompileFailure>
  ): Effect.Effect<Executable, CompileFailure> =>
    Effect.gen(function* () {
      const madeIn = new WeakMap<Child, Effect.Effect<number, CompileFailure>>()
      let made: Made | undefined
      const inChild = (child: Child): Effect.Effect<number, CompileFailure> => {
        let known = madeIn.get(child)
        if (known === undefined) {
          const id = nextId()
          const making = Effect.map(make(child, id), (answer) => {
            made = answer
            return id
          })
          known = shared(scope, making)
          madeIn.set(child, known)
        }
        return known
      }
      yield* Effect.flatMap(serving, ({ child }) => inChild(child))
      const { outputs, devices: on } = made!
      const runsOn = on.map(({ id }) => deviceById(id))
      const ask = <A>(
        question: (child: Child, executable: number) => Effect.Effect<A, unknown>
      ): Effect.Effect<A, CompileFailure> =>
        typed(
          Effect.flatMap(serving, ({ child }) => Effect.flatMap(inChild(child), (id) => question(child, id)))
        )
      return {
        inputs: source.inputs,
        outputs,
        devices: runsOn,
        analysis: ask((child, id) => child.call("analysis", { executable: id })),
        serialized: Effect.map(
          ask((child, id) => child.call("serialized", { executable: id })),
          fromBase64
        ),
        run: (args, owner) =>
          Effect.suspend((): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> => {
            const buffers: Array<ChildBuffer> = []
            for (const [i, arg] of args.entries()) {
              const found = own(arg, `args[${i}]`)
              if (!(found instanceof ChildBuffer)) return Effect.fail(found)
              buffers.push(found)
            }
            const donated = (source.donated ?? []).flatMap((i) =>
              runsOn.map((_, d) => buffers[d * (args.length / runsOn.length) + i]!)
            )
            return typed(
              Effect.gen(function* () {
                const { child } = yield* serving
                const lost = buffers.map((buffer) => buffer.gone).find((gone) => gone !== undefined)
                if (lost !== undefined) return yield* Effect.fail(lost)
                const id = yield* inChild(child)
                const count = outputs.length * runsOn.length
                const first = nextId(count)
                const forget = () => {
                  for (let i = 0; i < count; i++) child.tell("release", { id: first + i })
                }
                const known = yield* child.call(
                  "run",
                  { executable: id, args: buffers.map((each) => each.id), first },
                  forget
                )
                for (const one of donated) one.donate()
                const holder = ownerOf(owner)
                return Array.from({ length: count }, (_, i) => {
                  const on = runsOn[Math.floor(i / outputs.length)]!
                  const made = new ChildBuffer(child, first + i, outputs[i % outputs.length]!, on, known?.[i])
                  holder.take(made)
                  return made
                })
              })
            )
          })
      } satisfies Executable
    })

  return Backend.of({
    device,
    devices,
    version,
    compile: (source) =>
      programs.once(
        source,
        executable(source, (child, id) => typed(child.call("compile", { id, source: sentSource(source) })))
      ),
    load: (serialized, source) =>
      executable(source, (child, id) =>
        typed(child.call("load", { id, serialized: toBase64(serialized), source }))
      ),
    put: (array, owner, wanted = device) =>
      typed<Buffer, PutError>(
        Effect.gen(function* () {
          if (bytesOf(array) !== array.bytes.length) {
            return yield* new ArgumentError({
              path: "array",
              message: `${show(array)} needs ${bytesOf(array)} bytes, not ${array.bytes.length}`,
              hint: "give as many elements as the shape says"
            })
          }
          const { child } = yield* serving
          const id = nextId()
          const aval = { dtype: array.dtype, shape: array.shape }
          const buffer = new ChildBuffer(child, id, aval, deviceById(wanted.id))
          if (array.bytes.length <= inlineBytes) {
            // Not awaited: where it fails, the array's first use does, and says why.
            child.tell("put", { id, aval, bytes: toBase64(array.bytes), device: wanted.id })
          } else {
            const bytes = yield* upload(child, array.bytes)
            yield* child.call("put", { id, aval, bytes, device: wanted.id }, () =>
              child.tell("release", { id })
            )
          }
          ownerOf(owner).take(buffer)
          return buffer
        })
      ),
    copy: (buffer, wanted, owner) =>
      typed<Buffer, ExecuteError>(
        Effect.gen(function* () {
          const from = own(buffer, "buffer")
          if (!(from instanceof ChildBuffer)) return yield* Effect.fail(from)
          const { child } = yield* serving
          const id = nextId()
          yield* child.call("copy", { id, from: from.id, device: wanted.id }, () =>
            child.tell("release", { id })
          )
          const made = new ChildBuffer(child, id, from, deviceById(wanted.id))
          ownerOf(owner).take(made)
          return made
        })
      ),
    memory: (wanted) =>
      typed(Effect.flatMap(serving, ({ child }) => child.call("memory", { device: wanted.id }))),
    compiled: programs.compiled,
    abandon: Effect.sync(() => current?.child.kill())
  })
})

/** Writes straight into memory of the other process; where that is forbidden, the bytes go in the message. */
const upload = (child: Child, bytes: Uint8Array) =>
  Effect.gen(function* () {
    const reserved = nextId()
    const address = yield* child.call("reserve", { id: reserved, bytes: bytes.length })
    const copied = yield* Effect.callback<boolean>((resume) =>
      writeProcess(child.pid, bytes, address, (done) => resume(Effect.succeed(done)))
    )
    return copied ? { reserved } : toBase64(bytes)
  })

import { createHash } from "node:crypto"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { count } from "../../../dsl/count.ts"
import { type Aval, bytesOf, show } from "../../../dsl/shape.ts"
import type { Backend, DeviceBuffer, DeviceInfo, Executable, HostArray } from "../../backend/backend.ts"
import { RemoteError, type RunError } from "../../backend/errors.ts"
import type { Watch } from "../../backend/watch.ts"
import { failureOf } from "../../served/failure.ts"
import { sentAnalysis, sentMemory } from "../../served/remote/domain.ts"
import type { Answer, Ask, Compile, Put, Run } from "../../served/remote/wire/wire.gen.ts"
import type { AtWork, Notes } from "./at-work.ts"
import { unknown } from "./faults.ts"
import { beyond, type Limits } from "./limits.ts"
import { digestOf, type ProgramStore } from "./programs.ts"
import type { FairQueue } from "./queue.ts"
import type { Session } from "./session.ts"
import type { Suspicion } from "./suspicion.ts"

/** What all sessions of a worker share. */
export interface Shared {
  readonly backend: Backend["Service"]
  /** What compilations and runs go through: one that takes too long ends this process. */
  readonly watch: Watch
  readonly programs: ProgramStore
  readonly queue: FairQueue
  /** Where reports of memory take turns: each looks at all arrays of a session. */
  readonly reports: FairQueue
  readonly limits: Limits
  readonly notes: Notes
  readonly suspicion: Suspicion
  /** The digests of what has been compiled. */
  readonly digests: WeakMap<Executable, string>
}

const done: Answer = { type: "Done" }

/** Arrays that a report of memory names, the largest first. */
const mostReported = 1000

/** Results of a run that together have up to this many bytes come with its answer. */
const eagerBytes = 4096

export const failureAnswer = (error: unknown): Answer => {
  const { kind, fields } = failureOf(error)
  // What went wrong inside is the worker's own affair.
  const { stack: _, ...told } = fields
  return { type: "Failure", kind, fields: JSON.stringify(told) }
}

/** Characters of a program's partitioning. It is kept with the program, and kilobytes say it for thousands of arrays. */
const mostPartitioning = 1 << 20

/** No array of XLA's has more. */
const mostAxes = 64

/** A device of this worker's; no other stands in for one that it does not have. */
const deviceOf = ({ backend }: Shared, id: number): Effect.Effect<DeviceInfo, RunError> => {
  const found = backend.devices.find((each) => each.id === id)
  return found === undefined ? Effect.fail(unknown(`device ${id}`)) : Effect.succeed(found)
}

/** Why an array of so many bytes is not granted, or undefined. */
const arrayFault = (session: Session, aval: Aval): unknown => {
  if (aval.shape.length > mostAxes)
    return beyond(`an array has ${count(aval.shape.length, "axis", "axes")}`, `${mostAxes}`, "reshape it")
  const bytes = bytesOf(aval)
  if (!Number.isSafeInteger(bytes) || bytes > session.limits.arrayBytes)
    return beyond(`${show(aval)} has ${count(bytes, "byte")}`, `${session.limits.arrayBytes}`, "divide it")
  return session.room(bytes, 1)
}

/** Why an array that a client is about to send is not taken, or undefined. */
export const putFault = ({ backend }: Shared, session: Session, { aval, device }: Put): unknown =>
  backend.devices.some(({ id }) => id === device) ? arrayFault(session, aval) : unknown(`device ${device}`)

/** Has the device work on a program when it is its turn, within its time; its end would tell that this was at work. */
const working = <A>(
  { queue, watch, notes, suspicion }: Shared,
  session: Session,
  what: AtWork,
  effect: Effect.Effect<A, unknown>
): Effect.Effect<A, unknown> =>
  queue.take(session, notes.during(what, watch(what.phase, effect)), suspicion.suspects(what.digest))

const compile = (shared: Shared, session: Session, ask: Compile): Effect.Effect<Answer, unknown> =>
  Effect.suspend(() => {
    const digest = digestOf(ask)
    const refused = shared.suspicion.fault(digest)
    if (refused !== undefined) return Effect.fail(refused)
    const partitioning = JSON.stringify(ask.partitioning ?? null)
    if (partitioning.length > mostPartitioning)
      return Effect.fail(
        beyond(
          `how the program's arrays are divided takes ${partitioning.length} characters to say`,
          `${mostPartitioning}`,
          "give fewer arrays, or shardings of fewer axes"
        )
      )
    const source = shared.programs.sourceOf(ask, session.sent)
    if (source === undefined) return Effect.succeed<Answer>({ type: "Unknown" })
    if (source instanceof Error) return Effect.fail(source)
    const making = working(
      shared,
      session,
      { digest, phase: "compiling", address: session.address },
      shared.backend.compile(source, session.scope)
    )
    const key = createHash("sha256")
      .update(`${ask.bytecode} ${digest} ${ask.donated} ${partitioning}`)
      .digest("hex")
    return Effect.map(session.compile(ask.executable, key, making), (made): Answer => {
      shared.digests.set(made, digest)
      return { type: "Made", outputs: made.outputs, devices: made.devices.map(({ id }) => id) }
    })
  })

/** Ends when the device has made an array, also where it could not: reading it says so. */
const whole = (result: DeviceBuffer): Effect.Effect<void> => Effect.ignore(result.ready ?? Effect.void)

/** The bytes of small results, which are waited for; none where one could not be made. */
const eagerly = (results: ReadonlyArray<DeviceBuffer>) =>
  Effect.orElseSucceed(
    Effect.map(
      Effect.forEach(results, (result) => result.bytes),
      (all) => all.map((bytes) => ({ bytes }))
    ),
    () => []
  )

/**
 * Starts a run when its turn comes. Ends when the device has been told, or, where results are small, when their bytes
 * are there. The turn and the time limit last until all results are computed.
 */
const launch = (
  shared: Shared,
  session: Session,
  digest: string,
  running: Effect.Effect<ReadonlyArray<DeviceBuffer>, unknown>,
  small: boolean
): Effect.Effect<(Answer & { type: "Ran" })["results"], unknown> => {
  const turn = <A>(effect: Effect.Effect<A, unknown>) =>
    Effect.tap(working(shared, session, { digest, phase: "running", address: session.address }, effect), () =>
      Effect.sync(() => shared.suspicion.ran(digest))
    )
  if (small) return turn(Effect.flatMap(running, eagerly))
  return Effect.suspend(() => {
    const launched = Deferred.makeUnsafe<[], unknown>()
    const toTheEnd = Effect.flatMap(running, (results) => {
      Deferred.doneUnsafe(launched, Effect.succeed([]))
      return Effect.forEach(results, whole, { concurrency: "unbounded", discard: true })
    })
    const fiber = Effect.runFork(
      Effect.onExit(turn(toTheEnd), (exit) =>
        Exit.isFailure(exit) ? Deferred.failCause(launched, exit.cause) : Effect.void
      )
    )
    return Effect.onInterrupt(Deferred.await(launched), () => Fiber.interrupt(fiber))
  })
}

const run = (shared: Shared, session: Session, { executable, args, first }: Run, call: number) =>
  Effect.gen(function* () {
    const program = yield* session.executable(executable)
    const inputs = yield* Effect.forEach(args, (id) => session.array(id, call))
    const count = program.outputs.length * program.devices.length
    const bytes = program.outputs.reduce((sum, aval) => sum + bytesOf(aval), 0) * program.devices.length
    const fault = program.outputs.map((aval) => arrayFault(session, aval)).find((each) => each !== undefined)
    if (fault !== undefined) return yield* Effect.fail(fault)
    const short = session.room(bytes, count)
    if (short !== undefined) return yield* Effect.fail(short)
    // Room that other calls do not get while this one waits for its turn.
    const kept = session.reserve(bytes, count)
    // Kept before they are waited for: a client that gives the run up releases them by their numbers.
    const running = Effect.tap(program.run(inputs, session.scope), (results) =>
      Effect.sync(() => {
        kept()
        for (const [i, result] of results.entries()) session.keep(first + i, result)
      })
    )
    const results = yield* Effect.ensuring(
      launch(shared, session, shared.digests.get(program) ?? "", running, bytes <= eagerBytes),
      Effect.sync(kept)
    )
    return { type: "Ran", results } satisfies Answer
  })

/** Bytes that have been received whole, in memory that is the device's from then on where it can use it. */
export type Received = Pick<HostArray, "bytes" | "memory">

/** Puts what `putFault` has nothing against. */
export const put = (
  shared: Shared,
  session: Session,
  { array, aval, device }: Put,
  received: Received
): Effect.Effect<Answer, unknown> =>
  Effect.flatMap(deviceOf(shared, device), (target) => {
    const making = shared.backend.put({ ...aval, ...received }, session.scope, target)
    return Effect.as(session.make(array, { ...aval, device: target.id }, making), done)
  })

/** The event loop does what else there is to do. */
const pause = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

const report = (shared: Shared, session: Session, device: number, call: number) =>
  Effect.andThen(
    session.calls.before(call),
    shared.reports.take(
      session,
      Effect.gen(function* () {
        yield* pause
        const memory = yield* shared.backend.memory(yield* deviceOf(shared, device))
        // What others have there is not told.
        const arrays = session.held(device).slice(0, mostReported)
        return { type: "MemoryReport", ...sentMemory({ ...memory, arrays }) } satisfies Answer
      })
    )
  )

/** What a session is answered, but for what is read and put, whose bytes go beside the messages. */
const answerTo = (
  shared: Shared,
  session: Session,
  ask: Ask,
  call: number
): Effect.Effect<Answer, unknown> => {
  switch (ask.type) {
    case "Compile":
      return compile(shared, session, ask)
    case "Run":
      return run(shared, session, ask, call)
    case "Analyse":
      return Effect.map(
        Effect.flatMap(session.executable(ask.executable), (one) => one.analysis),
        (analysis) => ({ type: "Analysis", ...sentAnalysis(analysis) })
      )
    case "Copy":
      return Effect.gen(function* () {
        const target = yield* deviceOf(shared, ask.device)
        const from = yield* session.array(ask.from, call)
        const fault = arrayFault(session, from)
        if (fault !== undefined) return yield* Effect.fail(fault)
        const making = shared.backend.copy(from, target, session.scope)
        const { dtype, shape } = from
        yield* session.make(ask.array, { dtype, shape, device: target.id }, making)
        return done
      })
    case "Memory":
      return report(shared, session, ask.device, call)
    default:
      return Effect.fail(
        new RemoteError({
          address: "worker",
          reason: "protocol",
          message: `${ask.type} is not asked here`,
          hint: "this is a fault of the client; please report it"
        })
      )
  }
}

/** As an answer in any case. */
export const settled = (answer: Effect.Effect<Answer, unknown>): Effect.Effect<Answer> =>
  Effect.map(Effect.exit(answer), (exit) =>
    Exit.isSuccess(exit) ? exit.value : failureAnswer(Cause.squash(exit.cause))
  )

export const answer = (shared: Shared, session: Session, ask: Ask, call: number): Effect.Effect<Answer> =>
  settled(Effect.suspend(() => answerTo(shared, session, ask, call)))

import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { count as words } from "../../dsl/count.ts"
import type { DeviceBuffer, Executable, SourceFacts } from "../backend/backend.ts"
import { CompileError, type CompileFailure, type ExecuteError } from "../backend/errors.ts"
import { once } from "../backend/once.ts"
import { type Owner, ownerOf } from "../backend/owner.ts"
import { devicesOf, donatedOf, localInputs, partitionsOf } from "../backend/partition.ts"
import { ServedBuffer, usingAll } from "./buffer.ts"
import { type Link, type Made, typed } from "./link.ts"
import type { Serving } from "./serving.ts"

/** Makes an executable on the other side, under a number. */
export type Make = (link: Link, id: number) => Effect.Effect<Made, CompileFailure>

const run = (
  link: Link,
  id: number,
  { outputs, devices }: Pick<Executable, "outputs" | "devices">,
  args: ReadonlyArray<ServedBuffer>,
  owner: Owner,
  first: number
): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> => {
  const count = outputs.length * devices.length
  const numbers = args.map((each) => each.id)
  const asked = link.run(id, numbers, first, count)
  return Effect.map(
    link.watch("running", typed<Effect.Success<typeof asked>, ExecuteError>(asked)),
    (known) =>
      Array.from({ length: count }, (_, i) => {
        const device = devices[Math.floor(i / outputs.length)]!
        const aval = outputs[i % outputs.length]!
        return new ServedBuffer(link, first + i, aval, device, known?.[i]).ownedBy(owner)
      })
  )
}

/** An older worker runs any program that somebody else wrote on one device. */
const otherCount = (made: number, wanted: number): CompileError =>
  new CompileError({
    code: "INTERNAL",
    message: `the program is for ${words(wanted, "device")}, but the other side has compiled it for ${made}`,
    hint: "bring the worker to this version"
  })

/** An executable that is made again on each link that it is run over. */
export const servedExecutable = (
  serving: Serving,
  scope: Scope.Scope,
  source: SourceFacts,
  make: Make
): Effect.Effect<Executable, CompileFailure> =>
  Effect.gen(function* () {
    const counts = source.counts ?? { replicas: 1, partitions: partitionsOf(source.partitioning) }
    const madeOn = new WeakMap<Link, Effect.Effect<number, CompileFailure>>()
    let made: Made | undefined
    const onLink = (link: Link): Effect.Effect<number, CompileFailure> => {
      let known = madeOn.get(link)
      if (known === undefined) {
        const id = serving.nextId()
        known = once(
          scope,
          Effect.flatMap(link.watch("compiling", make(link, id)), (answer) => {
            if (answer.devices.length !== devicesOf(counts))
              return Effect.fail(otherCount(answer.devices.length, devicesOf(counts)))
            made = answer
            return Effect.succeed(id)
          })
        )
        madeOn.set(link, known)
      }
      return known
    }
    const ask = <A>(
      question: (link: Link, executable: number) => Effect.Effect<A, unknown>
    ): Effect.Effect<A, CompileFailure> =>
      typed(Effect.flatMap(serving.link, (link) => Effect.flatMap(onLink(link), (id) => question(link, id))))

    yield* Effect.flatMap(serving.link, onLink)
    const outputs = made!.outputs
    const devices = made!.devices.map((one) => serving.opened.devices.find(({ id }) => id === one.id) ?? one)
    const donated = source.donated ?? []
    // Else only the compiler knows a partition's part of them.
    const whole = counts.partitions === 1 || source.partitioning !== undefined
    return {
      inputs: made!.inputs ?? (whole ? localInputs(source.inputs, source.partitioning) : undefined),
      outputs,
      devices,
      replicas: counts.replicas,
      tilings: ask((link, id) => link.tilings(id)),
      analysis: ask((link, id) => link.analysis(id)),
      serialized: ask((link, id) => link.serialized(id)),
      run: (args, owner, by) =>
        Effect.suspend((): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> => {
          const buffers: Array<ServedBuffer> = []
          for (const [i, arg] of args.entries()) {
            const found = serving.own(arg, `args[${i}]`)
            if (!(found instanceof ServedBuffer)) return Effect.fail(found)
            buffers.push(found)
          }
          const given = donatedOf(buffers, donated, devices.length)
          const ran = Effect.flatMap(serving.link, (link) => {
            // A link that was made meanwhile knows none of the arrays.
            const gone = buffers.map((buffer) => buffer.gone).find((fault) => fault !== undefined)
            if (gone !== undefined) return Effect.fail(gone)
            const first = serving.nextId(outputs.length * devices.length)
            const running = Effect.flatMap(onLink(link), (id) =>
              run(link, id, { outputs, devices }, buffers, ownerOf(owner), first)
            )
            return usingAll(buffers, running)
          })
          return Effect.tap(typed<ReadonlyArray<DeviceBuffer>, ExecuteError>(ran), () =>
            Effect.sync(() => {
              for (const one of given) one.donate(by)
            })
          )
        })
    } satisfies Executable
  })

import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Buffer, Executable, ProgramSource } from "../Backend.ts"
import type { CompileFailure, ExecuteError } from "../errors.ts"
import { type Owner, ownerOf } from "../owner.ts"
import { donatedOf, localInputs } from "../partition.ts"
import { shared } from "../shared.ts"
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
): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> => {
  const count = outputs.length * devices.length
  const numbers = args.map((each) => each.id)
  const asked = link.run(id, numbers, first, count)
  return Effect.map(
    link.watch("running", typed<Effect.Success<typeof asked>, ExecuteError>(asked)),
    (known) =>
      Array.from({ length: count }, (_, i) => {
        const device = devices[Math.floor(i / outputs.length)]!
        const made = new ServedBuffer(link, first + i, outputs[i % outputs.length]!, device, known?.[i])
        owner.take(made)
        return made
      })
  )
}

/** An executable that is made again on each link that it is run over. */
export const servedExecutable = (
  serving: Serving,
  scope: Scope.Scope,
  source: Omit<ProgramSource, "code">,
  make: Make
): Effect.Effect<Executable, CompileFailure> =>
  Effect.gen(function* () {
    const madeOn = new WeakMap<Link, Effect.Effect<number, CompileFailure>>()
    let made: Made | undefined
    const onLink = (link: Link): Effect.Effect<number, CompileFailure> => {
      let known = madeOn.get(link)
      if (known === undefined) {
        const id = serving.nextId()
        known = shared(
          scope,
          Effect.map(link.watch("compiling", make(link, id)), (answer) => {
            made = answer
            return id
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
    return {
      inputs: localInputs(source.inputs, source.partitioning),
      outputs,
      devices,
      analysis: ask((link, id) => link.analysis(id)),
      serialized: ask((link, id) => link.serialized(id)),
      run: (args, owner) =>
        Effect.suspend((): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> => {
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
          return Effect.tap(typed<ReadonlyArray<Buffer>, ExecuteError>(ran), () =>
            Effect.sync(() => {
              for (const one of given) one.donate()
            })
          )
        })
    } satisfies Executable
  })

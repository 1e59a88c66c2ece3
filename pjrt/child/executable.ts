import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Buffer, Executable, ProgramSource } from "../Backend.ts"
import type { CompileFailure, ExecuteError } from "../errors.ts"
import { type Owner, ownerOf } from "../owner.ts"
import { donatedOf, localInputs } from "../partition.ts"
import { shared } from "../shared.ts"
import { ChildBuffer } from "./buffer.ts"
import { type Child, typed } from "./process.ts"
import { fromBase64, type Made } from "./protocol.ts"
import type { Serving } from "./serving.ts"

/** Makes an executable in a child, under a number. */
export type Make = (child: Child, id: number) => Effect.Effect<Made, CompileFailure>

const run = (
  child: Child,
  id: number,
  { outputs, devices }: Pick<Executable, "outputs" | "devices">,
  args: ReadonlyArray<ChildBuffer>,
  owner: Owner,
  first: number
): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> => {
  const count = outputs.length * devices.length
  const forget = () => {
    for (let i = 0; i < count; i++) child.tell("release", { id: first + i })
  }
  const asked = child.call("run", { executable: id, args: args.map((each) => each.id), first }, forget)
  return Effect.map(
    child.watch("running", typed<Effect.Success<typeof asked>, ExecuteError>(asked)),
    (known) =>
      Array.from({ length: count }, (_, i) => {
        const device = devices[Math.floor(i / outputs.length)]!
        const made = new ChildBuffer(child, first + i, outputs[i % outputs.length]!, device, known?.[i])
        owner.take(made)
        return made
      })
  )
}

/** An executable that is made again in each process that runs it. */
export const childExecutable = (
  serving: Serving,
  scope: Scope.Scope,
  source: Omit<ProgramSource, "code">,
  make: Make
): Effect.Effect<Executable, CompileFailure> =>
  Effect.gen(function* () {
    const madeIn = new WeakMap<Child, Effect.Effect<number, CompileFailure>>()
    let made: Made | undefined
    const inChild = (child: Child): Effect.Effect<number, CompileFailure> => {
      let known = madeIn.get(child)
      if (known === undefined) {
        const id = serving.nextId()
        known = shared(
          scope,
          Effect.map(child.watch("compiling", make(child, id)), (answer) => {
            made = answer
            return id
          })
        )
        madeIn.set(child, known)
      }
      return known
    }
    const ask = <A>(
      question: (child: Child, executable: number) => Effect.Effect<A, unknown>
    ): Effect.Effect<A, CompileFailure> =>
      typed(
        Effect.flatMap(serving.child, (child) => Effect.flatMap(inChild(child), (id) => question(child, id)))
      )

    yield* Effect.flatMap(serving.child, inChild)
    const outputs = made!.outputs
    const devices = made!.devices.map(({ id }) => serving.device(id))
    const donated = source.donated ?? []
    return {
      inputs: localInputs(source.inputs, source.partitioning),
      outputs,
      devices,
      analysis: ask((child, id) => child.call("analysis", { executable: id })),
      serialized: Effect.map(
        ask((child, id) => child.call("serialized", { executable: id })),
        fromBase64
      ),
      run: (args, owner) =>
        Effect.suspend((): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> => {
          const buffers: Array<ChildBuffer> = []
          for (const [i, arg] of args.entries()) {
            const found = serving.own(arg, `args[${i}]`)
            if (!(found instanceof ChildBuffer)) return Effect.fail(found)
            buffers.push(found)
          }
          const given = donatedOf(buffers, donated, devices.length)
          const ran = Effect.flatMap(serving.child, (child) => {
            // A child that has started meanwhile has none of the arrays.
            const gone = buffers.map((buffer) => buffer.gone).find((fault) => fault !== undefined)
            if (gone !== undefined) return Effect.fail(gone)
            return Effect.flatMap(inChild(child), (id) =>
              run(
                child,
                id,
                { outputs, devices },
                buffers,
                ownerOf(owner),
                serving.nextId(outputs.length * devices.length)
              )
            )
          })
          return Effect.tap(typed<ReadonlyArray<Buffer>, ExecuteError>(ran), () =>
            Effect.sync(() => {
              for (const one of given) one.donate()
            })
          )
        })
    } satisfies Executable
  })

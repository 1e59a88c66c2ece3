import { getHeapStatistics } from "node:v8"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { kindOf } from "../../dsl/dtype.ts"
import { localAval } from "../../dsl/mesh.ts"
import type { Program } from "../../dsl/program.ts"
import type { Element, NdArray } from "../../dsl/reference/array.ts"
import type { Complex } from "../../dsl/reference/complex.ts"
import { runPrinting } from "../../dsl/reference/run.ts"
import { type Aval, bytesOf, sameAval, show, sizeOf } from "../../dsl/shape.ts"
import { elementsOf, largestOf } from "../../dsl/transform/memory.ts"
import { decode, elementBytes, type HostValue } from "../array/host.ts"
import { printed, toStandardError } from "../array/printed.ts"
import {
  Backend,
  type DeviceBuffer,
  type DeviceInfo,
  type Executable,
  type InterpretedSource
} from "../backend/backend.ts"
import {
  ArgumentError,
  type BufferGone,
  CompileError,
  type ExecuteError,
  type TransferError
} from "../backend/errors.ts"
import { lengthFault } from "../backend/failures.ts"
import { foreignBuffer, ownDevice } from "../backend/own-device.ts"
import { type By, Owned, ownerOf } from "../backend/owner.ts"
import { joinBytes, localInputs, partitionsOf, representatives, splitBytes } from "../backend/partition.ts"
import { promptBytes } from "../backend/prompt.ts"
import { freeWhenUnreachable } from "../backend/unreachable.ts"

const device: DeviceInfo = {
  name: "reference",
  platform: "reference",
  id: 0,
  kind: "an interpreter in JavaScript"
}

/** The elements of an array of the interpreter. */
class Held extends Owned {
  array: NdArray | undefined

  constructor(array: NdArray) {
    super(array)
    this.array = array
  }

  protected free(): void {
    this.array = undefined
  }
}

/** An array of the interpreter. */
class ReferenceBuffer implements DeviceBuffer {
  readonly device = device
  readonly dtype: Aval["dtype"]
  readonly shape: Aval["shape"]
  readonly #held: Held

  constructor(array: NdArray, scope: Scope.Scope) {
    this.dtype = array.dtype
    this.shape = array.shape
    this.#held = new Held(array)
    this.#held.ownedBy(ownerOf(scope))
    freeWhenUnreachable(this, this.#held)
  }

  get array(): Effect.Effect<NdArray, BufferGone> {
    return Effect.suspend(() => {
      const { array } = this.#held
      return array === undefined ? Effect.fail(this.#held.gone(device.name)!) : Effect.succeed(array)
    })
  }

  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.map(this.array, bytesOfArray)
  }

  get view(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return this.bytes
  }

  keep(scope: Scope.Scope): void {
    this.#held.ownedBy(ownerOf(scope))
  }

  get gone(): BufferGone | undefined {
    return this.#held.gone(device.name)
  }

  bytesNow(): Uint8Array<ArrayBuffer> | undefined {
    const { array } = this.#held
    return array === undefined || bytesOf(array) > promptBytes ? undefined : bytesOfArray(array)
  }

  release(by?: By): void {
    this.#held.release(by)
  }

  donate(by?: By): void {
    this.#held.donate(by)
  }
}

/** An array's elements from its bytes. */
export const arrayOfBytes = (aval: Aval, bytes: Uint8Array): NdArray => {
  const { dtype } = aval
  const flat = decode(dtype, [aval.shape.reduce((a, b) => a * b, 1)], bytes as Uint8Array<ArrayBuffer>)
  const values = Array.from(flat as Iterable<number | bigint>)
  const data: ReadonlyArray<Element> =
    kindOf(dtype) === "complex"
      ? Array.from({ length: values.length / 2 }, (_, i) => ({
          re: values[2 * i] as number,
          im: values[2 * i + 1] as number
        }))
      : dtype === "bool"
        ? values.map((value) => value !== 0)
        : values
  return { dtype, shape: aval.shape, data }
}

const bytesOfArray = (array: NdArray): Uint8Array<ArrayBuffer> => {
  const flat: ReadonlyArray<number | bigint> =
    kindOf(array.dtype) === "complex"
      ? (array.data as ReadonlyArray<Complex>).flatMap(({ re, im }) => [re, im])
      : array.dtype === "bool"
        ? array.data.map(Number)
        : (array.data as ReadonlyArray<number | bigint>)
  return elementBytes(flat, array.dtype)
}

/** An array as reading gives it. */
export const hostValue = (array: NdArray): HostValue => decode(array.dtype, array.shape, bytesOfArray(array))

const unavailable = (message: string): CompileError =>
  new CompileError({
    code: "UNIMPLEMENTED",
    message: `the reference device cannot do that: ${message}`,
    hint: "choose a device with a compiler, such as --device cpu"
  })

/** The interpreter stands for all devices of a mesh: it puts their parts together, runs, and divides the results. */
const executable = (
  { inputs = [], donated = [], program, partitioning }: InterpretedSource,
  print: (text: string) => void
): Executable => {
  const count = partitionsOf(partitioning)
  const locals = localInputs(inputs, partitioning)!
  const outputs = program.outputs.map(({ aval }) => aval)
  const localOutputs = outputs.map((aval, i) =>
    partitioning === undefined ? aval : localAval("jit", partitioning.mesh, partitioning.out[i]!, aval)
  )
  const whole = (arrays: ReadonlyArray<NdArray>, i: number): NdArray => {
    if (partitioning === undefined) return arrays[i]!
    const spec = partitioning.in[i]!
    const parts = representatives(inputs[i]!, partitioning.mesh, spec).map((at) => ({
      device: at,
      bytes: bytesOfArray(arrays[at * locals.length + i]!)
    }))
    return arrayOfBytes(inputs[i]!, joinBytes(parts, inputs[i]!, partitioning.mesh, spec))
  }
  const divided = (array: NdArray, i: number): ReadonlyArray<NdArray> => {
    if (partitioning === undefined) return [array]
    const parts = splitBytes(bytesOfArray(array), outputs[i]!, partitioning.mesh, partitioning.out[i]!)
    return parts.map((bytes) => arrayOfBytes(localOutputs[i]!, bytes))
  }
  return {
    inputs: locals,
    outputs: localOutputs,
    devices: Array.from({ length: count }, () => device),
    replicas: 1,
    tilings: Effect.fail(unavailable("an interpreter does not divide arrays by itself")),
    analysis: Effect.succeed({ codeBytes: undefined, memory: undefined, cost: undefined }),
    serialized: Effect.fail(unavailable("an interpreter has no compiled programs to keep")),
    run: (args, scope, by) =>
      Effect.gen(function* () {
        const arrays: Array<NdArray> = []
        for (const [i, arg] of args.entries()) {
          const fault = argumentFault(arg, locals[i % locals.length], i)
          if (fault !== undefined) return yield* fault
          arrays.push(yield* (arg as ReferenceBuffer).array)
        }
        const results = runPrinting(
          program,
          locals.map((_, i) => whole(arrays, i)),
          (label, array) => print(printed(label, array, bytesOfArray(array)))
        ).map(divided)
        for (let at = 0; at < count; at++)
          for (const i of donated) (args[at * locals.length + i] as ReferenceBuffer).donate(by)
        return Array.from({ length: count }, (_, at) =>
          results.map((parts) => new ReferenceBuffer(parts[at]!, scope))
        ).flat()
      }) as Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError>
  }
}

const argumentFault = (arg: DeviceBuffer, wanted: Aval | undefined, i: number): ArgumentError | undefined => {
  const path = `args[${i}]`
  if (!(arg instanceof ReferenceBuffer)) {
    return foreignBuffer(path, arg, device.name)
  }
  if (wanted !== undefined && sameAval(wanted, arg)) return undefined
  return new ArgumentError({
    path,
    message: `${path} is ${show(arg)}, but the program takes ${wanted === undefined ? "no such array" : show(wanted)}`,
    hint: "give what the program's parameters say"
  })
}

/** V8 keeps an array's elements in one block, of at most so many. */
const longestList = 2 ** 27 - 32

/** What an element takes of V8's heap: bigints and complex numbers are objects. */
const elementBytesOnHeap = 16

const refuseSize = (message: string): CompileError =>
  new CompileError({
    code: "RESOURCE_EXHAUSTED",
    message: `the reference device has no room: ${message}`,
    hint: "run it on another device, such as --device cpu, or for smaller arrays"
  })

/** Refuses what V8's heap cannot hold: V8 ends the process where it runs out. */
const heapFault = (program: Program): CompileError | undefined => {
  const heap = getHeapStatistics().heap_size_limit
  const large = largestOf(program)
  if (large !== undefined && sizeOf(large.shape) > longestList)
    return refuseSize(`${show(large)} has more elements than a list of JavaScript holds`)
  const needed = elementsOf(program) * elementBytesOnHeap
  if (needed <= 0.7 * heap) return undefined
  return refuseSize(`the program needs some ${needed} bytes at once, and JavaScript's heap is of ${heap}`)
}

/**
 * The device `reference`: runs any program of the language equation by equation in JavaScript, without a plugin. The
 * oracle of the tests, and the debugger's stepper; slow, and it holds the thread while it runs.
 */
export const referenceBackend = (print: (text: string) => void = toStandardError): Backend["Service"] => {
  const compiled = { programs: 0, cached: 0, milliseconds: 0 }
  const own = { device, devices: [device] }
  return Backend.of({
    ...own,
    target: { platform: "reference", takes: "program" },
    version: "loopcarry's interpreter",
    identity: Effect.fail(unavailable("it has no compiled programs")),
    compile: (source) =>
      Effect.suspend(() => {
        if (!("program" in source)) {
          return Effect.fail(unavailable("it runs programs of the language, not StableHLO"))
        }
        const fault = heapFault(source.program)
        if (fault !== undefined) return Effect.fail(fault)
        compiled.programs++
        return Effect.succeed(executable(source, print))
      }),
    put: (array, scope: Scope.Scope, wanted) =>
      Effect.flatMap(ownDevice(own, wanted), () => {
        const fault = lengthFault(array)
        if (fault !== undefined) return Effect.fail(fault)
        return Effect.succeed(new ReferenceBuffer(arrayOfBytes(array, array.bytes), scope))
      }),
    load: () => Effect.fail(unavailable("it has no compiled programs to load")),
    copy: (buffer, wanted, scope) =>
      Effect.flatMap(ownDevice(own, wanted), (): Effect.Effect<DeviceBuffer, ArgumentError | BufferGone> => {
        const fault = argumentFault(buffer, buffer, 0)
        if (fault !== undefined) return Effect.fail(fault)
        return Effect.map((buffer as ReferenceBuffer).array, (array) => new ReferenceBuffer(array, scope))
      }),
    memory: (wanted) =>
      Effect.as(ownDevice(own, wanted), {
        inUse: undefined,
        peak: undefined,
        limit: undefined,
        largestFreeBlock: undefined,
        arrays: []
      }),
    compiled: () => ({ ...compiled })
  })
}

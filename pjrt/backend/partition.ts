import { dtypes } from "../../dsl/dtype.ts"
import { localAval, type Mesh, meshSize, type PartitionSpec, partStarts } from "../../dsl/mesh.ts"
import { type Aval, bytesOf, type Shape } from "../../dsl/shape.ts"

/** How many devices run a program: each replica is a whole run of it, which as many partitions do together. */
export interface DeviceCounts {
  readonly replicas: number
  readonly partitions: number
}

/** How many devices that are. */
export const devicesOf = ({ replicas, partitions }: DeviceCounts): number => replicas * partitions

/** How the arrays of a program of several devices are divided among them. */
export interface Partitioning {
  readonly mesh: Mesh
  readonly in: ReadonlyArray<PartitionSpec>
  readonly out: ReadonlyArray<PartitionSpec>
}

/** How many devices run a program together. */
export const partitionsOf = (partitioning: Partitioning | undefined): number =>
  partitioning === undefined ? 1 : meshSize(partitioning.mesh)

/** What each device is given of a program's parameters. */
export const localInputs = (
  inputs: ReadonlyArray<Aval> | undefined,
  partitioning: Partitioning | undefined
): ReadonlyArray<Aval> | undefined =>
  partitioning === undefined
    ? inputs
    : inputs?.map((aval, i) => localAval("jit", partitioning.mesh, partitioning.in[i] ?? [], aval))

/** Of the arguments of a run, device by device, those whose memory it takes over. */
export const donatedOf = <A>(
  args: ReadonlyArray<A>,
  donated: ReadonlyArray<number>,
  devices: number
): ReadonlyArray<A> => {
  const perDevice = args.length / devices
  return Array.from({ length: devices }, (_, device) =>
    donated.map((i) => args[device * perDevice + i]!)
  ).flat()
}

const strides = (shape: Shape, width: number): ReadonlyArray<number> => {
  const out = new Array<number>(shape.length)
  let stride = width
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    out[axis] = stride
    stride *= shape[axis]!
  }
  return out
}

/** For each run of bytes that lie together in both: where it begins in the whole, in the part, and its length. */
export const eachRun = (
  whole: Aval,
  part: Aval,
  start: ReadonlyArray<number>,
  visit: (inWhole: number, inPart: number, length: number) => void
): void => {
  const { bytes: width } = dtypes[whole.dtype]
  const steps = strides(whole.shape, width)
  // Inner axes that are whole lie together with the one before them.
  let inner = part.shape.length
  while (inner > 0 && part.shape[inner - 1] === whole.shape[inner - 1]) inner--
  const from = Math.max(0, inner - 1)
  const length = part.shape.slice(from).reduce((product, dim) => product * dim, width)
  if (bytesOf(part) === 0) return
  const index = part.shape.slice(0, from).map(() => 0)
  for (let at = 0; at < bytesOf(part); at += length) {
    const offset = start.reduce((sum, begin, axis) => sum + (begin + (index[axis] ?? 0)) * steps[axis]!, 0)
    visit(offset, at, length)
    for (let axis = from - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < part.shape[axis]!) break
      index[axis] = 0
    }
  }
}

/** The part of each device of a mesh. Devices that have the same share the bytes; a whole array is not copied. */
export const splitBytes = (
  bytes: Uint8Array,
  aval: Aval,
  mesh: Mesh,
  spec: PartitionSpec
): ReadonlyArray<Uint8Array> => {
  const part = localAval("put", mesh, spec, aval)
  const known = new Map<string, Uint8Array>()
  return partStarts(mesh, spec, part.shape).map((start) => {
    if (bytesOf(part) === bytesOf(aval)) return bytes
    const key = start.join()
    const found = known.get(key)
    if (found !== undefined) return found
    const made = new Uint8Array(new ArrayBuffer(bytesOf(part)))
    eachRun(aval, part, start, (inWhole, inPart, length) => {
      made.set(bytes.subarray(inWhole, inWhole + length), inPart)
    })
    known.set(key, made)
    return made
  })
}

/** The devices whose parts make the whole: the first of those that have the same. */
export const representatives = (aval: Aval, mesh: Mesh, spec: PartitionSpec): ReadonlyArray<number> => {
  const starts = partStarts(mesh, spec, localAval("read", mesh, spec, aval).shape).map(String)
  return starts.flatMap((start, device) => (starts.indexOf(start) === device ? [device] : []))
}

/** The whole from the parts of these devices. */
export const joinBytes = (
  parts: ReadonlyArray<{ readonly device: number; readonly bytes: Uint8Array<ArrayBuffer> }>,
  aval: Aval,
  mesh: Mesh,
  spec: PartitionSpec
): Uint8Array<ArrayBuffer> => {
  if (parts.length === 1) return parts[0]!.bytes
  const part = localAval("read", mesh, spec, aval)
  const starts = partStarts(mesh, spec, part.shape)
  const whole = new Uint8Array(new ArrayBuffer(bytesOf(aval)))
  for (const { device, bytes } of parts) {
    eachRun(aval, part, starts[device]!, (inWhole, inPart, length) => {
      whole.set(bytes.subarray(inPart, inPart + length), inWhole)
    })
  }
  return whole
}

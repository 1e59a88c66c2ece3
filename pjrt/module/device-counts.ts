import type { ProgramSource } from "../backend/backend.ts"
import { CompileError } from "../backend/errors.ts"
import { type DeviceCounts, devicesOf, partitionsOf } from "../backend/partition.ts"
import { BytecodeFault } from "../formats/bytecode.ts"
import { unescaped } from "../formats/mlir-tokens.ts"
import { moduleFacts } from "../formats/module-attributes.ts"
import { withoutComments, withoutTexts } from "./mlir-text.ts"

/** A program to look for names in: bytecode keeps texts and names as they are. */
export const latin1 = (code: string | Uint8Array): string =>
  typeof code === "string" ? code : Buffer.from(code.buffer, code.byteOffset, code.length).toString("latin1")

const fault = (message: string, hint: string): CompileError =>
  new CompileError({ code: "INVALID_ARGUMENT", message, hint })

const names = { replicas: "mhlo.num_replicas", partitions: "mhlo.num_partitions" } as const

/** What of a module may say that it is for several devices. */
const mentions =
  /mhlo\.num_|sdy|sharding|devices=\[|replica_groups|source_target_pairs|all_(?:gather|reduce|to_all)|collective_|reduce_scatter/

const largest = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((most, each) => Math.max(most, each), 0)

const product = (numbers: string): number => numbers.split(",").reduce((all, each) => all * Number(each), 1)

/** XLA counts devices with 31 bits. */
const mostDevices = 2 ** 31 - 1

/** What hides a name from these in text. */
const escape = /\\[0-9a-fA-F]{2}/

/** More than that, nobody writes. */
const mostMentions = 16

/** An integer attribute of text, which an alias may stand for; undefined where there is none. */
const attribute = (bare: string, name: string): number | CompileError | undefined => {
  const found = [
    ...bare.matchAll(new RegExp(`${name.replace(".", "\\.")}\\s*=\\s*(-?#?[\\w.]+|[^\\s\\w])`, "g"))
  ]
  if (found.length > mostMentions)
    return fault(`${name} is given ${found.length} times`, "give it once, to the module")
  const values = found.map(([, value]) =>
    value!.startsWith("#")
      ? (new RegExp(`^[ \\t]*${value}[ \\t]*=[ \\t]*(-?\\w+)`, "m").exec(bare)?.[1] ?? value!)
      : value!
  )
  const wrong = values.find(
    (value) => !/^(?:0x[0-9a-fA-F]+|\d+)$/.test(value) || Number(value) < 1 || Number(value) > mostDevices
  )
  if (wrong !== undefined)
    return fault(
      `${name} is ${/\w/.test(wrong) ? wrong : "no whole number"}`,
      `give it a whole number from 1 to ${mostDevices}`
    )
  return values.length === 0 ? undefined : largest(values.map(Number))
}

const axis = /["'][^"'\n]{0,256}["'] {0,4}= {0,4}\d{1,9}/.source
const mesh = new RegExp(`(?:<|mesh)\\[ {0,4}(${axis}(?: {0,4}, {0,4}${axis})*)`, "g")
const tiling = /devices=\[[\d,]+\](?:<=\[([\d,]+)\]|([\d,]+))/g

/** The devices that the meshes and shardings of a module name, in text or as the texts in bytecode; 0 where none do. */
const shardedOver = (text: string): number => {
  const unescaped = text.replaceAll(/\\(?:22|")/g, '"')
  const meshes = [...unescaped.matchAll(mesh)].map(([, axes]) =>
    product([...axes!.matchAll(/= {0,4}(\d+)/g)].map(([, size]) => size).join())
  )
  const tilings = [...unescaped.matchAll(tiling)].map(([, dims, ids]) =>
    dims === undefined ? ids!.split(",").length : product(dims)
  )
  return largest([...meshes, ...tilings])
}

/**
 * One more than the largest number of a device that a collective of text names; 0 where none does. Groups may be filled
 * up with -1.
 */
const collectiveOver = (text: string): number | CompileError => {
  const groups = [
    ...text.matchAll(/(?:replica_groups|source_target_pairs)"? ?= ?dense<([^<>]*)> ?: ?tensor<([\dx]*)xi64>/g)
  ]
  const wrong = groups
    .flatMap(([whole, values]) =>
      values!.includes('"') ? [] : (values!.match(/-?\d+/g) ?? []).filter((id) => !isDevice(id, whole))
    )
    .at(0)
  if (wrong !== undefined)
    return fault(
      `a collective of the program names device ${wrong}`,
      `name devices by numbers from 0 to ${mostDevices - 1}`
    )
  return largest(
    groups.map(([, values, dims]) =>
      values!.includes('"')
        ? product(dims!.replaceAll("x", ","))
        : largest((values!.match(/\d+/g) ?? []).map((id) => Number(id) + 1))
    )
  )
}

const isDevice = (id: string, within: string): boolean =>
  (id === "-1" && within.startsWith("replica_groups")) || (Number(id) >= 0 && Number(id) < mostDevices)

interface Said {
  readonly replicas: number | undefined
  readonly partitions: number | undefined
  /** By its meshes and shardings. */
  readonly sharded: number
  /** By its collectives; undefined where they are there but cannot be read. */
  readonly collective: number | undefined
}

const saidByText = (code: string): Said | CompileError => {
  const text = withoutComments(code)
  // A name may be quoted, and its characters escaped.
  const bare = withoutTexts(
    text.replaceAll(/"(?:[\w.]|\\[0-9a-fA-F]{2}){1,72}"/g, (quoted) => {
      const name = unescaped(quoted)
      return /^mhlo\.num_\w+$/.test(name) ? name : quoted
    })
  )
  const [replicas, partitions] = [attribute(bare, names.replicas), attribute(bare, names.partitions)]
  if (replicas instanceof CompileError) return replicas
  if (partitions instanceof CompileError) return partitions
  const collective = collectiveOver(text)
  if (collective instanceof CompileError) return collective
  return { replicas, partitions, sharded: shardedOver(text), collective }
}

const collectives = /\.(?:all_gather|all_reduce|all_to_all|collective_\w+|reduce_scatter)(?:_v\d+)?$/

const saidByBytecode = (code: Uint8Array, text: string): Said | CompileError => {
  try {
    const { integers, operations } = moduleFacts(code)
    const [replicas, partitions] = [integers.get(names.replicas), integers.get(names.partitions)]
    for (const [name, count] of [
      [names.replicas, replicas],
      [names.partitions, partitions]
    ] as const)
      if (count !== undefined && !(count >= 1 && count <= mostDevices))
        throw new BytecodeFault(`${name} is ${count}`)
    const unread =
      replicas === undefined &&
      partitions === undefined &&
      [...operations].some((name) => collectives.test(name))
    return { replicas, partitions, sharded: shardedOver(text), collective: unread ? undefined : 0 }
  } catch (error) {
    if (!(error instanceof BytecodeFault)) throw error
    return fault(
      `the program's bytecode does not say for how many devices it is: ${error.message}`,
      "write it anew with a current version of what has written it, or give it as text"
    )
  }
}

const counted = ({ replicas, partitions, sharded, collective }: Said): DeviceCounts | CompileError => {
  const counts = {
    replicas: replicas ?? 1,
    partitions:
      partitions ?? (devicesOf({ replicas: replicas ?? 1, partitions: 1 }) === 1 ? Math.max(1, sharded) : 1)
  }
  const set = `set ${names.replicas} or ${names.partitions} on the module to the number of devices that it is for`
  if (collective === undefined)
    return fault("the program has collectives, but does not say for how many devices it is", set)
  const stated = `${counts.replicas} x ${counts.partitions} devices (replicas x partitions)`
  if (devicesOf(counts) > mostDevices) return fault(`the program is for ${stated}, more than XLA counts`, set)
  if (sharded > counts.partitions)
    return fault(`the program's shardings are for ${sharded} devices, but it is for ${stated}`, set)
  if (collective > devicesOf(counts))
    return fault(`the program's collectives are for ${collective} devices, but it is for ${stated}`, set)
  return counts
}

/**
 * For how many devices a program is: by its partitioning, by `mhlo.num_replicas` and `mhlo.num_partitions` of its
 * module, or by its meshes and shardings. Why it cannot run where these contradict one another.
 */
export const countsOf = ({
  code,
  partitioning
}: Pick<ProgramSource, "code" | "partitioning">): DeviceCounts | CompileError => {
  const own = { replicas: 1, partitions: partitionsOf(partitioning) }
  const text = latin1(code)
  const mentioned = mentions.test(text) || (typeof code === "string" && escape.test(text))
  if (!mentioned || (partitioning !== undefined && !text.includes("mhlo.num_"))) return own
  const said = typeof code === "string" ? saidByText(code) : saidByBytecode(code, text)
  if (said instanceof CompileError) return said
  const counts = counted(said)
  if (counts instanceof CompileError || partitioning === undefined) return counts
  if (devicesOf(counts) === own.partitions && counts.replicas === 1) return own
  return fault(
    `the program is for ${counts.replicas} x ${counts.partitions} devices (replicas x partitions), but is given a mesh of ${own.partitions}`,
    "give it a mesh of as many devices, or none"
  )
}

/** The two parts of XLA that divide a program among partitions. */
export type Partitioner = "shardy" | "gspmd"

/**
 * Which of them a program is written for: Shardy, unless its shardings are lists of tiles alone. Told to use Shardy for
 * those, the plugin of PJRT 0.115 aborts the process (xla_enable_hlo_sharding_v3).
 */
export const partitionerOf = ({ code }: Pick<ProgramSource, "code">): Partitioner => {
  const text = latin1(code)
  return text.includes("mhlo.sharding") && !/sdy|mesh\[/.test(text) ? "gspmd" : "shardy"
}

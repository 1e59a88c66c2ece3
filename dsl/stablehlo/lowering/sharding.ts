import type { Along } from "../../mesh.ts"
import { groupsAlong, type Mesh, type PartitionSpec } from "../../mesh.ts"
import { deviceCount } from "../../primitives/sharding.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { type Lowerings, list, resultNames, type Site, scalarOf, types, withRegions } from "./lowering.ts"
import { asOrdered } from "./ordered.ts"

/** The one mesh of a module. */
export const meshName = "@mesh"

export const meshText = ({ axes }: Mesh): string =>
  `sdy.mesh ${meshName} = <[${Object.entries(axes)
    .map(([name, size]) => `"${name}"=${size}`)
    .join(", ")}]>`

/** `<@mesh, [{"x"}, {}]>`, with an entry for each axis of the array. */
export const shardingText = (spec: PartitionSpec, { shape }: Aval): string =>
  `<${meshName}, [${shape
    .map((_, axis) => `{${(spec[axis] ?? []).map((name) => `"${name}"`).join(", ")}}`)
    .join(", ")}]>`

/** Lowerings of numbers as an attribute. */
const matrix = (rows: ReadonlyArray<ReadonlyArray<number>>): string =>
  `dense<[${rows.map(list).join(", ")}]> : tensor<${rows.length}x${rows[0]?.length ?? 0}xi64>`

/** The attributes of a collective across partitions, whose groups are numbers of devices. */
const across = (writer: Writer, along: Along): string =>
  `${channel(writer)}, replica_groups = ${matrix(groupsAlong(along.mesh!, along.names))}, use_global_device_ids`

const channel = (writer: Writer): string =>
  `channel_handle = #stablehlo.channel_handle<handle = ${writer.channel()}, type = 1>`

const combines = { sum: "add", max: "maximum", min: "minimum" } as const

const reducing = (site: Site, op: keyof typeof combines) => {
  const scalar = scalarOf(site.inputs[0]!)
  return {
    parameters: [scalar, scalar],
    results: [scalar],
    body: ([a, b]: ReadonlyArray<string>) => [
      site.writer.assign(`stablehlo.${combines[op]} ${a}, ${b} : ${tensorType(scalar)}`)
    ]
  }
}

/** Only the first operand is data; a second ties the collective to its mesh. */
const data = (site: Site): Site => ({
  ...site,
  operands: site.operands.slice(0, 1),
  inputs: site.inputs.slice(0, 1)
})

const plain = (site: Site, op: string, attributes: string): ReadonlyArray<string> => [
  site.writer.assign(
    `"stablehlo.${op}"(${site.operands[0]}) <{${attributes}}> : (${types(site.inputs.slice(0, 1))}) -> ${tensorType(site.outputs[0]!)}`
  )
]

const i32 = tensorType({ dtype: "i32", shape: [] })

/** A device's place along each axis of the mesh, from its number. */
const places = (writer: Writer, { axes }: Mesh): ReadonlyArray<string> => {
  const unsigned = writer.assign("stablehlo.partition_id : tensor<ui32>")
  const number = writer.assign(`stablehlo.convert ${unsigned} : (tensor<ui32>) -> ${i32}`)
  const constant = (value: number) => writer.constant(value, { dtype: "i32", shape: [] })
  let below = Object.values(axes).reduce((a, b) => a * b, 1)
  return Object.values(axes).map((size) => {
    below /= size
    const quotient = writer.assign(`stablehlo.divide ${number}, ${constant(below)} : ${i32}`)
    return writer.assign(`stablehlo.remainder ${quotient}, ${constant(size)} : ${i32}`)
  })
}

export const shardingLowerings: Lowerings<
  "withSharding" | "shardMap" | "allReduce" | "allGather" | "reduceScatter" | "permute" | "allToAll"
> = {
  withSharding: ({ writer, operands, outputs }, { sharding }) => [
    writer.assign(
      `sdy.sharding_constraint ${operands[0]} ${shardingText(sharding.spec, outputs[0]!)} : ${tensorType(outputs[0]!)}`
    )
  ],
  shardMap: (site, { mesh, in: specs, out, body }) => {
    const { writer, operands, inputs, outputs } = site
    const name = writer.fresh()
    const bound = outputs.length > 1 ? `${name}:${outputs.length}` : name
    const all = (given: ReadonlyArray<PartitionSpec>, avals: ReadonlyArray<Aval>) =>
      `[${avals.map((aval, i) => shardingText(given[i]!, aval)).join(", ")}]`
    const locals = body.inputs.slice(Object.keys(mesh.axes).length)
    const names = locals.map(() => writer.fresh())
    const parameters = names.map((each, i) => `${each}: ${tensorType(locals[i]!.aval)}`).join(", ")
    const axes = Object.keys(mesh.axes).map((axis) => `"${axis}"`)
    writer.line(
      `${bound} = sdy.manual_computation(${operands.join(", ")}) in_shardings=${all(specs, inputs)} out_shardings=${all(out, outputs)} manual_axes={${axes.join(", ")}} (${parameters}) {`
    )
    writer.indented(() => {
      writer.byDevice(() => {
        const results = site.inline(body, [...places(writer, mesh), ...names])
        writer.line(`sdy.return ${results.join(", ")} : ${types(body.outputs.map(({ aval }) => aval))}`)
      })
    })
    writer.end(`} : (${types(inputs)}) -> (${types(outputs)})`)
    return resultNames(name, outputs.length)
  },
  allReduce: (given, { op, along }) => {
    const site = data(given)
    if (op === "sum") return withRegions(site, "all_reduce", across(site.writer, along), [reducing(site, op)])
    return asOrdered(site, op, (inner) =>
      withRegions(inner, "all_reduce", across(site.writer, along), [reducing(inner, op)])
    )
  },
  allGather: (site, { along, axis }) =>
    plain(site, "all_gather", `all_gather_dim = ${axis} : i64, ${across(site.writer, along)}`),
  reduceScatter: (site, { along, axis }) =>
    withRegions(
      data(site),
      "reduce_scatter",
      `scatter_dimension = ${axis} : i64, ${across(site.writer, along)}`,
      [reducing(site, "sum")]
    ),
  permute: (site, { along, pairs }) => {
    const groups = groupsAlong(along.mesh!, along.names)
    const sent = groups.flatMap((group) => pairs.map(([from, to]) => [group[from]!, group[to]!]))
    return plain(
      site,
      "collective_permute",
      `${channel(site.writer)}, source_target_pairs = ${sent.length === 0 ? "dense<> : tensor<0x2xi64>" : matrix(sent)}`
    )
  },
  allToAll: (site, { along, split, concat }) =>
    plain(
      site,
      "all_to_all",
      `split_dimension = ${split} : i64, concat_dimension = ${concat} : i64, split_count = ${deviceCount(along)} : i64, ${channel(site.writer)}, replica_groups = ${matrix(groupsAlong(along.mesh!, along.names))}`
    )
}

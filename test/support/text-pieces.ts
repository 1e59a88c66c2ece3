import type { Random } from "./mutants.ts"

export const oneOf = <A>(random: Random, all: ReadonlyArray<A>): A => all[random(all.length)]!

const quoted = (random: Random): string =>
  oneOf(random, [
    '"a"',
    '""',
    '"\\""',
    '"\\22)"',
    '"\\\\"',
    '"//"',
    '"(<[{"',
    '">)]}"',
    '"->"',
    '"\\00"',
    '"loc("',
    '"\r"',
    '"\0"',
    '"é"',
    '"\\C3"',
    '"\\C3\\A9"',
    '"stablehlo.custom_call"',
    '"#-}"'
  ])

const types = [
  "i32",
  "f32",
  "index",
  "none",
  "tensor<f32>",
  "tensor<4x?xf32>",
  "tensor<0x4xi1>",
  "tensor<4 // >\n x2xf32>",
  "tensor<*xf32>",
  "tensor<4x!stablehlo.token>",
  "tensor<?xf32, #stablehlo.bounds<4>>",
  "tensor<4x!quant.uniform<i8:f32, 0.5:3>>",
  "tensor<4xcomplex<f32>>",
  "vector<[4]x2xf32>",
  "memref<4xf32, strided<[1], offset: ?>>",
  "memref<4xf32, affine_map<(d0) -> (d0)>>",
  "tuple<>",
  "tuple<i32, (f32) -> i1>",
  "() -> ()",
  "(i32) -> (i32, f32)",
  "!stablehlo.token",
  "!stablehlo<token>",
  "!zz0",
  "complex<f32>",
  "!mhlo.token"
]

const simple = [
  "1",
  "-1",
  "0x1F",
  "0x1F : i32",
  "-0x1 : i8",
  "1.5e-3 : f32",
  "1.",
  "true",
  "unit",
  "@f",
  '@"a b"',
  '@"\\22("::@g',
  "@a::@b",
  "dense<1>: tensor<i32>",
  'dense<"0x01000000"> : tensor<1xi32>',
  "dense<[[1, 2], [3, -4]]> : tensor<2x2xi64>",
  "dense<(1.0, 2.0)> : tensor<complex<f32>>",
  "dense<> : tensor<0xi32>",
  "dense<0x7FC00000> : tensor<f32>",
  'dense<"a"> : tensor<1x!stablehlo.token>',
  "dense_resource<blob> : tensor<1xi32>",
  "sparse<[[0]], [1]> : tensor<4xi32>",
  "array<i64: 1, -2>",
  "array<i1>",
  "affine_map<(d0, d1)[s0] -> (d0 floordiv 2, d1 - s0)>",
  "affine_set<(d0) : (d0 >= 0)>",
  "affine_set<(d0) : (d0 <= 4, d0 == 2)>",
  "affine_map <() -> ()>",
  "#stablehlo<precision DEFAULT>",
  "#stablehlo.precision<DEFAULT>",
  "#stablehlo<comparison_direction LT>",
  "#stablehlo.channel_handle<handle = 1, type = 0>",
  "#stablehlo.bounds<4, ?>",
  "#stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>",
  "#stablehlo.scatter<\n  scatter_dims_to_operand_dims = [0]>",
  "#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>",
  "#stablehlo<precision >>",
  '#stablehlo<">">',
  "#stablehlo.bounds<4 // >\n>",
  '#vhlo.string_v1<"a">',
  "#vhlo<precision_v1 DEFAULT>",
  "#chlo<comparison_direction LT>",
  '#sdy.sharding<@mesh, [{"x"}, {?}]>',
  '#sdy.mesh<["x"=2]>',
  '#sdy<sharding_per_value[<@mesh, [{"x", ?}p1]>]>',
  "#sdy.op_sharding_rule<([i, j])->([i]) {i=2, j=3}>",
  "#mhlo.bounds<4>",
  "#zy",
  "#stablehlo",
  "#sdy.unknown<<>>",
  "distinct[0]<1>",
  "distinct[0]<>",
  "strided<[1, ?], offset: 2>",
  'opaque<"stablehlo", "0xDEADBEEF"> : tensor<4xf32>',
  "loc",
  "{}",
  "[]"
]

/** An attribute, as MLIR may print it, or nearly so. */
export const attribute = (random: Random, deep = 0): string => {
  const inner = () => attribute(random, deep + 1)
  const kind = random(deep > 2 ? 5 : 10)
  if (kind < 3) return oneOf(random, simple)
  if (kind === 3) return `${quoted(random)}${random(4) === 0 ? " : i32" : ""}`
  if (kind === 4) return oneOf(random, types)
  if (kind === 5) return `[${inner()}, ${inner()}]`
  if (kind === 6) return `loc(${location(random, deep + 1)})`
  const key = oneOf(random, [
    "a",
    '"b"',
    "jax.a",
    '"mhlo.sharding"',
    "mhlo.frontend_attributes",
    "call_target_name",
    "sym_name",
    "sym_visibility",
    "callee",
    "loc",
    "i32",
    "tensor",
    '"\\6dhlo.x"',
    "mhlo.num_partitions",
    "comparison_direction",
    "_xla_compute_type"
  ])
  return random(4) === 0 ? `{${key}}` : `{${key}${gap(random)}= ${inner()}}`
}

/** A location, as MLIR may print it, or nearly so. */
export const location = (random: Random, deep = 0): string => {
  const inner = () => location(random, deep + 1)
  const name = quoted(random)
  switch (random(deep > 2 ? 4 : 8)) {
    case 0:
      return "unknown"
    case 1:
      return `${name}:1:2`
    case 2:
      return name
    case 3:
      return oneOf(random, ["#zx", `${name}:1:2 to :3`, `${name}:1:2 to 3:4`, "unknown // )\n"])
    case 4:
      return `${name}${gap(random)}(${inner()})`
    case 5:
      return `callsite(${inner()} at ${inner()})`
    case 6:
      return `fused[${inner()}, ${inner()}]`
    default:
      return `fused<${attribute(random, deep + 1)}>[${inner()}]`
  }
}

/** What stands between two tokens: spaces, comments, or what is none. */
export const gap = (random: Random): string =>
  oneOf(random, [
    " ",
    "  ",
    "\n",
    "\t",
    "\0",
    "\r\n",
    " // c\n",
    " // \r",
    " // (\n",
    '// "\n',
    " \0 ",
    "//\0\n",
    "\v",
    "/",
    "\u00a0"
  ])

/** A statement that does no harm, with all kinds of attributes and locations. */
export const statement = (random: Random): string => {
  const made = `%z${random(10_000)}`
  const noted = `${random(3) === 0 ? "" : `jax.a = ${attribute(random)}`}${random(4) === 0 ? ", jax.b" : ""}`
  const where = random(2) === 0 ? ` loc(${location(random)})` : ""
  const body = oneOf(random, [
    `${made} = stablehlo.constant {${noted}} dense<1.0> : tensor<f32>`,
    `${made} = "stablehlo.constant"() <{value = dense<1.0> : tensor<f32>}> {${noted}} : () -> tensor<f32>`,
    `${made}:2 = "stablehlo.rng_bit_generator"(%x) {${noted}} : () -> ()`,
    `${made} = stablehlo.create_token {${noted}} : !stablehlo.token`,
    `${made} = constant @f : () -> ()`,
    `${made} = "stablehlo.iota"() <{iota_dimension = 0 : i64}> : () -> ${oneOf(random, types)}`
  ])
  return `${body}${where}`
}

const targets = [
  '"evil"',
  '"Sharding"',
  '"Sharding"',
  "#zt",
  "#zt",
  '"ev\\69l"',
  '"xla.sdy.FuncResultSharding"',
  "1",
  '"Sharding" : i32'
]

/** A custom call, in one of its forms. */
export const evil = (random: Random): string => {
  const made = `%e${random(10_000)}`
  const target = oneOf(random, targets)
  const key = oneOf(random, ["call_target_name", '"call_target_name"', '"call\\5ftarget_name"'])
  const type = ": () -> tensor<f32>"
  const name = oneOf(random, [
    '"stablehlo.custom_call"',
    '"stablehlo.custom\\5fcall"',
    '"vhlo.custom_call_v1"'
  ])
  const more = oneOf(random, ["", ` {jax.a = ${attribute(random)}}`, ` {${key} = ${oneOf(random, targets)}}`])
  return oneOf(random, [
    `${made} = stablehlo.custom_call @evil()${more} ${type}`,
    `${made} = stablehlo.custom_call${gap(random)}@"Sharding"()${more} ${type}`,
    `${made} = ${name}() <{${key} = ${target}}>${more} ${type}`,
    `${made} = ${name}${gap(random)}() {${key}${gap(random)}= ${target}} ${type}`,
    `${made} = ${name}() <{backend_config = ${attribute(random)}, ${key} = ${target}}>${more} ${type}`
  ])
}

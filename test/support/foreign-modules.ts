import { nestedBytecode } from "./bytecode.ts"

const f32 = (size: bigint | string | number) => `tensor<${size === "" ? "" : `${size}x`}f32>`
const eight = f32(8)
const type = `(${eight}) -> ${eight}`
const module = (signature: string, body: string, after = "", attributes = "") =>
  `module ${attributes} { func.func public @main${signature} {\n${body} }\n${after} }`
const whole = (body: string, after = "", attributes = "") =>
  module(`(%x: ${eight}) -> ${eight}`, `${body}\nreturn %y : ${eight}`, after, attributes)
const passing = `%y = stablehlo.negate %x : ${eight}`
const helper = (body: string, visibility = "private") =>
  `func.func ${visibility} @f(%x: ${eight}) -> ${eight} { ${body} return %y : ${eight} }`
const call = (name: string) => `%y = call @${name}(%x) : ${type}`
const composite = `%y = stablehlo.composite "a.b" %x {decomposition = @f} : ${type}`

const summed = (size: string, made: string) => {
  const dims = size.split("x").map((_, i) => i)
  return module(
    `() -> ${f32("")}`,
    `%z = stablehlo.constant dense<1.0> : ${f32("")}
     ${made}
     %r = stablehlo.reduce(%b init: %z) applies stablehlo.add across dimensions = [${dims}] : (${f32(size)}, ${f32("")}) -> ${f32("")}
     return %r : ${f32("")}`
  )
}
const broadcast = (size: string) =>
  summed(size, `%b = stablehlo.broadcast_in_dim %z, dims = [] : (${f32("")}) -> ${f32(size)}`)
const splat = (size: string) => summed(size, `%b = stablehlo.constant dense<1.0> : ${f32(size)}`)
const iota = (size: bigint) =>
  module(`() -> ${f32(size)}`, `%i = stablehlo.iota dim = 0 : ${f32(size)} return %i : ${f32(size)}`)
const sort = (direction: string, size: bigint | number = 64) =>
  module(
    `(%x: ${f32(size)}) -> ${f32(size)}`,
    `%s = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = false}> ({
      ^bb0(%a: tensor<f32>, %b: tensor<f32>):
        %l = stablehlo.compare ${direction}, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
        stablehlo.return %l : tensor<i1>
      }) : (${f32(size)}) -> ${f32(size)}
     return %s : ${f32(size)}`
  )
const branches = (depth: number) => {
  let body = "stablehlo.return %i : tensor<i32>"
  for (let i = 0; i < depth; i++)
    body = `%w${i} = "stablehlo.case"(%i) ({ ${body} }) : (tensor<i32>) -> tensor<i32> stablehlo.return %w${i} : tensor<i32>`
  return module(
    "(%i: tensor<i32>) -> tensor<i32>",
    body.replace(/stablehlo\.return (%w\d+ : tensor<i32>)$/, "return $1")
  )
}
const nested = (depth: number) =>
  whole(passing, "", `attributes {jax.a = ${"[".repeat(depth)}${"]".repeat(depth)}}`)

const fft = (length: number, form: (length: number) => string) => {
  const t = "tensor<8xcomplex<f32>>"
  return module(`(%x: ${t}) -> ${t}`, `%y = ${form(length)} : (${t}) -> ${t} return %y : ${t}`)
}
const ffts: ReadonlyArray<(length: number) => string> = [
  (length) => `stablehlo.fft %x, type = FFT, length = [${length}]`,
  (length) =>
    `"stablehlo.fft"(%x) <{fft_length = array<i64: ${length}>, fft_type = #stablehlo<fft_type FFT>}>`
]

/** Modules each of which ended the process that compiled it, or ran it, and what is said of them. */
export const fatalModules: ReadonlyArray<readonly [what: string, code: string | Buffer, why: string]> = [
  ["a function that calls itself", whole(call("f"), helper(call("f"))), "in a circle: @f -> @f"],
  ["@main that calls itself", whole(call("main")), "in a circle: @main -> @main"],
  [
    "functions in a circle",
    whole(call("f"), `${helper(call("g"))} ${helper(call("f")).replace("@f(", "@g(")}`),
    "in a circle: @f -> @g -> @f"
  ],
  [
    "a public function that nobody calls but itself",
    whole(passing, helper(call("f"), "public")),
    "in a circle"
  ],
  ["a composite of itself", whole(composite, helper(composite)), "in a circle: @f -> @f"],
  ["a composite of a function that calls it", whole(composite, helper(call("f"))), "in a circle"],
  [
    "a custom call of @main",
    whole(
      `%y = stablehlo.custom_call @Sharding(%x) {called_computations = [@main], mhlo.sharding = "{replicated}"} : ${type}`
    ),
    "in a circle: @main -> @main"
  ],
  [
    "a custom call of a function that is not there",
    whole(
      `%y = stablehlo.custom_call @Sharding(%x) {called_computations = [@no], mhlo.sharding = "{replicated}"} : ${type}`
    ),
    "calls @no, which is no function"
  ],
  [
    "a function without a body",
    whole(call("f"), `func.func private @f(${eight}) -> ${eight}`),
    "calls @f, which has no body"
  ],
  ["a private @main", whole(passing).replace("public", "private"), "@main is private"],
  ["@main without a body", `module { func.func private @main(${eight}) -> ${eight} }`, "@main"],
  ["a broadcast of 2^64 bytes", broadcast("2147483648x2147483648"), "of more bytes than"],
  ["a broadcast of 2^63 bytes", broadcast(String(2n ** 61n)), "of more bytes than"],
  ["a broadcast whose elements pass 2^63", broadcast(`${2n ** 62n}x4`), "of more bytes than"],
  ["a constant of 2^64 bytes", splat(String(2n ** 62n)), "of more bytes than"],
  ["an iota of 2^40", iota(2n ** 40n), "of 4 TiB"],
  ["an iota of 2^62", iota(2n ** 62n), "of more bytes than"],
  ["a sort of 2^40", sort("LT", 2n ** 40n), "of 4 TiB"],
  ["a parameter of 2^38", sort("LT", 2n ** 38n).replace("stablehlo.sort", "stablehlo.map"), "of 1 TiB"],
  [
    "2^40 random numbers",
    module(
      `(%x: tensor<2xui64>) -> tensor<${2n ** 40n}xui64>`,
      `%a, %b = stablehlo.rng_bit_generator %x, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<${2n ** 40n}xui64>)
       return %b : tensor<${2n ** 40n}xui64>`
    ),
    "of 8 TiB"
  ],
  ["a sort by NE", sort("NE"), "compares by NE"],
  [
    "a sort by NE in the generic form",
    sort("NE").replace(
      "stablehlo.compare NE, %a, %b :",
      '"stablehlo.compare"(%a, %b) <{comparison_direction = #stablehlo<comparison_direction NE>}> :'
    ),
    "compares by NE"
  ],
  ["an FFT of length -8", fft(-8, ffts[0]!), "has a negative length"],
  ["an FFT of length -8 in the generic form", fft(-8, ffts[1]!), "has a negative length"],
  ["5,000 branches in one another", branches(5000), "nested 2001 deep"],
  ["attributes 200,000 deep", nested(200_000), "nested 2001 deep"],
  [
    "a type 200,000 deep",
    whole(passing).replace("%x: ", `%t: ${"tuple<".repeat(200_000)}i32${">".repeat(200_000)}, %x: `),
    "nested 2001 deep"
  ],
  [
    "a dialect's attribute 200,000 deep",
    whole(passing, "", `attributes {jax.a = #stablehlo.x<${"<".repeat(200_000)}>}`),
    "nested"
  ],
  [
    "locations 200,000 deep",
    `${whole(passing)} loc(${'"a"('.repeat(200_000)}unknown${")".repeat(200_000)})`,
    "nested"
  ],
  ["regions 5,000 deep in bytecode", nestedBytecode(5000), "nested 1001 deep"],
  // The same, said by aliases and in forms that nobody writes.
  [
    "a callee that is an alias",
    `#c = @main\n${whole(`%y = "func.call"(%x) <{callee = #c}> : ${type}`)}`,
    "in a circle: @main -> @main"
  ],
  [
    "properties that are an alias",
    `#p = {callee = @main}\n${whole(`%y = "func.call"(%x) <#p> : ${type}`)}`,
    "in a circle: @main -> @main"
  ],
  [
    "a name in bytes that is called by its character",
    whole(call('"é"'), helper(call('"é"')).replace("@f(", '@"\\C3\\A9"(')),
    "in a circle: @é -> @é"
  ],
  [
    "a name that an attribute of a parameter has too",
    `module { "func.func"() <{arg_attrs = [{jax.a = {sym_name = "f"}}], function_type = ${type}, sym_name = "main"}> ({
      ^bb0(%x: ${eight}): ${call("main")} "func.return"(%y) : (${eight}) -> () }) : () -> () }`,
    "in a circle: @main -> @main"
  ],
  [
    "a @main that is made private behind its body",
    `module { "func.func"() <{function_type = ${type}, sym_name = "main"}> ({
      ^bb0(%x: ${eight}): "func.return"(%x) : (${eight}) -> () }) {sym_visibility = "private"} : () -> () }`,
    "@main is private"
  ],
  [
    "a broadcast of 2^64 bytes with comments in its type",
    broadcast("2147483648 // >\n x2147483648"),
    "of more bytes than"
  ],
  [
    "a broadcast of 2^64 bytes with zero bytes in its type",
    broadcast("2147483648\0x2147483648"),
    "of more bytes than"
  ],
  [
    "a broadcast of 2^64 bytes with many zeros",
    broadcast(`${"0".repeat(1000)}2147483648x2147483648`),
    "of more bytes than"
  ],
  [
    "a parameter of 2^38 by an alias",
    `!t = ${f32(2n ** 38n)}\n${module("(%x: !t) -> !t", "return %x : !t")}`,
    "of 1 TiB"
  ],
  [
    "a sort by NE by an alias",
    `#d = #stablehlo<comparison_direction NE>\n${sort("NE").replace("stablehlo.compare NE, %a, %b :", '"stablehlo.compare"(%a, %b) <{comparison_direction = #d}> :')}`,
    "compares by NE"
  ],
  [
    "a sort by NE with another direction in an attribute",
    sort("NE").replace("%a, %b :", "%a, %b {jax.a = #stablehlo<comparison_direction LT>} :"),
    "compares by NE"
  ],
  [
    "an FFT of length -8 by an alias",
    `#l = array<i64: -8>\n${fft(8, ffts[1]!).replace("array<i64: 8>", "#l")}`,
    "has a negative length"
  ],
  [
    "a layout with a negative tile",
    whole(passing).replace(`%x: ${eight}`, `%x: ${eight} {mhlo.layout_mode = "{0:T(-8)}"}`),
    "a tile of negative size"
  ]
]

/** Modules that are nearly like these, and right. */
export const harmlessModules: ReadonlyArray<readonly [what: string, code: string]> = [
  ["calls that meet again", whole(`%a = call @f(%x) : ${type} %y = call @f(%a) : ${type}`, helper(passing))],
  ["a circle that nothing reaches", whole(passing, helper(call("f")))],
  ["a composite", whole(composite, helper(passing))],
  ["@main of no visibility", whole(passing).replace("public", "")],
  ["a sum over 2^62 bytes", broadcast(String(2n ** 60n))],
  [
    "an addition of 2^40 elements that nothing stores",
    summed(
      String(2n ** 40n),
      `%a = stablehlo.broadcast_in_dim %z, dims = [] : (${f32("")}) -> ${f32(2n ** 40n)}
       %c = stablehlo.negate %a : ${f32(2n ** 40n)}
       %b = stablehlo.add %a, %c : ${f32(2n ** 40n)}`
    )
  ],
  ["an array of no elements", broadcast(`0x${2n ** 40n}x${2n ** 40n}`)],
  ["sorts by LT", sort("LT")],
  ["FFTs", fft(8, ffts[0]!)],
  ["FFTs in the generic form", fft(8, ffts[1]!)],
  ["50 branches in one another", branches(50)],
  ["attributes 300 deep", nested(300)]
]

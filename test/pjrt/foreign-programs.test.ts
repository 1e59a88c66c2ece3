import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { Args, bytesBlock } from "../../native/struct.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { compileFor } from "../../pjrt/index.ts"
import type { PluginBuffer } from "../../pjrt/plugin/buffer.ts"
import { programStruct } from "../../pjrt/plugin/compile.ts"
import { PluginExecutable } from "../../pjrt/plugin/executable.ts"
import { compileOptions } from "../../pjrt/plugin/options.ts"
import { accelerators } from "../support/accelerators.ts"
import { onPlugins, onRemote } from "../support/backends.ts"
import { failure, onDevice } from "../support/run.ts"

const ways = [
  ...onPlugins,
  onRemote,
  { on: "a process of its own", open: () => onDevice("cpu", { isolate: true }) }
]

const main = (signature: string, body: string) => `module { func.func public @main${signature} { ${body} } }`
const bounded = "tensor<?xf32, #stablehlo.bounds<4>>"

/** The first two of four elements. */
const cut = main(
  `(%x: tensor<4xf32>) -> ${bounded}`,
  `%c = stablehlo.constant dense<2> : tensor<i32>
   %y = stablehlo.set_dimension_size %x, %c, dim = 0 : (tensor<4xf32>, tensor<i32>) -> ${bounded}
   return %y : ${bounded}`
)
/** The same among other results. */
const cutSecond = main(
  `(%x: tensor<4xf32>) -> (tensor<4xf32>, ${bounded})`,
  `%c = stablehlo.constant dense<2> : tensor<i32>
   %y = stablehlo.set_dimension_size %x, %c, dim = 0 : (tensor<4xf32>, tensor<i32>) -> ${bounded}
   return %x, %y : tensor<4xf32>, ${bounded}`
)
/** Their sum, which has a size of its own. */
const summed = main(
  "(%x: tensor<4xf32>) -> tensor<f32>",
  `%c = stablehlo.constant dense<2> : tensor<i32>
   %z = stablehlo.constant dense<0.0> : tensor<f32>
   %y = stablehlo.set_dimension_size %x, %c, dim = 0 : (tensor<4xf32>, tensor<i32>) -> ${bounded}
   %s = stablehlo.reduce(%y init: %z) applies stablehlo.add across dimensions = [0] : (${bounded}, tensor<f32>) -> tensor<f32>
   return %s : tensor<f32>`
)
const byColumns = (layout: string) =>
  main(
    `(%x: tensor<2x3xf32> {mhlo.layout_mode = "${layout}"}) -> tensor<2x3xf32>`,
    "%y = stablehlo.add %x, %x : tensor<2x3xf32> return %y : tensor<2x3xf32>"
  )
const converted = (type: string) =>
  main(
    `(%x: tensor<4x${type}>) -> tensor<4xf32>`,
    `%y = stablehlo.convert %x : (tensor<4x${type}>) -> tensor<4xf32> return %y : tensor<4xf32>`
  )
const doubling = (attribute: string) =>
  main(
    `(%x: tensor<4xf32> {${attribute}}) -> tensor<4xf32>`,
    "%y = stablehlo.add %x, %x : tensor<4xf32> return %y : tensor<4xf32>"
  )

const refused: ReadonlyArray<readonly [what: string, code: string, why: string, hint: string]> = [
  ["a result of bounded size", cut, "output 0 of the program is f32[<=4]", "return the array whole"],
  ["such a result among others", cutSecond, "output 1 of the program is f32[<=4]", "return the array whole"],
  [
    "a parameter by columns",
    byColumns("{0,1}"),
    "parameter 0 of the program has a layout of its own, {0,1}",
    "mhlo.layout_mode"
  ],
  [
    "a parameter of f8",
    converted("f8E4M3FN"),
    "parameter 0 of the program has element type F8E4M3FN",
    "convert it from one of f16"
  ],
  [
    "a parameter of i4",
    converted("i4"),
    "parameter 0 of the program has element type S4",
    "convert it from one of f16"
  ],
  [
    "a tuple",
    main(
      "(%t: tuple<tensor<4xf32>, tensor<2xf32>>) -> tensor<4xf32>",
      `%x = stablehlo.get_tuple_element %t[0] : (tuple<tensor<4xf32>, tensor<2xf32>>) -> tensor<4xf32>
       return %x : tensor<4xf32>`
    ),
    "parameter 0 of the program is a tuple",
    "a parameter for each element"
  ],
  [
    "a token",
    main("(%t: !stablehlo.token, %x: tensor<4xf32>) -> tensor<4xf32>", "return %x : tensor<4xf32>"),
    "parameter 0 of the program has element type TOKEN",
    "export the program without them"
  ]
]

/** A worker refuses these before it compiles them. */
const waiting: ReadonlyArray<readonly [opcode: string, code: string]> = [
  [
    "outfeed",
    main(
      "(%x: tensor<4xf32>) -> tensor<4xf32>",
      `%t = stablehlo.after_all : !stablehlo.token
       %u = "stablehlo.outfeed"(%x, %t) : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
       return %x : tensor<4xf32>`
    )
  ],
  [
    "infeed",
    main(
      "() -> tensor<4xf32>",
      `%t = stablehlo.after_all : !stablehlo.token
       %r:2 = "stablehlo.infeed"(%t) {infeed_config = ""} : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
       return %r#0 : tensor<4xf32>`
    )
  ]
]

const values = (bytes: Uint8Array<ArrayBuffer>) => [...new Float32Array(bytes.buffer)]
const floats = (...all: ReadonlyArray<number>) => new Uint8Array(Float32Array.from(all).buffer)

describe.each(ways)("a program that somebody else wrote, on $on", ({ open }) => {
  const run = open()

  it.each(refused)("with %s is refused", async (_, code, why, hint) => {
    const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
    expect(error).toMatchObject({ _tag: "CompileError", code: "UNIMPLEMENTED" })
    expect(error.message).toContain(why)
    expect((error as { hint: string }).hint).toContain(hint)
  })

  const applied = (code: string, shape: ReadonlyArray<number>, ...given: ReadonlyArray<number>) =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const executable = yield* backend.compile({ code })
        const x = yield* backend.put({ dtype: "f32", shape, bytes: floats(...given) }, scope)
        return values(yield* (yield* executable.run([x], scope))[0]!.bytes)
      })
    )

  it("may have arrays of bounded size within", async () => {
    expect(await applied(summed, [4], 1, 2, 3, 4)).toEqual([3])
  })

  it("may say that its arguments are row-major", async () => {
    const twice = [2, 4, 6, 8, 10, 12]
    expect(await applied(byColumns("{1,0}"), [2, 3], 1, 2, 3, 4, 5, 6)).toEqual(twice)
    expect(await applied(byColumns("default"), [2, 3], 1, 2, 3, 4, 5, 6)).toEqual(twice)
  })

  it("is refused where the compiler gives another result than is declared, for a stride that overflows", async () => {
    const code = main(
      "(%x: tensor<10xf32>) -> tensor<1xf32>",
      `%y = stablehlo.slice %x [0:10:9223372036854775807] : (tensor<10xf32>) -> tensor<1xf32>
       return %y : tensor<1xf32>`
    )
    const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
    expect(error).toMatchObject({ _tag: "CompileError", code: "INVALID_ARGUMENT" })
    expect(error.message).toContain("the compiler gives f32[0] for result 0, but the program says f32[1]")
  })

  it.each(["tf.aliasing_output = 0 : i32", "jax.buffer_donor = true"])(
    "takes over the memory that it says: %s",
    async (attribute) => {
      const [first, read, again] = await run(
        Effect.gen(function* () {
          const backend = yield* Backend
          const scope = yield* Scope.Scope
          const executable = yield* backend.compile({ code: doubling(attribute) })
          const x = yield* backend.put({ dtype: "f32", shape: [4], bytes: floats(1, 2, 3, 4) }, scope)
          const [y] = yield* executable.run([x], scope)
          const bytes = yield* y!.bytes
          return [values(bytes), yield* failure(x.bytes), yield* failure(executable.run([x], scope))] as const
        })
      )
      expect(first).toEqual([2, 4, 6, 8])
      expect(read).toMatchObject({ _tag: "BufferGone", reason: "donated" })
      expect(again).toMatchObject({ _tag: "BufferGone", reason: "donated" })
    }
  )
})

describe.each(onPlugins)("on $on", ({ open }) => {
  const run = open()

  it.each(waiting)("a program that waits for the host is refused: %s", async (opcode, code) => {
    const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
    expect(error).toMatchObject({ _tag: "CompileError", code: "UNIMPLEMENTED" })
    expect(error.message).toContain(`the program uses ${opcode}`)
  })

  it("memory that is read in place is not taken over", async () => {
    const error = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const executable = yield* backend.compile({ code: doubling("tf.aliasing_output = 0 : i32") })
        const x = yield* backend.put({ dtype: "f32", shape: [4], bytes: floats(1, 2, 3, 4) }, scope)
        const view = yield* x.view
        const refusal = yield* failure(executable.run([x], scope))
        expect(values(view.slice())).toEqual([1, 2, 3, 4])
        return refusal
      })
    )
    expect(error).toMatchObject({ _tag: "ArgumentError", path: "args[0]" })
    expect(error.message).toContain("read in place")
  })

  it("a result of bounded size is refused by what the first run gives, where the compiler was not asked", async () => {
    const error = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const x = (yield* backend.put(
          { dtype: "f32", shape: [4], bytes: floats(1, 2, 3, 4) },
          scope
        )) as PluginBuffer
        const { client, device } = x
        const counts = { replicas: 1, partitions: 1 }
        const args = new Args("Client_Compile")
          .set("client", client.handle.pointer)
          .point("program", programStruct(cut))
          .fill(
            "compile_options",
            "compile_options_size",
            bytesBlock(compileOptions(counts, "shardy", {}, [device.id]))
          )
        client.api.call(args)
        const placed = { devices: [device], counts, prints: false, foreign: false, rowMajor: true }
        const executable = new PluginExecutable(client, placed, args.get("executable"), { inputs: [x] })
        return yield* Effect.ensuring(
          failure(executable.run([x], scope)),
          Effect.sync(() => executable.release())
        )
      })
    )
    expect(error).toMatchObject({ _tag: "RunError", code: "UNIMPLEMENTED" })
    expect(error.message).toContain("output 0 of the program is only a part of its array")
  })
})

describe.each([{ target: "cpu" }, ...accelerators])("compiled ahead for $target", ({ target }) => {
  it.each(refused.slice(0, 5))("a program with %s is refused", async (_, code, why) => {
    const error = await Effect.runPromise(failure(compileFor({ code }, target)))
    expect(error._tag).toBe("CompileError")
    expect(error.message).toContain(why)
  })
})

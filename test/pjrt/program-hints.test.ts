import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { compileFor } from "../../pjrt/index.ts"
import { accelerators } from "../support/accelerators.ts"
import { onPlugins, onRemote } from "../support/backends.ts"
import { programs } from "../support/bytecode.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

const four = "tensor<4xf32>"
const main = (body: string, signature = `(%x: ${four}) -> ${four}`, attributes = "") =>
  `module ${attributes} { func.func public @main${signature} {\n${body}\n} }`

/** A call as JAX writes it, of so many results. */
const call = (name: string, api = 4): string =>
  main(
    `%y = "stablehlo.custom_call"(%x) {call_target_name = "${name}", api_version = ${api} : i32${api === 4 ? ", backend_config = {}" : ""}} : (${four}) -> ${four}
     return %y : ${four}`
  )

const tpu = 'jax.export.export(jax.jit(f), platforms=["tpu"])'
const quantized = "tensor<4x!quant.uniform<i8:f32, 0.5>>"

/** A portable artifact with an operation of a later version. */
const later = (): Uint8Array => {
  const code = Buffer.from(programs["StableHLO 1.17.0"]!)
  code.write("add_v9", code.indexOf("add_v1"), "latin1")
  return new Uint8Array(code)
}

const said: ReadonlyArray<readonly [cause: string, code: string | Uint8Array, hint: string]> = [
  ["no @main", main(`return %x : ${four}`).replace("@main", "@forward"), "a func.func public @main"],
  ["a private @main", main(`return %x : ${four}`).replace("public", "private"), "a func.func public @main"],
  ...[
    "lapack_spotrf_ffi",
    "lapack_sgeqrf_ffi",
    "lapack_sorgqr_ffi",
    "lapack_ssyevd_ffi",
    "lapack_sgesdd_ffi"
  ].map(
    (name) =>
      [
        `LAPACK's ${name}`,
        call(name),
        `code of LAPACK in jaxlib, which a plugin has not: export the program for TPU, whose form every device compiles: ${tpu}`
      ] as const
  ),
  ["LAPACK's LU", call("lapack_sgetrf_ffi"), "JAX has no other form of it"],
  ["LAPACK's eig", call("lapack_sgeev_ffi"), "JAX has no other form of it"],
  ["LU for TPU", call("LuDecomposition", 1), "to solve: jnp.linalg.qr"],
  ["CUDA's Cholesky", call("cusolver_potrf_ffi"), tpu],
  ["CUDA's own", call("cudnn_fusion", 1), "export the program for the device that runs it"],
  ["ROCm's QR", call("hipsolver_geqrf_ffi"), "jaxlib's ROCm part"],
  ["a callback", call("xla_ffi_python_cpu_callback"), "calls back into Python: leave jax.debug.print"],
  ["a custom call", call("my_kernel"), "my_kernel is a custom call that this plugin has not"],
  ["an untyped custom call", call("my_kernel", 1), "my_kernel is a custom call that this plugin has not"],
  [
    "symbolic shapes",
    main(
      "%y = stablehlo.add %x, %x : tensor<?xf32> return %y : tensor<?xf32>",
      "(%x: tensor<?xf32>) -> tensor<?xf32>"
    ),
    "export the program for fixed shapes"
  ],
  [
    "a dynamic operation",
    main(
      "%y = stablehlo.dynamic_reshape %x, %s : (tensor<4xf32>, tensor<1xi32>) -> tensor<?xf32> return %y : tensor<?xf32>",
      "(%x: tensor<4xf32>, %s: tensor<1xi32>) -> tensor<?xf32>"
    ),
    "export the program for fixed shapes"
  ],
  [
    "a parameter of bounded size",
    main(
      "%w = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?xf32, #stablehlo.bounds<4>>) -> tensor<i32> return %w : tensor<i32>",
      "(%x: tensor<?xf32, #stablehlo.bounds<4>>) -> tensor<i32>"
    ),
    "export the program for fixed shapes"
  ],
  [
    "quantized types",
    main(
      `%q = stablehlo.uniform_quantize %x : (${four}) -> ${quantized}
       %y = stablehlo.uniform_dequantize %q : (${quantized}) -> ${four} return %y : ${four}`
    ),
    "quantized types are not compiled"
  ],
  [
    "a result that is a token",
    main(
      `%t = stablehlo.after_all : !stablehlo.token return %t, %x : !stablehlo.token, ${four}`,
      `(%x: ${four}) -> (!stablehlo.token, ${four})`
    ),
    "tokens order effects"
  ],
  [
    "a result of f8",
    main(
      "%y = stablehlo.convert %x : (tensor<4xf32>) -> tensor<4xf8E4M3FN> return %y : tensor<4xf8E4M3FN>",
      `(%x: ${four}) -> tensor<4xf8E4M3FN>`
    ),
    "convert it to one of f16 bf16"
  ],
  [
    "another dialect",
    main(`%y = "tf.Add"(%x, %x) : (${four}, ${four}) -> ${four} return %y : ${four}`),
    "operations of another dialect"
  ],
  [
    "a dialect for the CPU",
    main(`%y = arith.addf %x, %x : ${four} return %y : ${four}`),
    "operations of another dialect"
  ],
  [
    "an operation that there is not",
    main(`%y = stablehlo.frobnicate %x : ${four} return %y : ${four}`),
    "has no stablehlo.frobnicate"
  ],
  ["a StableHLO that is too new", later(), "older than the program, and has no vhlo.add_v9"],
  ...["send", "recv"].map((name) => {
    const [given, made] = name === "send" ? [`${four}, `, ""] : ["", `${four}, `]
    return [
      `a ${name} to or from the host`,
      main(
        `%t = stablehlo.create_token : !stablehlo.token
         %r${name === "recv" ? ":2" : ""} = "stablehlo.${name}"(${name === "send" ? "%x, " : ""}%t) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = ${name === "send" ? 2 : 3}>, is_host_transfer = true}> : (${given}!stablehlo.token) -> (${made}!stablehlo.token)
         return %x : ${four}`
      ),
      "give what comes from the host as arguments"
    ] as const
  }),
  [
    "a result whose empty axes no number holds",
    main(
      `%i = stablehlo.iota dim = 1 : tensor<0x${2n ** 63n - 1n}xf32> return %i : tensor<0x${2n ** 63n - 1n}xf32>`,
      `() -> tensor<0x${2n ** 63n - 1n}xf32>`
    ),
    "make it smaller"
  ],
  ["text of HLO", "HloModule m\nENTRY main { ROOT x = f32[4] parameter(0) }", "this is text of HLO"],
  [
    "bytecode that is cut short",
    new Uint8Array(programs["version 6"]!.subarray(0, 60)),
    "the bytecode is cut short"
  ],
  [
    "a type that does not fit",
    main(`return %x : ${four}`, `(%x: ${four}) -> tensor<5xf32>`),
    "mend the program at the place that the plugin's own words above name"
  ]
]

/** The refusals of the worker's own come before the compiler's. */
const screened = /a send|a recv|LAPACK|CUDA|ROCm|custom call|callback|LU for TPU|cut short/

describe.each([...onPlugins, onRemote])("what to do about a program, on $on", ({ on, open }) => {
  const run = open()

  it.each(said.filter(([cause]) => on !== "a worker" || !screened.test(cause)))(
    "with %s",
    async (_, code, hint) => {
      const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
      expect(error._tag).toBe("CompileError")
      expect((error as { hint: string }).hint).toContain(hint)
      if (!hint.includes("@main")) expect((error as { hint: string }).hint).not.toContain("func.func @main")
    }
  )
})

describe.each(plugins)("on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 2 })

  it("what to do about partitions that ask for their number", async () => {
    const code = main(
      `%p = stablehlo.partition_id : tensor<ui32>
       %f = stablehlo.convert %p : (tensor<ui32>) -> tensor<f32>
       %b = stablehlo.broadcast_in_dim %f, dims = [] : (tensor<f32>) -> ${four}
       %y = stablehlo.add %x, %b : ${four} return %y : ${four}`,
      undefined,
      "attributes {mhlo.num_partitions = 2 : i32}"
    )
    const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
    expect((error as { hint: string }).hint).toContain("inside sdy.manual_computation")
  })
})

describe.each(accelerators)("compiled for $target", ({ target }) => {
  it.each([
    ["lapack_spotrf_ffi", call("lapack_spotrf_ffi"), tpu],
    ["my_kernel", call("my_kernel", 1), "my_kernel is a custom call that this plugin has not"]
  ])("what to do about %s", async (_, code, hint) => {
    const error = await Effect.runPromise(failure(compileFor({ code }, target)))
    expect((error as { hint: string }).hint).toContain(hint)
  })
})

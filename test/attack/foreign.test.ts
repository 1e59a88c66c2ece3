import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { bytesOf } from "../../dsl/shape.ts"
import type { Backend as Service } from "../../pjrt/backend/backend.ts"
import { debugPrint, f32, jit } from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { nestedBytecode } from "../support/bytecode.ts"
import { loopcarry, root } from "../support/command.ts"
import { on } from "../support/healthy.ts"
import { plugins } from "../support/plugins.ts"

type Texts = Readonly<Record<string, string>>

const { text, bytecode }: { readonly text: Texts; readonly bytecode: Texts } = JSON.parse(
  readFileSync(new URL("../fixtures/foreign.json", import.meta.url), "utf8")
)

/** As built: a process that is started from source takes four times as long, and each crash is followed by a start. */
const { Backend, Device }: typeof import("../../pjrt/index.ts") = await import(
  path.join(root, "dist/pjrt/index.js")
)

const repeat = (times: number, text: (i: number) => string): string =>
  Array.from({ length: times }, (_, i) => text(i)).join("\n")

const one = "%one = stablehlo.constant dense<1> : tensor<i32>"
const main = (result: string, body: string, attributes = "") =>
  `module ${attributes} { func.func public @main() -> ${result} { ${body} } }`
const returnsOne = `${one}\n return %one : tensor<i32>`

const nested = (depth: number): string =>
  main(
    "tensor<i32>",
    `%p = stablehlo.constant dense<true> : tensor<i1>
    ${repeat(depth, (i) => `%r${i} = "stablehlo.if"(%p) ({`)}
    ${one}
    stablehlo.return %one : tensor<i32>
    ${repeat(depth, (i) => {
      const at = depth - 1 - i
      const up = at === 0 ? "return" : "stablehlo.return"
      return `}, { %e${at} = stablehlo.constant dense<2> : tensor<i32>
      stablehlo.return %e${at} : tensor<i32>
      }) : (tensor<i1>) -> tensor<i32>
      ${up} %r${at} : tensor<i32>`
    })}`
  )

/** What is too deep for a fixture, or for the parser that would write it. */
const deep: Readonly<Record<string, string | Uint8Array>> = {
  "regions 6,000 deep": nested(6000),
  "an attribute 200,000 deep": main(
    "tensor<i32>",
    returnsOne,
    `attributes {a.b = ${"[".repeat(200_000)}${"]".repeat(200_000)}}`
  ),
  "a constant 100,000 deep": main(
    "tensor<i1>",
    `%0 = stablehlo.constant dense<${"[".repeat(100_000)}true${"]".repeat(100_000)}> : tensor<i1>
    return %0 : tensor<i1>`
  ),
  "a type 50,000 deep": main(`${"tuple<".repeat(50_000)}tensor<i32>${">".repeat(50_000)}`, returnsOne),
  "bytecode 100,000 deep": nestedBytecode(100_000)
}

const attacks: ReadonlyArray<readonly [name: string, code: string | Uint8Array]> = [
  ...Object.entries(text),
  ...Object.entries(bytecode).map(
    ([name, code]) => [`${name}, as bytecode`, Buffer.from(code, "base64")] as const
  ),
  ...Object.entries(deep)
]

const isolated = <A, E>(device: string, effect: Effect.Effect<A, E, Service | Scope.Scope>): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(Effect.provide(effect, Device.layer(device, { isolate: true, cache: false })))
  )

/** Compiles a module and runs it on zeros: its results. */
const attempt = (code: string | Uint8Array) =>
  Effect.gen(function* () {
    const { compile, put } = yield* Backend
    const scope = yield* Effect.scope
    const { inputs = [], run } = yield* compile({ code })
    const args = yield* Effect.forEach(inputs, (aval) =>
      put({ ...aval, bytes: new Uint8Array(bytesOf(aval)) }, scope)
    )
    const results = yield* run(args, scope)
    return yield* Effect.forEach(results, ({ bytes }) => bytes)
  })

/** A healthy program gives the right result. */
const right = Effect.gen(function* () {
  const [bytes] = yield* attempt(main("tensor<i32>", returnsOne))
  expect(new Int32Array(bytes!.buffer)).toEqual(Int32Array.of(1))
})

interface Fault {
  readonly _tag: string
  readonly message: string
  readonly hint: string
}

/** The typed error of an attack, or nothing where it has results. */
const faultOf = (name: string, exit: Exit.Exit<unknown, unknown>): Fault | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const fault = Cause.squash(exit.cause) as Fault
  expect(fault._tag, `${name}: ${fault.message}`).toMatch(
    /^(ArgumentError|CompileError|DeviceLost|DeviceUnavailable|OutOfMemory|RunError)$/
  )
  expect(fault.hint, name).not.toBe("")
  return fault
}

/** Of a process that died it is told by what, and what it said of it: or what it means that it said nothing. */
const told =
  /was ended by SIG[A-Z]+ while 1 call waited for it \((compile|run|read)\)(:\n[^\s@*].*|: most likely .*)/

describe("programs that somebody else wrote, in a process of its own", () => {
  it("end as typed errors or give results, and the device serves on", (context) =>
    isolated(
      "cpu",
      Effect.gen(function* () {
        for (const [name, code] of attacks) {
          const fault = faultOf(name, yield* Effect.exit(Effect.scoped(attempt(code))))
          if (fault?._tag === "DeviceLost") expect(fault.message, name).toMatch(told)
        }
        yield* right
        countAttacks(context, attacks.length)
      })
    ))

  it("say why they died", (context) =>
    isolated(
      "cpu",
      Effect.gen(function* () {
        const words = {
          "spmd_output_sharding of 9": /SIGABRT[\s\S]*\(compile\):\nfree\(\): invalid pointer$/,
          "TopK with k beyond its input": /SIGSEGV.*\(run\): most likely its stack overflowed/
        }
        for (const [name, said] of Object.entries(words)) {
          const fault = faultOf(name, yield* Effect.exit(Effect.scoped(attempt(text[name]!))))
          expect(fault, name).toMatchObject({ _tag: "DeviceLost", message: expect.stringMatching(said) })
          expect(fault?.message, name).not.toMatch(/^ +@ +0x/m)
        }
        countAttacks(context, Object.keys(words).length)
      })
    ))

  it.each(plugins.slice(1))("say why they died, of PJRT $api", ({ path: file }) =>
    isolated(
      `plugin:${file}`,
      Effect.gen(function* () {
        const fault = faultOf("", yield* Effect.exit(attempt(text["TopK with k beyond its input"]!)))
        expect(fault?.message).toMatch(/SIG(SEGV|ABRT).*\((compile|run)\):/)
        yield* right
      })
    )
  )
})

describe("loopcarry exec", () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-test-")), "sharded.mlir")
  const four = "%x = stablehlo.constant dense<1.0> : tensor<4xf32> return %x : tensor<4xf32>"
  const over = `attributes {mhlo.spmd_output_sharding = "{devices=[9]0}"}`
  writeFileSync(file, main("tensor<4xf32>", four, over))

  it("holds the plugin in a process of its own", async (context) => {
    const ended = await loopcarry(["exec", file])
    expect(ended).toMatchObject({ status: 3, signal: null, stdout: "" })
    expect(ended.stderr).toMatch(/^error: the process .* \(compile\):\nfree\(\): invalid pointer\n/)
    countAttacks(context, 1)
  })

  it("holds it in its own where it is told to", async () => {
    const ended = await loopcarry(["exec", file, "--in-process"])
    expect(ended.signal).toBe("SIGABRT")
    expect(await loopcarry(["exec", file, "--in-process", "--isolate"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("contradict each other")
    })
  })
})

describe("debugPrint in a process of its own", () => {
  it("prints to standard error where nobody is told", async () => {
    const write = process.stderr.write
    let said = ""
    process.stderr.write = ((text: string) => {
      said += text
      return true
    }) as typeof write
    try {
      await on(
        "cpu",
        Effect.flatMap(jit([f32()], (x) => debugPrint("x", x))(2), ({ read }) => read),
        {
          isolate: true
        }
      )
    } finally {
      process.stderr.write = write
    }
    expect(said).toBe("x: f32[] 2\n")
  })
})

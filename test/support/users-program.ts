import { readFileSync } from "node:fs"
import path from "node:path"
import { root } from "./command.ts"

/** The README's first program. */
export const readme = /```ts\n([\s\S]*?)```/.exec(readFileSync(path.join(root, "README.md"), "utf8"))![1]!

export const readmeSays = /^45 Float32Array\(10\) \[\s*0,\s+1,\s+3,/

/** Every entry, and each kind of device: in process, in a process of its own, on a worker. */
export const everything = `import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
${Object.keys(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).exports)
  .filter((name) => name !== "./package.json")
  .map((name, i) => `import * as entry${i} from "${path.posix.join("loopcarry", name)}"\nvoid entry${i}`)
  .join("\n")}
import { add, arange, convert, f32, jit, scan } from "loopcarry"
import { Backend, Device, scanStream } from "loopcarry/pjrt"
import { supervise } from "loopcarry/remote"

const sums = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (c, x) => {
    const total = add(c, x)
    return [total, total]
  })
)
const walk = scanStream(f32(), null, (x, _, step) => [add(x, convert(step, "f32")), x], { chunk: 2 })
const main = Effect.gen(function* () {
  const { device } = yield* Backend
  const [last] = yield* sums(0)
  const rows = yield* walk(0, { xs: null, steps: 4 }).pipe(Stream.runCollect)
  const wrong = yield* Effect.flip(jit([f32(3), f32(4)], (x, y) => add(x, y as never)).traced)
  console.log(device.platform, yield* last.read, rows.length, wrong._tag)
})
const on = (name: string, options = {}) =>
  Effect.runPromise(main.pipe(Effect.scoped, Effect.provide(Device.layer(name, options))))
await on("reference")
await on("cpu")
await on("cpu", { isolate: true })
await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      const worker = yield* supervise({ device: "cpu", host: "127.0.0.1", port: 0 })
      yield* Effect.promise(() => on(\`remote://\${worker.address}\`))
    })
  )
)
`

export const everythingSays = `reference 45 4 ShapeError
cpu 45 4 ShapeError
cpu 45 4 ShapeError
cpu 45 4 ShapeError
`

/** A project's tsconfig.json. */
export const compilerOptions = (how: "nodenext" | "bundler"): string =>
  JSON.stringify({
    compilerOptions: {
      target: "es2023",
      // Effect's own declarations name what browsers have too.
      lib: ["es2023", "esnext.disposable", "dom"],
      module: how === "bundler" ? "esnext" : how,
      moduleResolution: how,
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true
    },
    include: ["main.ts"]
  })

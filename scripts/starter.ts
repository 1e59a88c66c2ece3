/** The files of a new project, by their names. */
export const starterFiles = (
  name: string,
  versions: Readonly<Record<"loopcarry" | "effect" | "typescript" | "tsx" | "@types/node", string>>
): Readonly<Record<string, string>> => {
  const { loopcarry, effect, ...tools } = versions
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: { start: "tsx main.ts", typecheck: "tsc" },
    dependencies: { effect: `^${effect}`, loopcarry: `^${loopcarry}` },
    devDependencies: Object.fromEntries(
      Object.entries(tools)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([tool, version]) => [tool, `^${version}`])
    )
  }
  const compiler = {
    compilerOptions: {
      target: "ES2023",
      module: "NodeNext",
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"]
    }
  }
  return {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "tsconfig.json": `${JSON.stringify(compiler, null, 2)}\n`,
    "main.ts": main
  }
}

const main = `import * as Effect from "effect/Effect"
import { arange, experiment, f32, flag, jit, mul, scan, sub } from "loopcarry"

/** The logistic map: 100 steps of x' = r x (1 - x), keeping each. */
const logistic = jit([f32(), f32()], (start, r) =>
  scan(start, arange(100), (x) => {
    const next = mul(r, x, sub(1, x))
    return [next, next]
  })
)

export default experiment("logistic map", {
  about: "100 steps of chaos",
  flags: { r: flag.float(3.7, "the growth rate") },
  run: ({ r }) => Effect.map(logistic(0.5, r), ([last, orbit]) => ({ last, orbit }))
})
`

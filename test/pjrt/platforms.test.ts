import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"
import { thisMachine } from "../../native/plugins/catalog.ts"
import { promptRank } from "../../pjrt/backend/prompt.ts"
import * as Device from "../../pjrt/device/device.ts"
import { hintFor, hintForAny } from "../../pjrt/platforms/hints.ts"
import { deviceNames, parseDeviceName } from "../../pjrt/platforms/names.ts"
import type { Platform } from "../../pjrt/platforms/platform.ts"
import {
  catalog,
  compilerVariables,
  findInstalled,
  howToGet,
  platformOfLibrary,
  surroundings
} from "../../pjrt/platforms/plugins.ts"
import {
  nameReported,
  type PlatformName,
  platformNamed,
  platformNames,
  platforms,
  traitsOf
} from "../../pjrt/platforms/table.ts"
import { parseTarget } from "../../pjrt/platforms/targets.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"

const root = path.resolve(import.meta.dirname, "../..")
const saved = { ...process.env }
afterEach(() => {
  for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key]
  Object.assign(process.env, saved)
})

const temporary = (): string => mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))

const touch = (...parts: ReadonlyArray<string>): string => {
  const file = path.join(...parts)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, "")
  return file
}

/** Each kind's libraries: where Python packages keep them, and under which customary name they lie in a folder. */
const libraries: Readonly<
  Record<PlatformName, { readonly python: ReadonlyArray<string>; readonly folder: string }>
> = {
  cpu: { python: ["xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"], folder: "pjrt_c_api_cpu_plugin.so" },
  cuda: { python: ["jax_plugins/xla_cuda13/xla_cuda_plugin.so"], folder: "pjrt_c_api_cuda_plugin.so" },
  tpu: { python: ["libtpu/libtpu.so"], folder: "libtpu.so" },
  rocm: {
    python: [
      "jax_plugins/xla_rocm10/xla_rocm_plugin.so",
      "jax_plugins/xla_rocm7/xla_rocm_plugin.so",
      "jax_plugins/xla_rocm60/xla_rocm_plugin.so"
    ],
    folder: "xla_rocm_plugin.so"
  },
  metal: {
    python: [
      "jax_plugins/mps/lib/libpjrt_plugin_mps.dylib",
      "jax_plugins/metal_plugin/pjrt_plugin_metal_14.dylib"
    ],
    folder: "pjrt_plugin_metal_14.dylib"
  },
  oneapi: {
    python: [
      "jax_plugins/xla_oneapi/xla_oneapi_plugin.so",
      "jax_plugins/intel_extension_for_openxla/pjrt_plugin_xpu.so"
    ],
    folder: "pjrt_plugin_xpu.so"
  },
  neuron: { python: ["libneuronxla/libneuronpjrt.so"], folder: "libneuronpjrt.so" }
}

describe("the table of platforms", () => {
  it("takes no record from which a part is left out", () => {
    const { doctor: _, ...rest } = platformNamed("tpu")
    // @ts-expect-error The doctor is missing.
    const forgotten: Platform = rest
    const { rowMajor: __, ...traits } = platformNamed("tpu").traits
    // @ts-expect-error A trait is missing.
    const half: Platform["traits"] = traits
    expect([forgotten.name, half.hostMemory]).toEqual(["tpu", false])
  })

  it("has one folder for each kind, with its record and its doctor", () => {
    const folder = path.join(root, "pjrt/platforms")
    const kinds = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory())
    expect(kinds.map(({ name }) => name).sort()).toEqual([...platformNames].sort())
    for (const { name } of kinds)
      expect(readdirSync(path.join(folder, name))).toEqual(
        expect.arrayContaining(["doctor.ts", "platform.ts"])
      )
  })

  it.each(platforms)("has all of $name", async (platform) => {
    const { name, plugins: source, traits, targets } = platform
    expect(source.platform).toBe(name)
    expect(nameReported(name.toUpperCase())).toBe(name)
    expect(source.called).toContain(name)
    expect(source.machines.length).toBeGreaterThan(0)
    for (const example of platform.examples) {
      expect(parseDeviceName(example)).toMatchObject({ platform: name })
      expect(deviceNames).toContain(example)
    }
    for (const entry of source.catalog) {
      expect(entry.platform).toBe(name)
      expect(source.machines).toContain(`${entry.os} ${entry.arch}`)
    }
    expect(traits.prompt.axes).toBeLessThanOrEqual(promptRank)
    for (const known of targets?.known ?? []) expect(parseTarget(known)).toMatchObject({ platform: name })
    const { findings, isPresent, slow } = await platform.doctor()
    expect(slow).not.toBe("")
    for (const each of findings(undefined)) expect(each.platform).toBe(name)
    if (!isPresent()) expect(findings(undefined).some(({ verdict }) => verdict === "absent")).toBe(true)
    expect(platform.unopened).not.toBe("")
  })

  it("names what plugins report, each once", () => {
    const reported = platforms.flatMap((each) => each.reported)
    expect(new Set(reported).size).toBe(reported.length)
    expect(nameReported("SYCL")).toBe("oneapi")
    expect(nameReported("mps")).toBe("metal")
    expect(nameReported("Moon")).toBe("moon")
  })

  it("knows the platform of a library by its customary name, and of one alone", () => {
    const files = Object.entries(libraries).flatMap(([platform, { python, folder }]) =>
      [...python, folder].map((file) => [platform, path.basename(file)] as const)
    )
    for (const entry of catalog.filter(({ member }) => !/xla_cpu_pjrt/.test(member)))
      files.push([entry.platform, path.basename(entry.member)])
    for (const [platform, file] of files.filter(([, name]) => name !== "xla_cpu_pjrt.so")) {
      const fitting = platforms.filter(({ plugins: { libraryName } }) => libraryName.test(file))
      expect(
        fitting.map(({ name }) => name),
        file
      ).toEqual([platform])
      expect(platformOfLibrary(`/some/folder/${file}`)?.name).toBe(platform)
    }
    expect(platformOfLibrary("/some/folder/libm.so")).toBeUndefined()
  })

  it("reads device names of each kind, and no others", () => {
    for (const platform of platformNames) {
      expect(parseDeviceName(platform)).toEqual({ platform, index: 0 })
      expect(parseDeviceName(`${platform}:12`)).toEqual({ platform, index: 12 })
      for (const wrong of [
        `${platform}:`,
        `${platform}:x`,
        `${platform}:-1`,
        ` ${platform}`,
        platform.toUpperCase()
      ])
        expect(parseDeviceName(wrong), wrong).toBeUndefined()
    }
    for (const wrong of ["", "gpu", "constructor", "toString:1", "__proto__", "mps", "sycl"])
      expect(parseDeviceName(wrong), wrong).toBeUndefined()
  })

  it("has the traits of a device that nobody knows", () => {
    expect(traitsOf("moon")).toMatchObject({ hostMemory: false, rowMajor: true, forThisProcessor: false })
    expect(traitsOf("moon").xla({ version: { minor: 115 }, environment: [] }, "")).toEqual({})
    expect(surroundings("moon", ["A=1"], [])).toEqual(["A=1"])
    expect(surroundings("cpu", [], [])).toEqual([expect.stringMatching(/^threads=\d+$/)])
  })

  it("holds the variables that each compiler reads, and none of logs", () => {
    const read = { ROCM_PATH: "/opt/rocm", NEURON_CC_FLAGS: "-O1", SYCL_CACHE_PERSISTENT: "1", MLX_X: "1" }
    const logs = { TF_CPP_MIN_LOG_LEVEL: "0", TPU_MIN_LOG_LEVEL: "0", NEURON_RT_LOG_LEVEL: "INFO" }
    expect(compilerVariables({ ...read, ...logs })).toEqual(
      Object.entries(read)
        .map(([name, value]) => `${name}=${value}`)
        .sort()
    )
  })
})

describe("discovery of each kind", () => {
  const found = (platform: PlatformName, env: NodeJS.ProcessEnv) =>
    Effect.runPromise(findInstalled(platform, { env: { PATH: saved.PATH, ...env } }))

  it.each(platformNames)("%s: looks into site-packages, folders and JAX's variable", async (platform) => {
    process.env.LOOPCARRY_CACHE = temporary()
    const { python, folder } = libraries[platform]
    const site = path.join(temporary(), "site-packages")
    for (const [i, library] of [...python].reverse().entries()) {
      const file = touch(site, library)
      // Of several packages the best is taken.
      if (i === python.length - 1)
        expect(await found(platform, { PYTHONPATH: site })).toEqual({
          path: file,
          source: "Python site-packages"
        })
    }
    const file = touch(temporary(), folder)
    expect(await found(platform, { PJRT_PLUGIN_LIBRARY_PATH: path.dirname(file) })).toEqual({
      path: file,
      source: "PJRT_PLUGIN_LIBRARY_PATH"
    })
    for (const name of platformNamed(platform).plugins.called)
      expect(await found(platform, { PJRT_NAMES_AND_LIBRARY_PATHS: `other:/x,my_${name}:${file}` })).toEqual({
        path: file,
        source: "PJRT_NAMES_AND_LIBRARY_PATHS"
      })
    const { variable } = platformNamed(platform).plugins
    if (variable !== undefined)
      expect(await found(platform, { [variable]: file })).toEqual({ path: file, source: variable })
  })
})

describe("a kind of device that is not here", () => {
  const others = platformNames.filter((name) => name !== "cpu")

  it.each(others)("%s: is refused by name without a plugin, with what to do", async (platform) => {
    process.env.LOOPCARRY_CACHE = temporary()
    process.env.PATH = "/nonexistent"
    const error = await Effect.runPromise(failure(Effect.scoped(Device.open(platform))))
    expect(error).toMatchObject({
      _tag: "PluginMissing",
      message: `no PJRT plugin for ${platform} was found`,
      hint: howToGet(platform, "run")
    })
    const { machines } = platformNamed(platform).plugins
    expect(howToGet(platform, "run")).toContain(
      machines.includes(thisMachine())
        ? "or name a plugin with --plugin PATH"
        : `are for ${machines.join(" and ")}`
    )
  })

  it.each(others)("%s: is not split, and takes no plugin of another", async (platform) => {
    const split = failure(Effect.scoped(Device.open(platform, { virtualDevices: 2 })))
    expect(await Effect.runPromise(split)).toMatchObject({
      _tag: "DeviceRequestError",
      message: `${platform} devices are real`
    })
    const wrong = Device.open(platform, { plugin: plugins[0]!.path, isolate: true })
    expect(await Effect.runPromise(failure(Effect.scoped(wrong)))).toMatchObject({
      _tag: "DeviceUnavailable",
      hint: "name a plugin of the right platform, or leave --plugin and LOOPCARRY_PLUGIN out"
    })
  })

  it.each([
    ["rocm", "librocprofiler-sdk.so.1: cannot open shared object file: No such file or directory", "ROCm"],
    ["oneapi", "libmpi.so.12: cannot open shared object file: No such file or directory", "with-oneapi"],
    ["oneapi", "libur_adapter_level_zero.so.0: undefined symbol: zeDeviceGetRootDevice", "Level Zero"],
    ["oneapi", "/x/pjrt_plugin_xpu.so speaks PJRT API 0.54; 0.57 is the oldest", "jax-oneapi-plugin"],
    ["metal", "/x/pjrt_plugin_metal_14.dylib speaks PJRT API 0.47; 0.57 is the oldest", "jax-mps"],
    [
      "neuron",
      "libnrt.so.1: cannot open shared object file: No such file or directory",
      "aws-neuronx-runtime-lib"
    ],
    ["neuron", "/x/libneuronpjrt.so: undefined symbol: PyObject_Call", "Python"]
  ] as const)("%s: knows what %s asks for", (platform, message, next) => {
    expect(hintFor(platform, message)).toContain(next)
    expect(hintForAny(message)).toBe(hintFor(platform, message))
  })
})

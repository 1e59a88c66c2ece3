import { existsSync, readFileSync } from "node:fs"
import { list } from "../../../native/files.ts"
import { type Finding, finding, nodes, runLonger } from "../findings.ts"
import type { Doctor } from "../platform.ts"

/** Intel, among the makers of PCI devices. */
const intel = "0x8086"

const gpus = (): ReadonlyArray<string> =>
  list("/sys/class/drm").flatMap((name) => {
    const vendor = `/sys/class/drm/${name}/device/vendor`
    const isGpu = /^renderD\d+$/.test(name) && existsSync(vendor)
    return isGpu && readFileSync(vendor, "utf8").trim() === intel ? [`/dev/dri/${name}`] : []
  })

const loader = (): Finding => {
  const folders = [
    ...(process.env.LD_LIBRARY_PATH ?? "").split(":").filter((folder) => folder !== ""),
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib"
  ]
  const found = folders.find((folder) => list(folder).includes("libze_loader.so.1"))
  return found === undefined
    ? finding(
        "level zero",
        "absent",
        "there is no libze_loader.so.1 where libraries lie",
        "install level-zero from Intel's packages, if there is an Intel GPU",
        "oneapi"
      )
    : finding("level zero", "ok", `the Level Zero loader lies in ${found}`, undefined, "oneapi")
}

export const oneapiDoctor: Doctor = {
  isPresent: () => gpus().length > 0,
  findings: () => [
    nodes("oneapi", "intel gpus", gpus(), {
      absent: "there is no Intel GPU in /sys/class/drm",
      shut: "add this user to the group render; in a container: --device /dev/dri"
    }),
    loader()
  ],
  slow: runLonger
}

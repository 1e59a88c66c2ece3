import { plugins } from "./plugins.ts"
import { onDevice, type Run } from "./run.ts"
import { onWorker } from "./worker.ts"

/** What fixtures are held against: a device, opened for the group of tests that asks for it. */
export interface On {
  readonly on: string
  readonly open: () => Run
}

export const onPlugins: ReadonlyArray<On> = plugins.map(({ api, path }) => ({
  on: `PJRT ${api}`,
  open: () => onDevice(`plugin:${path}`, { virtualDevices: 1 })
}))

export const onRemote: On = {
  on: "a worker",
  open: () => {
    const worker = onWorker()
    return onDevice(() => worker.device)
  }
}

export const onReference: On = { on: "reference", open: () => onDevice("reference") }

export const onProcess: On = {
  on: "a process of its own",
  open: () => onDevice(`plugin:${plugins[0]!.path}`, { virtualDevices: 1, isolate: true })
}

/** The newest plugin, and the interpreter that it is held against. */
export const twoDevices: ReadonlyArray<On> = [onPlugins[0]!, onReference]

/** The other kinds of backend: older plugins, one in a process of its own, a worker. */
export const otherDevices: ReadonlyArray<On> = [...onPlugins.slice(1), onProcess, onRemote]

export const onEvery: ReadonlyArray<On> = [...twoDevices, ...otherDevices]

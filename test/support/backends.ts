import { plugins } from "./plugins.ts"
import { onDevice, type Run } from "./run.ts"
import { onWorker } from "./worker.ts"

/** What fixtures are held against: a device, opened for the group of tests that asks for it. */
export interface On {
  readonly on: string
  readonly open: () => Run
  /** Which of many cases it takes where there is not time for all: one in so many, from that place on. */
  readonly share?: readonly [every: number, from: number]
}

/** Those of many like cases that a device takes. All take all of them with LOOPCARRY_ALL_FIXTURES=1. */
export const sharesOf = <A>(
  { share: [every, from] = [1, 0] }: On,
  cases: ReadonlyArray<A>
): ReadonlyArray<A> =>
  process.env.LOOPCARRY_ALL_FIXTURES === "1" ? cases : cases.filter((_, i) => i % every === from)

export const onPlugins: ReadonlyArray<On> = plugins.map(({ api, path }, i) => ({
  on: `PJRT ${api}`,
  open: () => onDevice(`plugin:${path}`, { virtualDevices: 1 }),
  share: i === 0 ? [2, 0] : [8, i]
}))

export const onRemote: On = {
  on: "a worker",
  open: () => {
    const worker = onWorker()
    return onDevice(() => worker.device)
  },
  share: [12, 0]
}

export const onReference: On = { on: "reference", open: () => onDevice("reference") }

export const onProcess: On = {
  on: "a process of its own",
  open: () => onDevice(`plugin:${plugins[0]!.path}`, { virtualDevices: 1, isolate: true }),
  share: [4, 3]
}

/** The newest plugin, and the interpreter that it is held against. */
export const twoDevices: ReadonlyArray<On> = [onPlugins[0]!, onReference]

/** The other kinds of backend: older plugins, one in a process of its own, a worker. */
export const otherDevices: ReadonlyArray<On> = [...onPlugins.slice(1), onProcess, onRemote]

export const onEvery: ReadonlyArray<On> = [...twoDevices, ...otherDevices]

/** Calls of the door of promises that must not compile: each with one sentence, as the last line. */
import * as lc from "../../../pjrt/loopcarry.ts"
import { type OpenDevice, release } from "../../../pjrt/promise/index.ts"

declare const device: OpenDevice
const double = device.jit([lc.f32(3)], (x) => lc.mul(x, 2))
const effectful = lc.jit([lc.f32(3)], (x) => lc.mul(x, 2))
declare const matrix: Awaited<ReturnType<OpenDevice["put"]>>

export const notAwaited = double(double([1, 2, 3]))
export const ofEffect = double(effectful([1, 2, 3]))
export const awaitedEffect = double(await effectful([1, 2, 3]))
export const readEffect = (await effectful([1, 2, 3])).read()
export const readsEffect = device.read(effectful([1, 2, 3]))
export const readsPromise = device.read(double([1, 2, 3]))
export const released = release({ x: 3 })
export const dtype = double(await device.put(lc.i32(3), [1, 2, 3]))
export const async = device.jit([lc.f32()], async (x) => x)
export const called = device.run(effectful)
export const summed = matrix + 1

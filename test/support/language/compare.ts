import type { DType } from "../../../dsl/dtype.ts"
import { numbers } from "../flat.ts"
import type { Given } from "./cases.ts"

/** f64 to a few units in the last place of what cancels on the way; what is computed through f32, to that. */
const tolerance: Partial<Record<DType, number>> = { f64: 2e-9, f32: 2e-6 }
const loose: Readonly<Record<string, number>> = { convert: 1e-6, drawHalves: 4e-3 }

/**
 * Random numbers equal JAX's bit for bit, except those that go through a special function. Numbers with bounds also
 * differ on the reference device and on CUDA: those round a product before adding to it, and XLA's CPU compiler does
 * not.
 */
const isExact = (name: string, device: string): boolean =>
  name.startsWith("random") &&
  name !== "randomNormal" &&
  !(name === "randomUniform" && (device === "reference" || device.startsWith("cuda")))

/** The elements of a result that are not what JAX has, each as `[3] 1.5 for 1.4`. */
export const missesOf = (
  device: string,
  name: string,
  found: unknown,
  want: Given
): ReadonlyArray<string> => {
  const got = numbers(found)
  const expected = want.data.map(Number)
  if (got.length !== expected.length) return [`${got.length} elements for ${expected.length}`]
  const limit = isExact(name, device) ? 0 : (loose[name] ?? tolerance[want.dtype] ?? 0)
  return expected.flatMap((value, i) => {
    const other = got[i]!
    const close = Number.isFinite(value)
      ? Math.abs(other - value) <= limit * Math.max(1, Math.abs(value))
      : Object.is(other, value)
    return close ? [] : [`[${i}] ${other} for ${value}`]
  })
}

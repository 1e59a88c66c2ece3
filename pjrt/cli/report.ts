import * as Effect from "effect/Effect"
import { type DeviceArray, isDeviceArray } from "../array.ts"
import type { TransferError } from "../errors.ts"
import { decodeArray } from "../host.ts"
import { inPhase } from "../spans.ts"
import { arrayJson, labelled, nest, showNested, toJson } from "./layout.ts"

export interface Result {
  readonly name: string
  /** For people. */
  readonly lines: ReadonlyArray<string>
  readonly json: unknown
}

/** What one run of an experiment gave, ready to be printed. */
export interface Report {
  readonly experiment: string
  readonly about: string
  readonly program: string | undefined
  readonly device: { readonly platform: string; readonly id: number; readonly kind: string }
  readonly results: ReadonlyArray<Result>
  readonly milliseconds: { readonly total: number; readonly compiling: number }
}

/** Makes a named value ready to be printed; a device array is read. */
export const readResult = (name: string, value: unknown): Effect.Effect<Result, TransferError> => {
  if (isDeviceArray(value)) return readArray(name, value)
  const plain = ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<unknown>) : value
  return Effect.succeed({ name, lines: showNested(plain), json: toJson(plain) })
}

const readArray = (
  name: string,
  { dtype, shape, bytes: reading }: DeviceArray
): Effect.Effect<Result, TransferError> =>
  Effect.map(inPhase("download", reading), (bytes) => {
    const array = decodeArray(dtype, bytes)
    return {
      name,
      lines: showNested(nest(dtype, shape, array)),
      json: arrayJson(dtype, shape, array)
    }
  })

const indented = (text: string): ReadonlyArray<string> => text.trimEnd().split("\n")

/** A report as people read it. */
export const showReport = (report: Report): string => {
  const { device, milliseconds } = report
  const heading = report.about === "" ? report.experiment : `${report.experiment}: ${report.about}`
  const width = Math.max(7, ...report.results.map(({ name }) => name.length))
  const time = `${milliseconds.total.toFixed(1)} ms, ${milliseconds.compiling.toFixed(1)} of them compiling`
  return [
    heading,
    "",
    ...(report.program === undefined ? [] : [labelled("program", indented(report.program), width)]),
    labelled(
      "device",
      [`${device.platform}:${device.id}${device.kind === device.platform ? "" : ` (${device.kind})`}`],
      width
    ),
    ...report.results.map(({ name, lines }) => labelled(name, lines, width)),
    labelled("time", [time], width),
    ""
  ].join("\n")
}

export const reportJson = (report: Report) => ({
  experiment: report.experiment,
  device: report.device,
  results: Object.fromEntries(report.results.map(({ name, json }) => [name, json])),
  milliseconds: report.milliseconds
})

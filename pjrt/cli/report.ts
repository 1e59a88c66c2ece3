import { labelled } from "../array/layout.ts"
import { jsonOf, linesOf } from "./found.ts"
import type { Found } from "./results.ts"

/** What one run of an experiment gave, ready to be printed. */
export interface Report {
  readonly experiment: string
  readonly about: string
  readonly program: string | undefined
  readonly device: { readonly platform: string; readonly id: number; readonly kind: string }
  readonly results: ReadonlyArray<readonly [name: string, found: Found]>
  /** Whether a signal has ended it: then these are the results that it had kept. */
  readonly interrupted: boolean
  readonly milliseconds: { readonly total: number; readonly compiling: number }
}

const indented = (text: string): ReadonlyArray<string> => text.trimEnd().split("\n")

/** A report as people read it. */
export const showReport = (report: Report): string => {
  const { device, milliseconds } = report
  const heading = report.about === "" ? report.experiment : `${report.experiment}: ${report.about}`
  const results = report.results.flatMap(([name, found]) => linesOf(name, found))
  const width = results.reduce((most, [label]) => Math.max(most, label.length), 7)
  const end = report.interrupted ? "; interrupted" : ""
  const time = `${milliseconds.total.toFixed(1)} ms, ${milliseconds.compiling.toFixed(1)} of them compiling${end}`
  return [
    heading,
    "",
    ...(report.program === undefined ? [] : [labelled("program", indented(report.program), width)]),
    labelled(
      "device",
      [`${device.platform}:${device.id}${device.kind === device.platform ? "" : ` (${device.kind})`}`],
      width
    ),
    ...results.map(([label, lines]) => labelled(label, lines, width)),
    labelled("time", [time], width),
    ""
  ].join("\n")
}

export const reportJson = (report: Report) => ({
  experiment: report.experiment,
  device: report.device,
  results: Object.fromEntries(report.results.map(([name, found]) => [name, jsonOf(found)])),
  ...(report.interrupted && { interrupted: true }),
  milliseconds: report.milliseconds
})

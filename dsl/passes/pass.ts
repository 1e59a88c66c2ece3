import type { Program } from "../program.ts"
import type { Costs } from "./costs.ts"
import type { Note } from "./note.ts"

/** What a program is made ready for. */
export interface Target {
  /** The kind of device: `cpu`, `cuda`, `tpu`, `reference`, … */
  readonly platform: string
  /** What the device takes: StableHLO for a compiler, or the Program itself for an interpreter. */
  readonly takes: "stablehlo" | "program"
}

/** What a program is made ready for where no device is named. */
export const compiler: Target = { platform: "cpu", takes: "stablehlo" }

/** What a pass is told beside the program. */
export interface Context extends Target {
  readonly costs: Costs
  /** Told of what a pass does to a scan, and of what it leaves. */
  readonly note: (note: Note) => void
}

/** Rewrites a Program for a target. It keeps the types of inputs and outputs, and what is printed. */
export interface Pass {
  readonly name: string
  readonly run: (program: Program, context: Context) => Program
}

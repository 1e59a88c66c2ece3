import type { Program } from "../program.ts"
import type { Costs } from "./costs.ts"
import type { Controls, PassName } from "./names.ts"
import type { Note } from "./note.ts"

/** What a program is made ready for, and how it is improved unless jit says otherwise. */
export interface Target extends Controls {
  /** The kind of device: `cpu`, `cuda`, `tpu`, `reference`, … */
  readonly platform: string
  /** What the device takes: StableHLO for a compiler, or the Program itself for an interpreter. */
  readonly takes: "stablehlo" | "program"
}

/** What a program is made ready for where no device is named. */
export const compiler: Target = { platform: "cpu", takes: "stablehlo" }

/** What a pass is told beside the program. */
export interface Context extends Pick<Target, "platform" | "takes"> {
  readonly costs: Costs
  /** Told of what a pass does to a scan, and of what it leaves. */
  readonly note: (note: Note) => void
  /** Whether anybody hears the notes. Where nobody does, a reason that takes work to find is not looked for. */
  readonly explains?: boolean
}

/** Rewrites a Program for a target. It keeps the types of inputs and outputs, and what is printed. */
export interface Pass {
  readonly name: PassName | "permit" | "composites" | "aranges" | "scans"
  readonly run: (program: Program, context: Context) => Program
}

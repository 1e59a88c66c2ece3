/** Why something is left as it is. */
export interface Reason {
  /** In plain words, such as `the carry goes through tanh`. */
  readonly because: string
  /** The place of the equation that stands in the way, where one does and places are recorded. */
  readonly at?: string | undefined
}

/** What a pass did to a scan, or why it left one as it is. `explain` shows it. */
export interface Note extends Partial<Reason> {
  readonly pass: string
  /** Where the user wrote the scan, as `file:line:column`; there only where places are recorded. */
  readonly place: string | undefined
  /** What was done, or what was left, in plain words. */
  readonly did?: string
  readonly left?: string
  /** What was saved, by a rough count. */
  readonly saved?: Saved
}

/** What a pass saved. */
export interface Saved {
  /** Steps of the loop that are no longer taken one after another. */
  readonly steps?: number
  /** Bytes of memory. */
  readonly bytes?: number
  /** Operations of each step that are no longer in the loop. */
  readonly operations?: number
}

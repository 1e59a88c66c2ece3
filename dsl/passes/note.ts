/** What a pass did to a scan, or why it left one as it is. `explain` shows it. */
export interface Note {
  readonly pass: string
  /** Where the user wrote the scan, as `file:line:column`; there only where places are recorded. */
  readonly place: string | undefined
  /** What was done, or what was left, in plain words. */
  readonly did?: string
  readonly left?: string
  /** Why it was left: the equation that stands in the way, or the cost. */
  readonly because?: string
  /** What was saved, by a rough count. */
  readonly saved?: Saved
  /** What the user may allow to have it done. */
  readonly permission?: "reassociate"
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

type Given = ReadonlyArray<number | string | boolean>

/** A fixture's flat numbers as nested lists; large integers, which JSON has as strings, as bigints. */
export const nested = (flat: Given, shape: ReadonlyArray<number>): unknown => {
  const values = flat.map((value) =>
    typeof value === "string" ? (/^-?[1-9]\d*$/.test(value) ? BigInt(value) : Number(value)) : value
  )
  const build = (axis: number, from: number, size: number): unknown =>
    axis === shape.length
      ? values[from]
      : Array.from({ length: shape[axis]! }, (_, i) =>
          build(axis + 1, from + (i * size) / shape[axis]!, size / shape[axis]!)
        )
  return build(0, 0, flat.length)
}

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const

/** A size for people: `1.5 MiB`. */
export const showBytes = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  if (bytes === 1) return "1 byte"
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`
}

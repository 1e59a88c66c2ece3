/** A count with its noun: `1 input`, `2 inputs`. `entries` is the plural where it is no mere s. */
export const count = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`

/** So many of something, in words: `1 input`, `2 inputs`; `entries` where the plural is no mere s. */
export const count = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`

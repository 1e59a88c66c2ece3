/** Quoted text, in which anything may stand, and comments. */
const quotedOrComment = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*/g

/** MLIR text without its comments. */
export const withoutComments = (text: string): string =>
  text.replaceAll(quotedOrComment, (found) => (found.startsWith("/") ? "" : found))

/** MLIR text without its comments, and nothing between its quotes. */
export const withoutTexts = (text: string): string =>
  text.replaceAll(quotedOrComment, (found) => (found.startsWith("/") ? "" : '""'))

/** Says what goes less well than it could, once for each time that it does, on standard error by default. */
export const warn = (message: string): void => process.emitWarning(message, { type: "LoopcarryWarning" })

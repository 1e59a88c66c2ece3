/** The custom call that prints; the runtime gives it to the plugin. */
export const printTarget = "loopcarry_print"
